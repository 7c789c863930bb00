package dev.holdfast.testkit.check;

import static dev.holdfast.testkit.check.Histories.history;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each invariant is seen to catch a history that breaks it, and to accept one that does not. */
class InvariantTest {

    private static final String LAWFUL = "SUBMITTING a true|STORED a 1|RAN a 1 1 16 v1|SUBMITTING b false|STORED b 2|"
            + "CANCELLING 2|CANCELLED 2 true|SUBMITTING c false|STORED c 3|RAN c 3 1 16 v3|DISPOSING 3|DISPOSED 3|---|"
            + "RAN a 1 2 32 v1b|SEEN 1 v1b|SEEN 2 !CANCELLED|STALE 3 DISPOSED|STORED a 1|"
            + "LISTED 1 a COMPLETED|LISTED 2 b CANCELLED";

    @Test
    void aLawfulHistoryBreaksNothing() {
        assertThat(Invariant.allViolations(history(LAWFUL))).isEmpty();
    }

    /** The disk failed between the two. */
    @Test
    void aKeyThatIsRefusedWhenItIsSubmittedAgainBreaksNothing() {
        assertThat(Invariant.allViolations(history("SUBMITTING a true|STORED a 1|SUBMITTING a true|REFUSED a|---|"
                        + "RAN a 1 1 16 v|SEEN 1 v|LISTED 1 a COMPLETED")))
                .isEmpty();
    }

    @Test
    void aHistoryOfNothingBreaksNothing() {
        assertThat(Invariant.allViolations(new History())).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "I1, SUBMITTING a false|STORED a 1|---",
        "I2, SUBMITTING a false|LISTED 1 a RUNNING",
        "I3, RAN a 1 1 16 v|SEEN 1 w",
        "I3, SEEN 1 v|RAN a 1 1 16 v",
        "I4, RAN a 1 1 16 v|RAN a 1 2 32 w|SEEN 1 v|---|SEEN 1 w",
        "I4, CANCELLED 1 true|RAN a 1 1 16 v|SEEN 1 v",
        "I5, STORED a 1|STALE 1 UNKNOWN|SEEN 1 !CANCELLED",
        "I6, DISPOSING 1|DISPOSED 1|---|SEEN 1 !CANCELLED",
        "I6, DISPOSING 1|DISPOSED 1|---|STALE 1 UNKNOWN",
        "I6, DISPOSING 1|DISPOSED 1|---|LISTED 1 a COMPLETED",
        "I7, DISPOSING 1|STORED a 1|STORED b 1",
        "I9, DISPOSING 1|DISPOSING 2|SUBMITTING a true|STORED a 1|STORED a 2",
        "I10, RAN a 1 1 16 v|RAN a 2 1 16 v",
        "I10, REFUSED a|LISTED 1 a COMPLETED",
        "I10, SUBMITTING a true|SUBMITTING a true|REFUSED a|REFUSED a|LISTED 1 a COMPLETED",
        "I14, RAN a 1 1 16 v|RAN a 1 1 32 w",
        "I14, RAN a 1 1 16 v|RAN a 1 2 16 w",
    })
    void aHistoryThatBreaksAnInvariantIsCaughtByIt(String number, String lines) {
        assertThat(Invariant.allViolations(history(lines)))
                .isNotEmpty()
                .allSatisfy(violation -> assertThat(violation).startsWith(number + ": "));
    }
}
