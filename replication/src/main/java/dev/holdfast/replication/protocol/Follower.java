package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What a primary knows of one other replica, within its epoch. */
final class Follower {

    /**
     * UNKNOWN to STREAMING or CHECKPOINT at its {@link Message.Follow}. To UNKNOWN when what it needs next has left the log, when
     * it lost something, and when another process of its node is heard.
     */
    enum State {
        UNKNOWN,
        STREAMING,
        CHECKPOINT
    }

    final NodeId node;
    private State state = State.UNKNOWN;
    private Session session = Session.NONE;

    /** It said, or its log shows, that it lost what it acknowledged: it must leave in-sync, and is not eligible. */
    private boolean lossy;

    private Optional<StreamId> lastAsked = Optional.empty();
    /** The last one asked for: what it gets, if it gets any. */
    private StreamId stream = new StreamId(0);

    /** A checkpoint was replaced before it had all of it: at that pace it would never catch up. */
    private boolean overtaken;

    private Optional<Long> goneAtNanos = Optional.empty();

    /** What is asked for it, and not answered. */
    private Optional<Output.Read> reading = Optional.empty();

    private Lsn acknowledged = Lsn.NONE;
    private Lsn knownCommitted = Lsn.NONE;
    private LogEnd sentEnd = LogEnd.EMPTY;
    private final Deque<Run> unanswered = new ArrayDeque<>();
    private long unansweredBytes;
    private long sentNanos;
    private long progressNanos;
    private long resendNanos;
    private long heardNanos;
    private Optional<Round> round = Optional.empty();
    private long notAwaitedBeforeNanos;

    /** Of catching up (Ongaro, Consensus: Bridging Theory and Practice, 4.2.1): what was committed when it began. */
    private record Round(Lsn to, long sinceNanos) {}

    Follower(NodeId node, long nowNanos) {
        this.node = node;
        progressNanos = nowNanos;
        heardNanos = nowNanos;
        notAwaitedBeforeNanos = nowNanos;
    }

    boolean isStreaming() {
        return state == State.STREAMING;
    }

    /** Whether {@code id} is the stream that it gets: acknowledgements of another may be about another log. */
    boolean isStreamed(StreamId id) {
        return isStreaming() && id.equals(stream);
    }

    /** Whether it asked to follow before; in the same session, a later request names a later stream. */
    boolean isNewer(StreamId id) {
        return lastAsked.isEmpty() || id.askedAtNanos() - lastAsked.get().askedAtNanos() > 0;
    }

    void asked(StreamId id) {
        lastAsked = Optional.of(id);
        stream = id;
    }

    boolean isUnknown() {
        return state == State.UNKNOWN;
    }

    StreamId stream() {
        return stream;
    }

    boolean isInstalling() {
        return state == State.CHECKPOINT;
    }

    boolean isLossy() {
        return lossy;
    }

    boolean isOvertaken() {
        return overtaken;
    }

    void overtaken() {
        overtaken = true;
    }

    boolean isGone() {
        return goneAtNanos.isPresent();
    }

    boolean isReading() {
        return reading.isPresent();
    }

    Optional<Output.Read> reading() {
        return reading;
    }

    Session session() {
        return session;
    }

    /** The end of what it has, as durable as the policy demands; none until it said so in this epoch and session. */
    Lsn acknowledged() {
        return acknowledged;
    }

    Lsn knownCommitted() {
        return knownCommitted;
    }

    /** Whether it streams from a place that it has not acknowledged, and nothing is on its way that it would answer. */
    boolean owesItsPlace() {
        return unanswered.isEmpty() && acknowledged.compareTo(sentEnd.lsn()) < 0;
    }

    /** Where the next run for it begins. */
    LogEnd sentEnd() {
        return sentEnd;
    }

    boolean hasRoom(ReplicaLimits limits) {
        return unanswered.size() < limits.windowRuns() && unansweredBytes < limits.windowBytes();
    }

    /** Whether what is on its way to it is little enough for another chunk: it stands before what members wait for. */
    boolean hasRoomForCopy(ReplicaLimits limits) {
        return unansweredBytes < limits.chunkBytes();
    }

    /** Another process of the node: nothing that the one before said is counted on. */
    void restarted(Session newSession) {
        session = newSession;
        acknowledged = Lsn.NONE;
        knownCommitted = Lsn.NONE;
        lossy = false;
        overtaken = false;
        goneAtNanos = Optional.empty();
        lastAsked = Optional.empty();
        leave(State.UNKNOWN);
    }

    void lost() {
        lossy = true;
        acknowledged = Lsn.NONE;
        leave(State.UNKNOWN);
    }

    void stopStream() {
        leave(State.UNKNOWN);
    }

    void startCheckpoint() {
        leave(State.CHECKPOINT);
    }

    void processGone(Session ofSession, long nowNanos) {
        if (ofSession.compareTo(session) >= 0) {
            goneAtNanos = Optional.of(nowNanos);
        }
    }

    void streamFrom(LogEnd end, ReplicaTiming timing) {
        leave(State.STREAMING);
        lossy = false;
        sentEnd = end;
        resendNanos = 2 * timing.beaconNanos();
    }

    void startReading(Output.Read read) {
        reading = Optional.of(read);
    }

    void stopReading() {
        reading = Optional.empty();
    }

    /** Whether {@code from} is where what is read for it begins: else it is the answer to what is not wanted any more. */
    boolean reads(LogEnd from) {
        return reading.filter(read -> placeOf(read).equals(from)).isPresent();
    }

    /** Whether a chunk at {@code place} is what is read for it, or the beginning of a newer checkpoint. */
    boolean reads(CheckpointPlace place) {
        return reading.filter(read -> read instanceof Output.ReadCheckpoint wanted
                        && (wanted.place().equals(place) || !wanted.place().at().equals(place.at())))
                .isPresent();
    }

    /** Whether {@code place} begins another checkpoint than the one of which it has a part. */
    boolean hasPartOfOther(CheckpointPlace place) {
        return reading.filter(read -> read instanceof Output.ReadCheckpoint wanted
                        && !wanted.place().equals(CheckpointPlace.START)
                        && !wanted.place().at().equals(place.at()))
                .isPresent();
    }

    private static LogEnd placeOf(Output.Read read) {
        return read instanceof Output.ReadLog log
                ? log.from()
                : ((Output.ReadCheckpoint) read).place().at();
    }

    void sent(Run run, long nowNanos) {
        if (unanswered.isEmpty()) {
            sentNanos = nowNanos;
            if (acknowledged.equals(run.before().lsn())) {
                progressNanos = nowNanos;
            }
        }
        unanswered.add(run);
        unansweredBytes += run.records().bytes();
        sentEnd = run.after();
    }

    void acknowledged(Message.Ack ack, ReplicaTiming timing, long nowNanos) {
        if (ack.committed().compareTo(knownCommitted) > 0) {
            knownCommitted = ack.committed();
        }
        if (ack.acknowledged().compareTo(acknowledged) <= 0) {
            return;
        }
        acknowledged = ack.acknowledged();
        progressNanos = nowNanos;
        sentNanos = nowNanos;
        resendNanos = 2 * timing.beaconNanos();
        for (Run first = unanswered.peek();
                first != null && first.after().lsn().compareTo(acknowledged) <= 0;
                first = unanswered.peek()) {
            unansweredBytes -= unanswered.remove().records().bytes();
        }
    }

    /** Goes back to the first run that was not answered, if that is due: it, or its answer, is lost. Waits longer each time. */
    boolean resend(ReplicaTiming timing, long nowNanos) {
        Run first = unanswered.peek();
        if (first == null || nowNanos - sentNanos < resendNanos) {
            return false;
        }
        sentEnd = first.before();
        forgetSent();
        stopReading(); // what follows on what is sent again is not next
        sentNanos = nowNanos;
        resendNanos = Math.min(2 * resendNanos, 16 * timing.beaconNanos());
        return true;
    }

    /** An answer to a beacon that was sent before the process was found gone is a late one, and shows nothing. */
    void answered(BeaconStamp stamp, long nowNanos) {
        if (goneAtNanos.isEmpty() || stamp.sentAtNanos() - goneAtNanos.get() > 0) {
            goneAtNanos = Optional.empty();
            heardNanos = nowNanos;
        }
    }

    void owesNothing(long nowNanos) {
        progressNanos = nowNanos;
    }

    /**
     * Whether it has now come, within {@code limitNanos}, to what was committed when it was looked at before; then the next round
     * begins.
     */
    boolean keepsUpWith(Lsn committed, long nowNanos, long limitNanos) {
        if (round.filter(begun -> acknowledged.compareTo(begun.to()) < 0).isPresent()) {
            return false;
        }
        boolean inTime = round.filter(begun -> nowNanos - begun.sinceNanos() <= limitNanos)
                .isPresent();
        round = Optional.of(new Round(committed, nowNanos));
        return inTime;
    }

    /** Commits do not wait for it, as a learner, before that. */
    void doNotAwaitBefore(long nanos) {
        notAwaitedBeforeNanos = nanos;
    }

    boolean mayBeAwaited(long nowNanos) {
        return nowNanos - notAwaitedBeforeNanos >= 0;
    }

    /** This process could not hear it: its time starts now. */
    void excuse(long nowNanos) {
        progressNanos = nowNanos;
        heardNanos = nowNanos;
    }

    /** Whether it has been silent, or late with what it owes, for longer than {@code limitNanos}. */
    boolean isLate(long nowNanos, long limitNanos) {
        return nowNanos - heardNanos > limitNanos || nowNanos - progressNanos > limitNanos;
    }

    private void leave(State next) {
        state = next;
        round = Optional.empty();
        stopReading();
        forgetSent();
    }

    private void forgetSent() {
        unanswered.clear();
        unansweredBytes = 0;
    }
}
