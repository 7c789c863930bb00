package dev.holdfast.storage.log.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Collected;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRig;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.ReplicatedLogContract;
import dev.holdfast.storage.log.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryPartitionLogTest extends ReplicatedLogContract {

    @Override
    protected LogRig newRig(String name, SyncPolicy sync) {
        return new MemoryRig(new MemoryMedium(PARTITION, sync, SEGMENT_BYTES, INLINE_LIMIT));
    }

    @Test
    void aTruncationThatFindsNoRoomChangesNothing() {
        MemoryMedium medium = new MemoryMedium(PARTITION, SyncPolicy.OS, SEGMENT_BYTES, INLINE_LIMIT);
        ReplicatedLog log = medium.open(new Collected()).replicated();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        byte[] half = medium.segmentContent(0);
        log.append(EPOCH, Samples.submissions(4, 3, 100, 1));
        LogEnd end = log.end();
        log.acknowledge(end.lsn());
        medium.setUsableBytes(0);
        for (int round = 0; round < 2; round++) {
            assertThatThrownBy(() -> log.truncate(new Lsn(3))).isInstanceOf(LogFullException.class);
        }
        assertThat(log.end()).isEqualTo(end);
        medium.setUsableBytes(6 * INLINE_LIMIT - 1);
        assertThat(log.hasRoomFor(0)).as("six tasks have to end").isFalse();
        byte[] whole = medium.segmentContent(0);
        medium.kill();
        medium.replaceSegment(0, half);
        assertThatThrownBy(() -> medium.open(new Collected()))
                .as("the mark stays")
                .isInstanceOf(LogDamagedException.class);
        medium.replaceSegment(0, whole);
        medium.setUsableBytes(1 << 30);
        ReplicatedLog again = medium.open(new Collected()).replicated();
        assertThat(again.end()).isEqualTo(end);
        assertThat(again.truncate(new Lsn(3)).lsn()).isEqualTo(new Lsn(3));
    }

    private record MemoryRig(MemoryMedium medium) implements LogRig {
        @Override
        public RecoveredLog open(ReplayHandler handler) {
            return medium.open(handler);
        }

        @Override
        public void kill() {
            medium.kill();
        }

        @Override
        public void loseTrustInPageCache() {
            medium.loseTrustInPageCache();
        }

        @Override
        public List<Long> segments() {
            return medium.segments();
        }

        @Override
        public List<Long> checkpoints() {
            return medium.checkpoints();
        }

        @Override
        public byte[] segmentContent(long number) {
            return medium.segmentContent(number);
        }

        @Override
        public void replaceSegment(long number, byte[] content) {
            medium.replaceSegment(number, content);
        }

        @Override
        public byte[] checkpointContent(long number) {
            return medium.checkpointContent(number);
        }

        @Override
        public void replaceCheckpoint(long number, byte[] content) {
            medium.replaceCheckpoint(number, content);
        }

        @Override
        public void close() {
            medium.kill();
        }
    }
}
