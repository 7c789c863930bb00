package dev.holdfast.storage.log.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.log.SnapshotItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million records come back; how fast is printed and not asserted, for machines differ. */
class RecoveryRateTest {

    private static final int RECORDS = 1_000_000;
    private static final int BATCH = 50;
    private static final int PAYLOAD = 160; // with its fields and header about 256 bytes

    @TempDir
    private Path directory;

    @Test
    void aMillionRecordsComeBackInOrder() {
        try (ChronicleRig rig =
                new ChronicleRig(directory, new PartitionId(0), SyncPolicy.OS, 64L << 20, 4096, new SystemDevice())) {
            PartitionLog log = rig.open(new Counting()).log();
            Body.Inline payload = new Body.Inline(Samples.bytes(PAYLOAD, 1));
            List<LogRecord.Replicated> batch = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 1; i <= RECORDS; i++) {
                batch.add(new LogRecord.Submitted(i, "reports", 1_700_000_000_000L + i, Samples.spec(), payload));
                if (batch.size() == BATCH) {
                    log.append(new Epoch(1), batch);
                    batch.clear();
                }
            }
            print("appended", start, log.end().lsn().value());
            log.close();
            Counting counting = new Counting();
            start = System.nanoTime();
            RecoveredLog recovered = rig.open(counting);
            print("recovered", start, counting.count);
            assertThat(recovered.recordsReplayed()).isEqualTo(RECORDS);
            assertThat(counting.count).isEqualTo(RECORDS);
            assertThat(recovered.nextSequence()).isEqualTo(RECORDS + 1);
            recovered.log().close();
        }
    }

    private static void print(String what, long startNanos, long count) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf("%s %,d records in %.2f s: %,.0f per second%n", what, count, seconds, count / seconds);
    }

    private static final class Counting implements ReplayHandler {
        private long count;

        @Override
        public void onSnapshot(SnapshotItem item) {
            throw new AssertionError("no checkpoint was written");
        }

        @Override
        public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
            count++;
            if (((LogRecord.Submitted) replicated).sequence() != count || lsn.value() != count) {
                throw new AssertionError("out of order: expected=" + count + ", found=" + replicated);
            }
        }
    }
}
