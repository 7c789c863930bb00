package dev.holdfast.node.partition;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.recovery.GatedLog;
import dev.holdfast.storage.log.PartitionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UpkeepTest {

    private static final long CEILING_RETRY_MILLIS = 20;
    private static final long CHECKPOINT_RETRY_MILLIS = 60_000;

    private final GatedLog log = new GatedLog(new PartitionId(3));
    private final HeldTimer timer = new HeldTimer();

    /** Else the storage threads did nothing else until the ceiling is raised. */
    @Test
    void aReservationThatChangesNothingIsMadeAgainAfterAPauseOnly() throws Exception {
        log.setCeiling(true);
        try (PartitionFixture fixture = new PartitionFixture(log, timer)) {
            assertThat(fixture.post(PartitionFixture.submit()).get(20, SECONDS)).isInstanceOf(Reply.Refused.class);
            await().until(() -> timer.holdsOneOf(CEILING_RETRY_MILLIS));
            int reservations = log.reservations();
            for (int i = 0; i < 10; i++) {
                fixture.partition.act(() -> {}); // a round each
            }
            assertThat(log.reservations()).isEqualTo(reservations);
            log.setCeiling(false);
            timer.let(CEILING_RETRY_MILLIS);
            await().until(() -> log.reservations() > reservations);
            await().until(() -> fixture.post(PartitionFixture.submit()).get(20, SECONDS) instanceof Reply.Stored);
        }
    }

    @Test
    void afterACheckpointThatEndedInAnErrorAnotherIsTriedLater() throws Exception {
        try (PartitionFixture fixture = new PartitionFixture(log, timer)) {
            log.failCheckpointWith(new OutOfMemoryError("of the test"));
            log.setCheckpointDue();
            rounds(fixture);
            await().until(() -> timer.holdsOneOf(CHECKPOINT_RETRY_MILLIS));
            log.setCheckpointDue();
            timer.let(CHECKPOINT_RETRY_MILLIS);
            await().until(() -> {
                rounds(fixture);
                return !log.checkpointItems().isEmpty();
            });
            assertThat(fixture.failures).isEmpty();
        }
    }

    /** More than it takes until the next look. */
    private static void rounds(PartitionFixture fixture) throws Exception {
        for (int i = 0; i < 20; i++) {
            fixture.submitted();
        }
    }
}
