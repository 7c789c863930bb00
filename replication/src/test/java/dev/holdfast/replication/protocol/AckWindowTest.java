package dev.holdfast.replication.protocol;

import static dev.holdfast.replication.protocol.EpochHistoryTest.end;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Lsn;
import org.junit.jupiter.api.Test;

class AckWindowTest {

    private final AckWindow window = new AckWindow(new ReplicaLimits(3, 1_000, 1_000));

    private static Run run(int before, String... names) {
        int after = before + names.length;
        return new Run(end(before, before == 0 ? 0 : 1), end(after, 1), TestRecords.of(names));
    }

    @Test
    void whatIsCommittedStaysAsLongAsThereIsRoom() {
        window.add(run(0, "x"));
        window.add(run(1, "y"));
        window.committed(new Lsn(2));
        window.add(run(2, "z"));
        assertThat(window.after(end(0, 0))).contains(run(0, "x"));
        window.add(run(3, "u"));
        assertThat(window.after(end(0, 0))).isEmpty();
        assertThat(window.after(end(1, 1))).contains(run(1, "y"));
    }

    @Test
    void whatIsNotCommittedStaysAndFillsIt() {
        for (int i = 0; i < 3; i++) {
            assertThat(window.isFull(0, 0)).isFalse();
            window.add(run(i, "t"));
        }
        assertThat(window.isFull(0, 0)).isTrue();
        assertThat(window.after(end(0, 0))).isPresent();
        window.committed(new Lsn(1));
        assertThat(window.isFull(0, 0)).isFalse();
        assertThat(window.isFull(1, 100)).as("with one on its way to the log").isTrue();
    }

    /** A follower that catches up from the log acknowledges where its chunk ends, not where a run does. */
    @Test
    void aCommitWithinARunLeavesItUncommittedUntilItsEnd() {
        window.add(run(0, "x", "y", "z"));
        window.add(run(3, "u"));
        window.committed(new Lsn(2));
        window.add(run(4, "v"));
        assertThat(window.isFull(0, 0)).isTrue();
        window.committed(new Lsn(4));
        assertThat(window.isFull(1, 0)).isFalse();
    }
}
