package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskSpec;
import org.jspecify.annotations.Nullable;

/**
 * A task or its result in memory: 72 bytes, 40 more once it ended, and its bodies. Immutable, each transition makes the
 * next one; only the links of an {@link Outcome} change, and only {@link ResultList} follows them.
 */
final class StoredEntry implements TaskEntry {

    /** No attempt may report an end. */
    static final int NO_ATTEMPT = -1;

    /** Of the first attempt, which is not logged. */
    static final int FIRST_ATTEMPT = 1;

    /** What an entry costs beside its bodies: objects, place in the map; rounded. */
    private static final int OVERHEAD_BYTES = 160;

    /** What only an ended task has. */
    static final class Outcome {
        final long finishedAtMillis;
        final @Nullable String codec;
        final @Nullable FailureInfo failure;
        final @Nullable Body result;

        /** Neighbours by time of end; see {@link ResultList}. */
        @Nullable
        StoredEntry older;

        @Nullable
        StoredEntry newer;

        Outcome(long finishedAtMillis, @Nullable String codec, @Nullable FailureInfo failure, @Nullable Body result) {
            this.finishedAtMillis = finishedAtMillis;
            this.codec = codec;
            this.failure = failure;
            this.result = result;
        }
    }

    private final long sequence;
    private final String executor;
    private final TaskSpec spec;
    private final @Nullable Body payload;
    private final State state;
    private final long submittedAtMillis;
    private final long startedAtMillis;
    private final int attempt;
    private final int crashes;
    private final boolean attemptOpen;
    private final boolean logsNextStart;
    private final boolean disposeAtEnd;
    private final @Nullable String heldReason;
    private final @Nullable Outcome outcome;

    private StoredEntry(Draft draft) {
        this.sequence = draft.sequence;
        this.executor = draft.executor;
        this.spec = draft.spec;
        this.payload = draft.payload;
        this.state = draft.state;
        this.submittedAtMillis = draft.submittedAtMillis;
        this.startedAtMillis = draft.startedAtMillis;
        this.attempt = draft.attempt;
        this.crashes = draft.crashes;
        this.attemptOpen = draft.attemptOpen;
        this.logsNextStart = draft.logsNextStart;
        this.disposeAtEnd = draft.disposeAtEnd;
        this.heldReason = draft.heldReason;
        this.outcome = draft.outcome;
    }

    /** The fields of an entry while it is made. */
    private static final class Draft {
        final long sequence;
        final String executor;
        final long submittedAtMillis;
        TaskSpec spec;

        @Nullable
        Body payload;

        State state = State.UNFINISHED;
        long startedAtMillis;
        int attempt;
        int crashes;
        boolean attemptOpen;
        boolean logsNextStart;
        boolean disposeAtEnd;

        @Nullable
        String heldReason;

        @Nullable
        Outcome outcome;

        Draft(long sequence, String executor, long submittedAtMillis, TaskSpec spec, @Nullable Body payload) {
            this.sequence = sequence;
            this.executor = executor;
            this.submittedAtMillis = submittedAtMillis;
            this.spec = spec;
            this.payload = payload;
        }

        Draft state(State next) {
            state = next;
            attemptOpen = false;
            return this;
        }

        StoredEntry build() {
            return new StoredEntry(this);
        }
    }

    private Draft draft() {
        Draft draft = new Draft(sequence, executor, submittedAtMillis, spec, payload);
        draft.state = state;
        draft.startedAtMillis = startedAtMillis;
        draft.attempt = attempt;
        draft.crashes = crashes;
        draft.attemptOpen = attemptOpen;
        draft.logsNextStart = logsNextStart;
        draft.disposeAtEnd = disposeAtEnd;
        draft.heldReason = heldReason;
        draft.outcome = outcome;
        return draft;
    }

    static StoredEntry submitted(LogRecord.Submitted task, String executor, TaskSpec spec) {
        Draft draft = new Draft(task.sequence(), executor, task.atMillis(), spec, task.payload());
        draft.logsNextStart = spec.maxCrashes() == 1;
        return draft.build();
    }

    /** Whether the next start is logged is not in a snapshot: after it comes an epoch, and every start is logged. */
    static StoredEntry installed(SnapshotItem.OfTask item, String executor, TaskSpec spec) {
        Draft draft = new Draft(item.sequence(), executor, item.submittedAtMillis(), spec, item.payload());
        draft.state = item.state();
        draft.startedAtMillis = item.startedAtMillis();
        draft.attempt = item.attempt();
        draft.crashes = item.crashes();
        draft.attemptOpen = item.attemptOpen();
        draft.logsNextStart = item.attempt() > 0 || spec.maxCrashes() == 1;
        draft.disposeAtEnd = item.disposeAtEnd();
        draft.heldReason = item.heldReason();
        if (isTerminal(item.state())) {
            draft.outcome = new Outcome(item.finishedAtMillis(), item.resultCodec(), item.failure(), item.result());
        }
        return draft.build();
    }

    SnapshotItem.OfTask toSnapshot() {
        return new SnapshotItem.OfTask(
                sequence,
                executor,
                submittedAtMillis,
                spec,
                payload,
                state,
                attempt,
                attemptOpen,
                crashes,
                disposeAtEnd,
                startedAtMillis,
                finishedAtMillis(),
                heldReason,
                resultCodec(),
                failure(),
                result());
    }

    StoredEntry attemptStarted(LogRecord.AttemptStarted started) {
        Draft draft = draft();
        draft.attempt = started.attempt();
        draft.attemptOpen = true;
        draft.logsNextStart = true;
        draft.startedAtMillis = started.atMillis();
        return draft.build();
    }

    StoredEntry attemptAbandoned(LogRecord.AttemptAbandoned abandoned) {
        Draft draft = draft();
        draft.attempt = Math.max(attempt, abandoned.attempt());
        draft.attemptOpen = false;
        draft.logsNextStart = true;
        return draft.build();
    }

    /**
     * At the start of an epoch nothing runs any more, and every start is logged from now on. Where the node before may have
     * run a first attempt that no record tells of, its number counts as used: an attempt number is never given twice.
     */
    StoredEntry atEpoch(LogRecord.EpochCause cause) {
        if (state != State.UNFINISHED) {
            return this;
        }
        Draft draft = draft();
        draft.attemptOpen = false;
        draft.logsNextStart = true;
        switch (cause) {
            case CRASH_START -> {
                draft.crashes = attemptOpen ? crashes + 1 : crashes;
                draft.attempt = attemptThatMayHaveRun();
            }
            case TAKEOVER -> draft.attempt = attemptThatMayHaveRun();
            case FIRST, CLEAN_START -> {}
        }
        return draft.build();
    }

    /** The highest number that may have been given to an attempt, logged or not. */
    int attemptThatMayHaveRun() {
        return attempt == 0 && spec.maxCrashes() != 1 ? FIRST_ATTEMPT : attempt;
    }

    StoredEntry completed(LogRecord.Completed completed, @Nullable String codec) {
        return ended(
                State.COMPLETED,
                completed.attempt(),
                completed.startedAtMillis(),
                new Outcome(completed.atMillis(), codec, null, completed.result()));
    }

    /** Keeps the payload: a failed task can be retried. */
    StoredEntry failed(LogRecord.Failed failed) {
        Draft draft = ended(
                        State.FAILED,
                        failed.attempt(),
                        failed.startedAtMillis(),
                        new Outcome(failed.atMillis(), null, failed.info(), failed.failure()))
                .draft();
        draft.payload = payload;
        return draft.build();
    }

    StoredEntry cancelled(LogRecord.Cancelled cancelled) {
        return ended(State.CANCELLED, attempt, startedAtMillis, new Outcome(cancelled.atMillis(), null, null, null));
    }

    private StoredEntry ended(State end, int lastAttempt, long lastStartMillis, Outcome how) {
        Draft draft = draft().state(end);
        draft.payload = null;
        draft.attempt = lastAttempt;
        draft.startedAtMillis = lastStartMillis;
        draft.heldReason = null;
        draft.outcome = how;
        return draft.build();
    }

    StoredEntry held(State held, int countedCrashes, String reason) {
        Draft draft = draft().state(held);
        draft.crashes = countedCrashes;
        draft.heldReason = reason;
        return draft.build();
    }

    StoredEntry retried(LogRecord.Retried retried) {
        Draft draft = draft().state(State.UNFINISHED);
        draft.crashes = 0;
        draft.logsNextStart = true;
        draft.heldReason = null;
        draft.outcome = null;
        if (retried.acceptedFingerprint() != null) {
            draft.spec = withFingerprint(spec, retried.acceptedFingerprint());
        }
        return draft.build();
    }

    private static TaskSpec withFingerprint(TaskSpec spec, String fingerprint) {
        return new TaskSpec(
                spec.codec(),
                spec.typeName(),
                fingerprint,
                spec.label(),
                spec.key(),
                spec.idempotencyKey(),
                spec.maxCrashes(),
                spec.resultTtlMillis(),
                spec.keepResult());
    }

    StoredEntry disposedAtEnd() {
        Draft draft = draft();
        draft.disposeAtEnd = true;
        return draft.build();
    }

    /** The number of the attempt whose end would count, or {@link #NO_ATTEMPT}. */
    int currentAttempt() {
        if (state != State.UNFINISHED) {
            return NO_ATTEMPT;
        }
        if (attemptOpen) {
            return attempt;
        }
        return attempt == 0 && !logsNextStart ? FIRST_ATTEMPT : NO_ATTEMPT;
    }

    boolean attemptOpen() {
        return attemptOpen;
    }

    boolean disposeAtEnd() {
        return disposeAtEnd;
    }

    boolean isHeld() {
        return state == State.PARKED || state == State.QUARANTINED;
    }

    boolean isUnfinished() {
        return state == State.UNFINISHED;
    }

    /** Bytes that count towards {@code max-bytes} of the results. */
    long resultBytes() {
        return outcome == null || outcome.result == null ? 0 : outcome.result.length();
    }

    /** Estimate of what a checkpoint writes for it. */
    long liveBytes() {
        return OVERHEAD_BYTES + (payload == null ? 0 : payload.length()) + resultBytes();
    }

    /** When the result's own time to live is over; {@link Long#MAX_VALUE} where it has none. */
    long ownExpiryMillis() {
        return expiryMillis(spec.resultTtlMillis());
    }

    long expiryMillis(long ttlMillis) {
        long finished = finishedAtMillis();
        return ttlMillis == TaskSpec.NO_TTL || ttlMillis > Long.MAX_VALUE - finished
                ? Long.MAX_VALUE
                : finished + ttlMillis;
    }

    Outcome outcome() {
        if (outcome == null) {
            throw new IllegalStateException("Not ended: sequence=" + sequence + ", state=" + state);
        }
        return outcome;
    }

    private static boolean isTerminal(State state) {
        return state == State.COMPLETED || state == State.FAILED || state == State.CANCELLED;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public String executor() {
        return executor;
    }

    @Override
    public TaskSpec spec() {
        return spec;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public @Nullable Body payload() {
        return payload;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public int crashes() {
        return crashes;
    }

    @Override
    public long submittedAtMillis() {
        return submittedAtMillis;
    }

    @Override
    public long startedAtMillis() {
        return startedAtMillis;
    }

    @Override
    public long finishedAtMillis() {
        return outcome == null ? 0 : outcome.finishedAtMillis;
    }

    @Override
    public @Nullable String heldReason() {
        return heldReason;
    }

    @Override
    public @Nullable String resultCodec() {
        return outcome == null ? null : outcome.codec;
    }

    @Override
    public @Nullable FailureInfo failure() {
        return outcome == null ? null : outcome.failure;
    }

    @Override
    public @Nullable Body result() {
        return outcome == null ? null : outcome.result;
    }

    @Override
    public boolean logsNextStart() {
        return logsNextStart;
    }

    @Override
    public String toString() {
        return "task sequence=" + sequence + ", executor=" + executor + ", state=" + state + ", attempt=" + attempt;
    }
}
