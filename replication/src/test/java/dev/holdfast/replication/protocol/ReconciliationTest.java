package dev.holdfast.replication.protocol;

import static dev.holdfast.replication.protocol.EpochHistoryTest.end;
import static dev.holdfast.replication.protocol.EpochHistoryTest.history;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.Reconciliation.Kind;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import org.junit.jupiter.api.Test;

/** R9, as a function of two histories. */
class ReconciliationTest {

    private static void equalUpTo(EpochHistory primary, EpochHistory follower, int lsn, Kind kind) {
        Reconciliation found = Reconciliation.of(primary, follower);
        assertThat(found.kind()).isEqualTo(kind);
        assertThat(found.upTo()).isEqualTo(new Lsn(lsn));
    }

    @Test
    void aFollowerThatIsBehindContinuesAtItsEnd() {
        equalUpTo(history(0, 0, 5, 1, 9, 2), history(0, 0, 3, 1), 3, Kind.PREFIX);
        equalUpTo(history(0, 0, 5, 1, 9, 2), history(0, 0, 5, 1, 7, 2), 7, Kind.PREFIX);
        equalUpTo(history(0, 0, 5, 1), EpochHistory.EMPTY, 0, Kind.PREFIX);
        equalUpTo(EpochHistory.EMPTY, EpochHistory.EMPTY, 0, Kind.PREFIX);
    }

    /** KIP-101: the follower's idea of what is committed has no part in it. */
    @Test
    void aTailOfAnOldEpochIsRemovedUpToWhereTheNewOneBegan() {
        equalUpTo(history(0, 0, 3, 1, 5, 2), history(0, 0, 6, 1), 3, Kind.TRUNCATE);
    }

    /** KIP-279: the largest epoch of the follower that is not above the primary's is not one that both have. */
    @Test
    void afterTwoFailoversTheLargestCommonEpochDecides() {
        equalUpTo(history(0, 0, 3, 1, 5, 3), history(0, 0, 4, 1, 6, 2), 3, Kind.TRUNCATE);
        equalUpTo(history(0, 0, 2, 1, 5, 3, 8, 5), history(0, 0, 2, 1, 4, 2, 9, 4), 2, Kind.TRUNCATE);
    }

    @Test
    void whatHasLeftThePrimarysLogNeedsACheckpoint() {
        assertThat(Reconciliation.of(history(10, 3, 12, 3), history(0, 0, 5, 2)).kind())
                .isEqualTo(Kind.CHECKPOINT);
        assertThat(Reconciliation.of(history(10, 3, 12, 3), history(0, 0, 8, 3)).kind())
                .isEqualTo(Kind.CHECKPOINT);
        assertThat(Reconciliation.of(history(10, 3, 12, 3), EpochHistory.EMPTY).kind())
                .isEqualTo(Kind.CHECKPOINT);
        equalUpTo(history(10, 3, 12, 3), history(10, 3), 10, Kind.PREFIX);
        equalUpTo(history(10, 3, 12, 4), history(0, 0, 11, 3), 10, Kind.TRUNCATE);
    }

    @Test
    void theSameRecordWithAnotherHashIsDamage() {
        EpochHistory damaged = EpochHistory.EMPTY.append(new LogEnd(new Lsn(5), new Epoch(1), 4_711));
        assertThat(Reconciliation.of(history(0, 0, 5, 1), damaged).kind()).isEqualTo(Kind.DIFFER);
        assertThat(Reconciliation.of(history(0, 0, 5, 1, 9, 2), damaged.append(end(9, 2)))
                        .kind())
                .as("under a later epoch that is equal")
                .isEqualTo(Kind.DIFFER);
    }
}
