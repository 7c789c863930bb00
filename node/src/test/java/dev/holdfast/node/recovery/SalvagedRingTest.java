package dev.holdfast.node.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskSpec;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records are taken out of logs, one after the other, and what is known then is compared with what was. */
class SalvagedRingTest {

    private static final TaskSpec SPEC = new TaskSpec("java", "Type", null, null, null, null, 3, TaskSpec.NO_TTL, true);
    private static final long TASK = 1;

    private final SalvagedRing ring = new SalvagedRing(new PartitionId(0));
    private long lsn;

    private void read(LogRecord.Replicated... records) {
        for (LogRecord.Replicated record : records) {
            lsn++;
            ring.onRecord(new Lsn(lsn), new Epoch(1), record);
        }
    }

    private void miss(int records) {
        ring.onGap(new Lsn(lsn + 1), new Lsn(lsn + records));
        lsn += records;
    }

    private static Body body(String text) {
        return new Body.Inline(text.getBytes(StandardCharsets.UTF_8));
    }

    private static LogRecord.Submitted submitted() {
        return new LogRecord.Submitted(TASK, "jobs", 10, SPEC, body("payload"));
    }

    private static LogRecord.Failed failed(int attempt) {
        return new LogRecord.Failed(TASK, attempt, 20, 30, new FailureInfo("Broken", "it broke"), body("failure"));
    }

    private static LogRecord.Completed completed(int attempt) {
        return new LogRecord.Completed(TASK, attempt, 40, 50, "java", body("result"));
    }

    /** The task as a checkpoint would have it. */
    private SnapshotItem.OfTask task() {
        ring.end(100, false);
        return ring.snapshot()
                .filter(SnapshotItem.OfTask.class::isInstance)
                .map(SnapshotItem.OfTask.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static String text(@Nullable Body body) {
        return body instanceof Body.Inline inline ? new String(inline.bytes(), StandardCharsets.UTF_8) : "none";
    }

    @Test
    void aResultIsKeptThatFollowsOnARetryAndAStartWhichCanNotBeRead() {
        read(submitted(), failed(1));
        miss(2); // Retried, AttemptStarted 2
        read(completed(2));
        SnapshotItem.OfTask known = task();
        assertThat(known.state()).isEqualTo(State.COMPLETED);
        assertThat(known.attempt()).isEqualTo(2);
        assertThat(text(known.result())).isEqualTo("result");
    }

    @Test
    void aFailureIsKeptThatFollowsOnAReleaseAndAStartWhichCanNotBeRead() {
        read(submitted(), new LogRecord.AttemptStarted(TASK, 2, 20), new LogRecord.Quarantined(TASK, 3, 25));
        miss(2); // Retried, AttemptStarted 3
        read(failed(3));
        SnapshotItem.OfTask known = task();
        assertThat(known.state()).isEqualTo(State.FAILED);
        assertThat(known.attempt()).isEqualTo(3);
    }

    @Test
    void aTaskThatWasRetriedAndGivenUpBehindAHoleIsToRunAgainAsAHigherAttempt() {
        read(submitted(), failed(1));
        miss(2); // Retried, AttemptStarted 2
        read(new LogRecord.AttemptAbandoned(TASK, 2, 45));
        SnapshotItem.OfTask known = task();
        assertThat(known.state()).isEqualTo(State.UNFINISHED);
        assertThat(known.attempt()).isEqualTo(2);
        assertThat(ring.heldTasks()).isEmpty();
    }

    /** A start tries parked tasks again: one that may have been retried and have ended must not be among them. */
    @Test
    void aParkedTaskThatMayHaveEndedInAHoleWaitsForAPerson() {
        read(submitted(), new LogRecord.Parked(TASK, "its class is missing", 20));
        miss(3); // may be Retried, AttemptStarted, Completed
        SnapshotItem.OfTask known = task();
        assertThat(known.state()).isEqualTo(State.QUARANTINED);
        assertThat(known.heldReason()).isEqualTo(SalvagedRing.REASON);
        assertThat(ring.heldTasks()).containsExactly(TASK);
    }

    @Test
    void aParkedTaskOfWhichALaterRecordTellsIsAsThatSays() {
        read(submitted(), new LogRecord.Parked(TASK, "its class is missing", 20));
        miss(1);
        read(new LogRecord.Retried(TASK, null, true, 30));
        assertThat(task().state()).isEqualTo(State.UNFINISHED);
        assertThat(ring.heldTasks()).isEmpty();
    }
}
