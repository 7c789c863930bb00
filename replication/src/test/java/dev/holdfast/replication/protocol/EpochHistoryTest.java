package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochHistoryTest {

    /** Ends as {@code lsn, epoch} pairs; the hash follows from both, so that equal records are equal. */
    static EpochHistory history(int... lsnsAndEpochs) {
        EpochHistory history = EpochHistory.startingAt(end(lsnsAndEpochs[0], lsnsAndEpochs[1]));
        for (int i = 2; i < lsnsAndEpochs.length; i += 2) {
            history = history.append(end(lsnsAndEpochs[i], lsnsAndEpochs[i + 1]));
        }
        return history;
    }

    static LogEnd end(int lsn, int epoch) {
        return lsn == 0 ? LogEnd.EMPTY : new LogEnd(new Lsn(lsn), new Epoch(epoch), lsn * 1_000L + epoch);
    }

    @Test
    void anAppendWithinAnEpochMovesItsEnd() {
        assertThat(history(0, 0, 3, 1).append(end(5, 1))).isEqualTo(history(0, 0, 5, 1));
        assertThat(history(0, 0, 3, 1).append(end(5, 2)).entries()).hasSize(3);
    }

    @Test
    void anAppendAfterACheckpointInItsEpochLeavesTheBeginning() {
        EpochHistory history = history(10, 3).append(end(12, 3));
        assertThat(history.base()).isEqualTo(end(10, 3));
        assertThat(history.end()).isEqualTo(end(12, 3));
        assertThat(history.endOf(new Epoch(3))).isEqualTo(end(12, 3));
    }

    @Test
    void aTruncationEndsWithinAnEpochOrBetweenTwo() {
        EpochHistory history = history(0, 0, 3, 1, 7, 2);
        assertThat(history.truncate(end(5, 2))).isEqualTo(history(0, 0, 3, 1, 5, 2));
        assertThat(history.truncate(end(3, 1))).isEqualTo(history(0, 0, 3, 1));
        assertThat(history.truncate(end(0, 0))).isEqualTo(EpochHistory.EMPTY);
    }

    @Test
    void aTrimForgetsWhatACheckpointHolds() {
        EpochHistory history = history(0, 0, 3, 1, 7, 2, 9, 4);
        assertThat(history.trim(end(5, 2))).isEqualTo(history(5, 2, 7, 2, 9, 4));
        assertThat(history.trim(end(7, 2))).isEqualTo(history(7, 2, 9, 4));
        assertThat(history.trim(end(9, 4))).isEqualTo(history(9, 4));
        assertThat(history(5, 2).trim(end(3, 1))).as("backwards").isEqualTo(history(5, 2));
    }

    @Test
    void epochsAreBounded() {
        EpochHistory history = EpochHistory.EMPTY;
        for (int i = 1; i <= 1_000; i++) {
            history = history.append(end(i, i));
        }
        assertThat(history.entries()).hasSize(EpochHistory.MAX_EPOCHS);
        assertThat(history.base())
                .isEqualTo(end(1_000 - EpochHistory.MAX_EPOCHS + 1, 1_000 - EpochHistory.MAX_EPOCHS + 1));
    }

    @Test
    void nothingFallsInAHistory() {
        assertThatThrownBy(() -> new EpochHistory(List.of(new EpochEnd(end(3, 2)), new EpochEnd(end(4, 1)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EpochHistory(List.of(new EpochEnd(end(3, 2)), new EpochEnd(end(3, 3)))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EpochHistory(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
