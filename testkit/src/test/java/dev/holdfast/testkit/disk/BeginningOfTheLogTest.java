package dev.holdfast.testkit.disk;

import static dev.holdfast.testkit.check.Histories.history;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.History;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must hold after a loss of power is seen to catch histories that break it, and to accept those that do not. */
class BeginningOfTheLogTest {

    @Test
    void aBeginningOfTheLogAfterAKillAndALossBreaksNothing() {
        // life 0 is killed; life 1 loses its power, and with it task 4, and the second attempt of task 2
        History history = history(
                "SUBMITTING a true|STORED a 1|RAN a 1 1 11 v1|SEEN 1 v1|SUBMITTING b false|STORED b 2|RAN b 2 1 11 w1|"
                        + "---|SUBMITTING c true|RAN b 2 2 22 w2|STORED c 3|RAN c 3 1 21 x1|SUBMITTING d true|STORED d 4|"
                        + "RAN d 4 1 21 y1|SEEN 4 y1|DISPOSING 1|DISPOSED 1|SUBMITTING e true|"
                        + "---|SEEN 1 v1|RAN b 2 2 22 w3|SEEN 2 w3|RAN c 3 2 32 x2|SEEN 3 x2|STALE 4 LOST|STALE 5 LOST|"
                        + "SUBMITTING d true|STORED d 90000|RAN d 90000 1 31 y2|SEEN 90000 y2|"
                        + "LISTED 1 a COMPLETED|LISTED 2 b COMPLETED|LISTED 3 c COMPLETED|LISTED 90000 d COMPLETED");
        assertThat(BeginningOfTheLog.violations(history, 1, List.of(5L))).isEmpty();
        assertThat(BeginningOfTheLog.lost(history)).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "neither there nor LOST, SUBMITTING a false|STORED a 1|---|STALE 1 UNKNOWN",
        "lost, SUBMITTING a false|STORED a 1|SUBMITTING b false|STORED b 2|---|STALE 1 LOST|RAN b 2 1 21 w|SEEN 2 w",
        "I3 over the loss, SUBMITTING a false|STORED a 1|---|SEEN 1 v",
        "I7 over the loss, SUBMITTING a false|STORED a 1|---|STALE 1 LOST|SUBMITTING b false|STORED b 1",
        "I4 before the loss, SUBMITTING a false|STORED a 1|RAN a 1 1 11 v|RAN a 1 2 12 w|SEEN 1 v|SEEN 1 w|---|STALE 1 LOST",
        "I14 before the loss, SUBMITTING a false|STORED a 1|RAN a 1 1 11 v|RAN a 1 1 12 w|---|STALE 1 LOST",
        "I4 behind the loss, SUBMITTING a false|STORED a 1|---|RAN a 1 2 22 v|RAN a 1 3 23 w|SEEN 1 v|SEEN 1 w",
        "I9 behind the loss, SUBMITTING a true|---|SUBMITTING a true|STORED a 90000|SUBMITTING a true|STORED a 90001",
        "I9: key, SUBMITTING a true|STORED a 1|RAN a 1 1 11 v|---|SEEN 1 v|SUBMITTING a true|STORED a 90000",
        "I9: key, SUBMITTING a true|STORED a 1|DISPOSING 1|---|STALE 1 DISPOSED|LISTED 90000 a COMPLETED",
        "I10: one, SUBMITTING a false|STORED a 1|---|STALE 1 LOST|LISTED 90000 a COMPLETED",
        "I14: first, SUBMITTING a false|STORED a 1|RAN a 1 1 11 v|---|RAN a 1 1 21 w|SEEN 1 w",
        "I14: first, SUBMITTING a false|STORED a 1|RAN a 1 1 11 v|---|RAN a 1 2 11 w|SEEN 1 w",
    })
    void aLossThatLeavesSomethingElseIsCaught(String rule, String lines) {
        assertThat(BeginningOfTheLog.violations(history(lines), 0, List.of()))
                .anySatisfy(violation -> assertThat(violation).startsWith(rule));
    }

    /** Task 2 was submitted after that attempt had begun, and is there. */
    @Test
    void anAttemptIsNotBegunAgainWhereATaskBehindItsBeginningIsThere() {
        History history = history("SUBMITTING a false|STORED a 1|RAN a 1 1 11 v1|"
                + "---|RAN a 1 2 22 v2|SUBMITTING b false|STORED b 2|RAN b 2 1 21 w1|SEEN 2 w1|"
                + "---|RAN a 1 2 32 v3|SEEN 1 v3|SEEN 2 w1");
        assertThat(BeginningOfTheLog.violations(history, 1, List.of()))
                .singleElement()
                .asString()
                .startsWith("I14: first ");
    }

    @Test
    void whatWasRecoveredOnceIsNotLost() {
        History history = history("SUBMITTING a false|STORED a 1|RAN a 1 1 11 v1|SEEN 1 v1|"
                + "---|SEEN 1 v1|SUBMITTING b false|STORED b 2|---|STALE 1 LOST|STALE 2 LOST");
        assertThat(BeginningOfTheLog.violations(history, 1, List.of()))
                .anySatisfy(violation -> assertThat(violation).startsWith("was recovered once, and is lost"));
    }
}
