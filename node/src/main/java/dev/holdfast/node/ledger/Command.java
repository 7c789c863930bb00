package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SequenceRange;
import dev.holdfast.storage.log.SnapshotItem.Caused;
import dev.holdfast.storage.log.TaskSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be asked of a partition. Each is answered by the {@link Reply} that its Javadoc names. */
public sealed interface Command {

    /** Hands this command to the method for its type: a new type breaks every handler's compilation. */
    <R> R dispatchTo(CommandHandler<R> handler);

    /** A command about one task. */
    sealed interface OfTask extends Command {
        long sequence();
    }

    /**
     * A command of a user, which a remote caller sends again where it got no answer. With a request it is done once: a
     * repetition that finds the first one's record, committed or in flight, gets the first one's answer. One that was
     * answered without a record is decided anew. With a request each may also be answered {@link Reply.Refused}, {@code
     * REQUESTS} or {@code SPENT}.
     */
    sealed interface Repeatable extends Command {

        /** The remote call that this is, or null: a local one, which cannot come again. */
        @Nullable
        RequestId request();

        /** The same command as a remote call. */
        Repeatable requestedBy(RequestId request);

        /** What it is remembered to have caused. */
        Caused causes();
    }

    /** {@link Reply.Stored} or {@link Reply.Refused}. */
    record Submit(
            String executor,
            TaskSpec spec,
            Body payload,
            @Nullable RequestId request) implements Repeatable {

        public Submit(String executor, TaskSpec spec, Body payload) {
            this(executor, spec, payload, null);
        }

        @Override
        public Submit requestedBy(RequestId remote) {
            return new Submit(executor, spec, payload, remote);
        }

        @Override
        public Caused causes() {
            return Caused.SUBMITTED;
        }

        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.submit(this);
        }
    }

    /**
     * Logs the start of an attempt that must not start unlogged: {@link Reply.MayStart} with its number, else {@link
     * Reply.Dropped}.
     */
    record StartAttempt(long sequence) implements OfTask {
        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.startAttempt(this);
        }
    }

    /** The attempt returned: {@link Reply.Done}, or {@link Reply.Dropped} if it is not the task's attempt any more. */
    record Complete(long sequence, int attempt, long startedAtMillis, String codec, Body result) implements OfTask {
        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.complete(this);
        }
    }

    /** The attempt threw: {@link Reply.Done} or {@link Reply.Dropped}. */
    record Fail(long sequence, int attempt, long startedAtMillis, FailureInfo info, Body failure) implements OfTask {
        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.fail(this);
        }
    }

    /** A graceful close gives the attempt up: {@link Reply.Done} or {@link Reply.Dropped}. */
    record Abandon(long sequence, int attempt) implements OfTask {
        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.abandon(this);
        }
    }

    /** The task can not be decoded here: {@link Reply.Done} or {@link Reply.Dropped}. */
    record Park(long sequence, int attempt, String reason) implements OfTask {
        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.park(this);
        }
    }

    /** {@link Reply.Done}(false) once terminal; {@link Reply.Stale} if there is no such task of {@code executor}. */
    record Cancel(String executor, long sequence, @Nullable RequestId request) implements OfTask, Repeatable {

        public Cancel(String executor, long sequence) {
            this(executor, sequence, null);
        }

        @Override
        public Cancel requestedBy(RequestId remote) {
            return new Cancel(executor, sequence, remote);
        }

        @Override
        public Caused causes() {
            return Caused.CANCELLED;
        }

        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.cancel(this);
        }
    }

    /** {@link Reply.Done}(whether there was something to dispose of). */
    record Dispose(String executor, long sequence, @Nullable RequestId request) implements OfTask, Repeatable {

        public Dispose(String executor, long sequence) {
            this(executor, sequence, null);
        }

        @Override
        public Dispose requestedBy(RequestId remote) {
            return new Dispose(executor, sequence, remote);
        }

        @Override
        public Caused causes() {
            return Caused.DISPOSED;
        }

        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.dispose(this);
        }
    }

    /**
     * {@link Reply.Ended} with the outcome that is removed; {@link Reply.NotEnded}; {@link Reply.Stale}; or {@link
     * Reply.Taken} where this very call came before and removed it.
     */
    record RetrieveAndDispose(
            String executor, long sequence, @Nullable RequestId request) implements OfTask, Repeatable {

        public RetrieveAndDispose(String executor, long sequence) {
            this(executor, sequence, null);
        }

        @Override
        public RetrieveAndDispose requestedBy(RequestId remote) {
            return new RetrieveAndDispose(executor, sequence, remote);
        }

        @Override
        public Caused causes() {
            return Caused.DISPOSED;
        }

        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.retrieveAndDispose(this);
        }
    }

    /**
     * {@link Reply.Done}(false) if it is neither held nor failed; {@link Reply.Stale}.
     *
     * @param acceptedFingerprint the fingerprint to run it under from now on, or null to keep the stored one
     */
    record Retry(
            String executor,
            long sequence,
            @Nullable String acceptedFingerprint,
            boolean byUser,
            @Nullable RequestId request)
            implements OfTask, Repeatable {

        public Retry(String executor, long sequence, @Nullable String acceptedFingerprint, boolean byUser) {
            this(executor, sequence, acceptedFingerprint, byUser, null);
        }

        @Override
        public Retry requestedBy(RequestId remote) {
            return new Retry(executor, sequence, acceptedFingerprint, byUser, remote);
        }

        @Override
        public Caused causes() {
            return Caused.RETRIED;
        }

        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.retry(this);
        }
    }

    /** {@link Reply.Done}(false) if it is neither held nor failed; {@link Reply.Stale}. */
    record Discard(String executor, long sequence, @Nullable RequestId request) implements OfTask, Repeatable {

        public Discard(String executor, long sequence) {
            this(executor, sequence, null);
        }

        @Override
        public Discard requestedBy(RequestId remote) {
            return new Discard(executor, sequence, remote);
        }

        @Override
        public Caused causes() {
            return Caused.DISCARDED;
        }

        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.discard(this);
        }
    }

    /** {@link Reply.Done}(whether it changed anything). An operation number that is not above the last is ignored. */
    record Operate(String executor, Operation operation, long number) implements Command {
        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.operate(this);
        }
    }

    /** Operations on a whole executor. */
    enum Operation {
        SHUTDOWN,
        REOPEN,
        PAUSE,
        RESUME,
        DESTROY
    }

    /** Removes results whose time is over, a bounded number: {@link Reply.Done}(whether there may be more). */
    record Sweep() implements Command {
        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.sweep(this);
        }
    }

    /**
     * First command of a primary: {@link Reply.Done}. Logs the epoch, the loss, and quarantines what crashed too often.
     *
     * @param nextSequence where issuing goes on at least
     * @param isForAll whether that counts for all copies, so that it has to be in the log; a loss says it by itself
     */
    record StartEpoch(
            long epoch,
            long session,
            EpochCause cause,
            long nextSequence,
            boolean isForAll,
            Optional<SequenceRange> lost)
            implements Command {

        /** Of a node alone, whose disk knows what it has issued. */
        public StartEpoch(long epoch, long session, EpochCause cause, long nextSequence, Optional<SequenceRange> lost) {
            this(epoch, session, cause, nextSequence, false, lost);
        }

        @Override
        public <R> R dispatchTo(CommandHandler<R> handler) {
            return handler.startEpoch(this);
        }
    }
}
