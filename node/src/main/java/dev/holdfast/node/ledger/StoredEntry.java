package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskSpec;
import org.jspecify.annotations.Nullable;

/**
 * A task or its result in memory: 72 bytes, 40 more once it ended, and its bodies. Immutable, each of the {@link
 * Transitions} makes the next one; only the links of an {@link Outcome} change, and only {@link ResultList} follows them.
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

    StoredEntry(EntryDraft draft) {
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

    /** A copy to be changed. */
    EntryDraft draft() {
        EntryDraft draft = new EntryDraft(sequence, executor, submittedAtMillis, spec, payload);
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

    /** The highest number that may have been given to an attempt, logged or not. */
    int attemptThatMayHaveRun() {
        return attempt == 0 && spec.maxCrashes() != 1 ? FIRST_ATTEMPT : attempt;
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

    @Override
    public boolean attemptOpen() {
        return attemptOpen;
    }

    @Override
    public boolean disposeAtEnd() {
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
