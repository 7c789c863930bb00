package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AppendedCopiesTest {

    private static final Epoch EPOCH = new Epoch(2);

    private final AppendedCopies copies = new AppendedCopies();
    private final List<Long> applied = new ArrayList<>();

    private final ReplayHandler ring = new ReplayHandler() {
        @Override
        public void onSnapshot(SnapshotItem item) {
            throw new AssertionError(item);
        }

        @Override
        public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
            assertThat(replicated).isEqualTo(started(lsn.value()));
            assertThat(epoch).isEqualTo(EPOCH);
            applied.add(lsn.value());
        }
    };

    private static LogRecord.Replicated started(long lsn) {
        return new LogRecord.EpochStarted(EPOCH, 1, EpochCause.FIRST, lsn);
    }

    private static ReplicatedRun run(long before, long after, int bytes) {
        return new ReplicatedRun(
                new LogEnd(new Lsn(before), EPOCH, 0), new LogEnd(new Lsn(after), EPOCH, 0), new byte[bytes]);
    }

    private void add(long before, long after, int bytes) {
        copies.add(
                run(before, after, bytes),
                LongStream.rangeClosed(before + 1, after)
                        .mapToObj(AppendedCopiesTest::started)
                        .toList());
    }

    private long apply(long from, long to) {
        return copies.apply(new Lsn(from), new Lsn(to), ring).value();
    }

    @Test
    void whatIsCommittedIsHandedOverOnceAndInOrder() {
        add(0, 3, 10);
        add(3, 5, 10);
        assertThat(apply(0, 2)).isEqualTo(2);
        assertThat(apply(2, 4)).isEqualTo(4);
        assertThat(apply(4, 5)).isEqualTo(5);
        assertThat(applied).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void whatIsMissingIsNotSkipped() {
        add(7, 9, 10);
        assertThat(apply(5, 9)).as("6 and 7 have to be read").isEqualTo(5);
        assertThat(applied).isEmpty();
        assertThat(apply(7, 12)).as("and what is behind").isEqualTo(9);
        assertThat(applied).containsExactly(8L, 9L);
    }

    @Test
    void aRunThatDoesNotFollowForgetsWhatWasBefore() {
        add(0, 3, 10);
        add(5, 6, 10);
        assertThat(apply(0, 6)).isZero();
        assertThat(apply(5, 6)).isEqualTo(6);
    }

    @Test
    void aRunWithARecordOfSeveralNumbersIsNotKept() {
        copies.add(run(0, 3, 10), List.of(started(3)));
        assertThat(apply(0, 3)).isZero();
    }

    @Test
    void theBytesKeptAreBounded() {
        add(0, 1, 600_000);
        add(1, 2, 600_000);
        assertThat(apply(0, 2)).as("the older one made room").isZero();
        assertThat(apply(1, 2)).isEqualTo(2);
        add(2, 3, 2_000_000);
        assertThat(apply(2, 3)).as("larger than all that is kept").isEqualTo(2);
    }

    @Test
    void nothingIsLeftOfALogThatIsAnother() {
        add(0, 3, 10);
        copies.clear();
        assertThat(apply(0, 3)).isZero();
        assertThat(applied).isEmpty();
    }
}
