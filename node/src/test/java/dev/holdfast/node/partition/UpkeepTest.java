package dev.holdfast.node.partition;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.RingListener;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.node.recovery.GatedLog;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SequenceLimits;
import java.util.concurrent.atomic.AtomicLong;
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

    /** Who takes over a partition reserves ahead on a thread of its own, which may end between the start and the first round. */
    @Test
    void whatAnotherThreadReservedAfterTheStartIsIssued() throws Exception {
        AtomicLong reservedEnd = new AtomicLong(1);
        SequenceLimits byAnother = new SequenceLimits() {
            @Override
            public long reservedEndExclusive() {
                return reservedEnd.get();
            }

            @Override
            public void reserve(long endExclusive) {}
        };
        try (PartitionFixture fixture = new PartitionFixture(log, timer)) {
            TaskLedger ledger = new TaskLedger(log.partition(), fixture.host.limits(), RingListener.NONE);
            Upkeep upkeep = new Upkeep(fixture.partition, fixture.host, ledger, log, byAnother);
            upkeep.reserveForStart(1);
            assertThat(ledger.decide(PartitionFixture.submit(), 0).reply()).isInstanceOf(Reply.Refused.class);
            reservedEnd.set(1 + SequenceLimits.STEP);
            upkeep.look();
            assertThat(ledger.decide(PartitionFixture.submit(), 0).reply()).isInstanceOf(Reply.Stored.class);
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
