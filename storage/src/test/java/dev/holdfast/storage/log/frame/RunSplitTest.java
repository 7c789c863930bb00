package dev.holdfast.storage.log.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.log.memory.MemoryPartitionLog;
import dev.holdfast.storage.log.segment.LogSettings;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunSplitTest {

    private static final PartitionId PARTITION = new PartitionId(0);

    private final MemoryPartitionLog log = MemoryPartitionLog.create(PARTITION);
    private final ReplicatedRun run =
            log.appendOwn(new Epoch(1), Samples.submissions(1, 20, 30_000, 1)).run();

    @Test
    void thePartsFollowOnEachOtherAndAreTheRun() {
        for (int maxBytes : new int[] {1, 10_000, 70_000, Integer.MAX_VALUE}) {
            List<ReplicatedRun> parts = RunSplit.split(run, PARTITION, maxBytes);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            MemoryPartitionLog other = MemoryPartitionLog.create(PARTITION);
            LogEnd reached = run.before();
            for (ReplicatedRun part : parts) {
                assertThat(part.before()).isEqualTo(reached);
                int records = other.appendCopy(part).size();
                assertThat(part.documents().length <= maxBytes || records == 1).isTrue();
                reached = part.after();
                all.writeBytes(part.documents());
            }
            assertThat(reached).isEqualTo(run.after()).isEqualTo(other.end());
            assertThat(all.toByteArray()).isEqualTo(run.documents());
        }
    }

    @Test
    void whatIsNoRunIsRefused() {
        byte[] changed = run.documents().clone();
        changed[100] ^= 1;
        ReplicatedRun wrong = new ReplicatedRun(run.before(), run.after(), changed);
        assertThatThrownBy(() -> RunSplit.split(wrong, PARTITION, 10_000)).isInstanceOf(IllegalArgumentException.class);
    }

    /** As the relation between max-payload and network.max-frame counts on, with room for the task's texts. */
    @Test
    void aPayloadOfAnySizeFitsIntoAFrameWithWhatIsPutAroundIt() {
        for (int payload = 1024; payload <= 256 << 20; payload *= 2) {
            int frameLimit = LogSettings.frameLimitFor(Math.max(3L * payload, 256 * 1024));
            long bytes = new FrameBuilder(PARTITION, frameLimit).bytesOf(payload + 32 * 1024);
            assertThat(bytes).isLessThanOrEqualTo(payload + payload / 1024 + 64 * 1024 - 1024);
        }
    }
}
