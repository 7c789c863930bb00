package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.SequenceRange;
import org.junit.jupiter.api.Test;

class TakeoverTest {

    private static final long CEILING = 1L << 32;

    private static Takeover of(long nextInLog, long nextOnDisk) {
        return new Takeover(7, 3, EpochCause.TAKEOVER, nextInLog, nextOnDisk, CEILING);
    }

    @Test
    void theFirstGoesOnBehindItsLogAndWhatItsDiskHasReserved() {
        assertThat(of(10, 0).first().nextSequence()).isEqualTo(10);
        assertThat(of(10, 500).first().nextSequence()).isEqualTo(500);
    }

    @Test
    void laterOnesLeaveOutWhatOthersMayHaveIssued() {
        assertThat(of(10, 500).later().nextSequence()).isEqualTo(10 + Takeover.IN_FLIGHT);
        assertThat(of(10, 1L << 30).later().nextSequence()).isEqualTo(1L << 30);
        assertThat(of(10, 0).later().lost()).isEmpty();
    }

    @Test
    void afterALossNothingBelowTheCeilingIsIssued() {
        Command.StartEpoch start = of(10, 500).afterALoss();
        assertThat(start.nextSequence()).isEqualTo(CEILING);
        assertThat(start.lost()).contains(new SequenceRange(10, CEILING));
        assertThat(of(CEILING, 0).afterALoss()).isEqualTo(of(CEILING, 0).later());
    }

    @Test
    void allCopiesLearnWhereThePrimaryBegins() {
        Ledger primary = new Ledger();
        Decision opening = primary.decide(of(1, 0).later());
        assertThat(primary.ledger.nextSequenceOfLog()).isEqualTo(1 + Takeover.IN_FLIGHT);
        primary.commit(opening);
        assertThat(primary.ledger.nextSequenceOfLog()).isEqualTo(1 + Takeover.IN_FLIGHT);
        Ledger copy = Ledger.replayed(Ledger.LIMITS, primary.log);
        assertThat(copy.ledger.nextSequenceOfLog()).isEqualTo(1 + Takeover.IN_FLIGHT);
    }
}
