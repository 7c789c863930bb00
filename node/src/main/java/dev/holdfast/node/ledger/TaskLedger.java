package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks and results of one partition. {@link #decide} turns a command into records and a reply and changes nothing that
 * anybody can see; {@link #apply} takes the records in once they are committed. Commands decided before earlier ones are
 * applied behave as if those had been: they are held against everything in flight.
 *
 * <p>A partition at work: {@code decide} each command of a batch, append the records, commit, {@code apply} each record as
 * the log returned it, release the replies. Replies must not be released earlier, for a later command may have been answered
 * from an earlier one's records, and a call that is repeated from its own. A batch that could not be appended is taken back
 * with {@link #dropInFlightBeyond}.
 *
 * <p>Recovery: feed {@link #replay}, {@link #allowSequencesUpTo the reservation}, then decide and apply {@link
 * Command.StartEpoch}, then start {@link #recoverable}; the listener is told nothing of those.
 *
 * <p>One thread at a time, whoever holds the partition, but where "any thread" is said.
 */
public final class TaskLedger {

    private final TaskRing ring;
    private final InFlight inFlight;
    private final Admission admission;
    private final Repeats repeats;
    private final RingListener listener;

    /**
     * @param limits of an executor name; asked once for each, and not to change while the process lives: how many
     *     tombstones and keys are kept follows from them
     * @param listener told what {@link #apply} changed
     */
    public TaskLedger(PartitionId id, Function<String, ExecutorLimits> limits, RingListener listener) {
        this(id, limits, RequestLimits.DEFAULT, listener);
    }

    /** As above, with other limits of what is remembered of remote callers. */
    public TaskLedger(
            PartitionId id,
            Function<String, ExecutorLimits> limits,
            RequestLimits requestLimits,
            RingListener listener) {
        this.ring = new TaskRing(limits, requestLimits);
        this.inFlight = new InFlight(ring);
        this.admission = new Admission(id);
        this.repeats = new Repeats(id);
        this.listener = listener;
    }

    /**
     * Decides a command against everything committed and in flight.
     *
     * @param nowMillis milliseconds since 1970 UTC; goes into the records
     */
    public Decision decide(Command command, long nowMillis) {
        List<LogRecord.Replicated> records = new ArrayList<>(2);
        return new Decision(records, decide(command, nowMillis, records));
    }

    /** As {@link #decide(Command, long)}, with the records behind those that {@code run} has already. */
    public Reply decide(Command command, long nowMillis, List<LogRecord.Replicated> run) {
        Turn turn = new Turn(inFlight, nowMillis, run);
        if (command instanceof Command.Repeatable call) {
            RequestId request = call.request();
            Reply answer = request == null ? null : repeats.answer(turn, call, request);
            if (answer != null) {
                return answer;
            }
        }
        return command.dispatchTo(new Dispatch(turn));
    }

    /** Whether the submit came before and its task is stored, or will be once what is in flight is committed. */
    public boolean isStored(Command.Submit submit, long nowMillis) {
        return admission.isStored(inFlight, submit, nowMillis) || repeats.isKnown(inFlight, submit);
    }

    /**
     * Takes a committed record in: the only way in which the ring changes. Live, it is the record as the log returned it.
     *
     * @throws IllegalStateException the record breaks an invariant, named by its number: the partition must stop
     */
    public void apply(LogRecord.Replicated record) {
        ring.apply(record, listener);
        inFlight.applied(record);
    }

    /** Restores one piece of a checkpoint, in the order of {@link #snapshot}, into a ring that is empty at the first. */
    public void install(SnapshotItem item) {
        ring.install(item);
    }

    /** What opening a log feeds: {@link #install} and {@link #apply}, without telling the listener. */
    public ReplayHandler replay() {
        return new ReplayHandler() {
            @Override
            public void onSnapshot(SnapshotItem item) {
                install(item);
            }

            @Override
            public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
                ring.apply(replicated, RingListener.NONE);
            }
        };
    }

    /**
     * The committed ring as it is now. Takes what may change at once, in time linear in tasks, tombstones and keys; the
     * stream itself may be read later, once, by another thread, while the ring goes on.
     */
    public Stream<SnapshotItem> snapshot() {
        return ring.snapshot();
    }

    /** The sequence that the next task gets, with everything in flight. */
    public long nextSequence() {
        return admission.nextSequence(inFlight);
    }

    /**
     * The sequence after the last one that the log has, with everything in flight. {@link #nextSequence} may be higher: where issuing
     * was told to go on elsewhere, by an opening that did not get into the log for one.
     */
    public long nextSequenceOfLog() {
        return inFlight.nextSequence();
    }

    /** Sequences below may be issued; at the end submits are refused with {@code SEQUENCES}. Lower ends are ignored. */
    public void allowSequencesUpTo(long reservedEndExclusive) {
        admission.issueUpTo(reservedEndExclusive);
    }

    /** Whether the log has room for the next submits; to be set before they are decided. True at first. */
    public void setRoom(boolean room) {
        admission.setRoom(room);
    }

    /** Records decided and not applied. */
    public int inFlight() {
        return inFlight.size();
    }

    /**
     * Takes in flight what the log has and nobody knows to be committed yet: the tail of a log whose primary this has become.
     * In the log's order, before {@link Command.StartEpoch} is decided.
     */
    public void takeUp(LogRecord.Replicated record) {
        inFlight.add(record);
    }

    /** Forgets everything in flight: the append of all of it failed, or this is no primary any more. */
    public void dropInFlight() {
        dropInFlightBeyond(0);
    }

    /** Forgets the records in flight but the first {@code kept}: those after were not appended. */
    public void dropInFlightBeyond(int kept) {
        inFlight.dropBeyond(kept);
    }

    /** The committed task or result, or null; any thread. */
    public @Nullable TaskEntry find(long sequence) {
        return ring.find(sequence);
    }

    /**
     * Why {@link #find} gave null, as committed; any thread. An id of another executor is UNKNOWN while its task or
     * result is there or while it is above the ids whose tombstones {@code executor} has forgotten; below those, and below
     * a destroy, it can not be told from one of the executor's own.
     */
    public Reply.Staleness staleness(String executor, long sequence) {
        return ring.staleness(executor, sequence);
    }

    /** Committed tasks and results, oldest first, as they are while the stream runs; any thread. */
    public Stream<TaskEntry> entries() {
        return ring.committed().map(entry -> entry);
    }

    /** Names that any committed record has named, sorted; any thread. */
    public List<String> executors() {
        return ring.executors().stream().map(ExecutorRing::name).sorted().toList();
    }

    /** The executor as committed, or null if no record named it; any thread. Its numbers may be of different instants. */
    public @Nullable ExecutorState executor(String name) {
        ExecutorRing executor = ring.executor(name);
        return executor == null ? null : executor.state();
    }

    /** Unfinished tasks of {@code executor}, committed and in flight; any thread, a hint. */
    public int unfinished(String executor) {
        return Math.toIntExact(inFlight.unfinished(executor));
    }

    /** About what a checkpoint of the committed ring would write; any thread. */
    public long liveBytes() {
        return ring.entryBytes()
                + ring.executors().stream().mapToLong(ExecutorRing::liveBytes).sum();
    }

    /** Committed tasks that are to run, oldest first: after {@link Command.StartEpoch} what recovery has to restart. */
    public List<TaskEntry> recoverable() {
        return ring.open()
                .filter(StoredEntry::isUnfinished)
                .<TaskEntry>map(entry -> entry)
                .toList();
    }

    /** {@link #recoverable}, then what is parked, then what is quarantined; each oldest first. */
    public List<TaskEntry> notEnded() {
        return ring.open()
                .<TaskEntry>map(entry -> entry)
                .sorted(Comparator.comparing(TaskEntry::state)) // stable
                .toList();
    }

    /** One command to the room that decides it. */
    private final class Dispatch implements CommandHandler<Reply> {
        private final Turn turn;

        Dispatch(Turn turn) {
            this.turn = turn;
        }

        @Override
        public Reply submit(Command.Submit command) {
            return admission.submit(turn, command);
        }

        @Override
        public Reply startAttempt(Command.StartAttempt command) {
            return Attempts.start(turn, command);
        }

        @Override
        public Reply complete(Command.Complete command) {
            return Attempts.complete(turn, command);
        }

        @Override
        public Reply fail(Command.Fail command) {
            return Attempts.fail(turn, command);
        }

        @Override
        public Reply abandon(Command.Abandon command) {
            return Attempts.abandon(turn, command);
        }

        @Override
        public Reply park(Command.Park command) {
            return Attempts.park(turn, command);
        }

        @Override
        public Reply cancel(Command.Cancel command) {
            return UserDecisions.cancel(turn, command);
        }

        @Override
        public Reply dispose(Command.Dispose command) {
            return UserDecisions.dispose(turn, command);
        }

        @Override
        public Reply retrieveAndDispose(Command.RetrieveAndDispose command) {
            return UserDecisions.retrieveAndDispose(turn, command);
        }

        @Override
        public Reply retry(Command.Retry command) {
            return UserDecisions.retry(turn, command);
        }

        @Override
        public Reply discard(Command.Discard command) {
            return UserDecisions.discard(turn, command);
        }

        @Override
        public Reply operate(Command.Operate command) {
            return WholeRing.operate(turn, command);
        }

        @Override
        public Reply sweep(Command.Sweep command) {
            return Retention.sweep(turn);
        }

        @Override
        public Reply startEpoch(Command.StartEpoch command) {
            Reply reply = WholeRing.startEpoch(turn, command);
            admission.issueFrom(command.nextSequence());
            return reply;
        }
    }
}
