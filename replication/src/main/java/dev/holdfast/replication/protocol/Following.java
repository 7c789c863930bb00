package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;

/**
 * A replica's log under a primary that is another one.
 *
 * <pre>
 *   SEEKING    -- FollowAccepted at this log's end -----------> STREAMING
 *   SEEKING    -- TruncateTo, then TruncateDone --------------> SEEKING (Follow again, with the new end)
 *   SEEKING    -- CheckpointNeeded ---------------------------> INSTALLING
 *   INSTALLING -- all parts stored, then CheckpointInstalled --> SEEKING
 *   STREAMING  -- a run that does not follow, or no room ------> SEEKING
 *   STREAMING, INSTALLING -- FollowAgain --------------------> SEEKING
 *   any        -- another epoch or leader --------------------> SEEKING
 * </pre>
 *
 * SEEKING, it says where its log ends until it is answered, but not while the log has something to do.
 */
final class Following extends PrimaryMessages {

    private enum Phase {
        SEEKING,
        INSTALLING,
        STREAMING
    }

    private final ReplicaState state;
    private final Election election;
    private final CheckpointCopy copy;
    private Phase phase = Phase.SEEKING;
    private long askedNanos;
    private StreamId stream;
    private boolean asksAtOnce = true;
    private boolean heard;

    /** What the leader says is committed of its log, of which this one is a beginning while it streams. */
    private Lsn leaderCommitted = Lsn.NONE;

    Following(ReplicaState state, Election election) {
        this.state = state;
        this.election = election;
        copy = new CheckpointCopy(state);
        stream = state.nextStream();
    }

    void restart() {
        heard = false;
        seekAgain();
    }

    void tick() {
        if (phase == Phase.INSTALLING) {
            copy.tick();
        }
        seek();
    }

    private void seekAgain() {
        phase = Phase.SEEKING;
        leaderCommitted = Lsn.NONE;
        asksAtOnce = true;
        seek();
    }

    private void seek() {
        boolean due = asksAtOnce || state.now() - askedNanos >= state.timing().beaconNanos();
        if (phase != Phase.SEEKING || !due || !state.log.isQuiet() || !state.isEpochPersisted() || !isWanted()) {
            return;
        }
        state.leader().filter(leader -> !leader.equals(state.self())).ifPresent(leader -> {
            asksAtOnce = false;
            askedNanos = state.now();
            stream = state.nextStream();
            state.send(
                    leader,
                    new Message.Follow(
                            state.seen(),
                            stream,
                            state.log.end(),
                            state.log.history().entries(),
                            state.isSuspect()));
        });
    }

    /** Its row may be old: a primary that speaks to it has a newer one. */
    private boolean isWanted() {
        return heard
                || state.table
                        .row()
                        .filter(row -> row.replicas().contains(state.self()))
                        .isPresent();
    }

    @Override
    public void beacon(Message.Beacon message) {
        heard = true;
        election.heardBeacon();
        // Who wants to lead, or may at once, promises nobody to wait; who has not noted the epoch acknowledges nothing
        // in it.
        if (state.isEpochPersisted() && !state.table.isProposingToLead() && !election.isLeaderGone()) {
            state.leader()
                    .ifPresent(leader -> state.send(leader, new Message.BeaconAck(state.seen(), message.stamp())));
        }
        seek();
    }

    @Override
    public void followAccepted(Message.FollowAccepted message) {
        if (phase != Phase.SEEKING || !state.log.isQuiet() || !message.stream().equals(stream)) {
            return;
        }
        if (message.learner()) {
            state.learns(message.version());
        }
        phase = Phase.STREAMING;
        state.forceIfNeeded();
        committed(message.committed());
        acknowledge();
    }

    @Override
    public void followAgain(Message.FollowAgain message) {
        if (phase != Phase.SEEKING) {
            seekAgain();
        }
    }

    @Override
    public void truncateTo(Message.TruncateTo message) {
        if (phase != Phase.SEEKING || !state.log.isQuiet() || !message.yourEnd().equals(state.log.end())) {
            return;
        }
        if (message.to().compareTo(state.committed()) < 0) {
            throw new ViolationException(new ProtocolViolation(
                    ProtocolViolation.Kind.TRUNCATION_BELOW_COMMIT,
                    "to=" + message.to() + ", committed=" + state.committed() + ", epoch=" + message.epoch()));
        }
        state.log.truncate(message.to());
    }

    @Override
    public void historiesDiffer(Message.HistoriesDiffer message) {
        throw new ViolationException(new ProtocolViolation(ProtocolViolation.Kind.HISTORIES_DIFFER, message.detail()));
    }

    @Override
    public void append(Message.Append message) {
        if (phase != Phase.STREAMING) {
            return;
        }
        Run run = message.run();
        LogEnd expected = state.log.expected();
        if (run.after().lsn().compareTo(expected.lsn()) <= 0) {
            committed(message.committed());
            acknowledge();
        } else if (run.before().equals(expected)) {
            if (hasRoom()) {
                state.log.appendCopy(run);
            }
            committed(message.committed());
        } else if (run.before().lsn().equals(expected.lsn())
                && run.before().epoch().equals(expected.epoch())) {
            throw new ViolationException(new ProtocolViolation(
                    ProtocolViolation.Kind.HASH_DIFFERS, "log=" + expected + ", primary=" + run.before()));
        } else {
            seekAgain();
        }
    }

    /** The primary keeps its window, so that more than two of them are its repetitions. */
    private boolean hasRoom() {
        ReplicaLimits limits = state.settings.limits();
        return state.log.askedAppends() < 2 * limits.windowRuns() && state.log.askedBytes() < 2 * limits.windowBytes();
    }

    @Override
    public void committed(Message.Committed message) {
        if (phase == Phase.STREAMING) {
            committed(message.committed());
            acknowledge();
        }
    }

    private void committed(Lsn upTo) {
        if (upTo.compareTo(leaderCommitted) > 0) {
            leaderCommitted = upTo;
        }
        commit();
    }

    private void commit() {
        Lsn end = state.log.end().lsn();
        state.commit(leaderCommitted.compareTo(end) <= 0 ? leaderCommitted : end);
    }

    private void acknowledge() {
        if (phase == Phase.STREAMING && state.isEpochPersisted()) {
            Message.Ack ack = new Message.Ack(state.seen(), stream, state.acknowledged(), state.committed());
            state.leader().ifPresent(leader -> state.outputs.add(new Output.Acknowledge(leader, ack)));
        }
    }

    void appended() {
        if (phase == Phase.STREAMING) {
            commit();
            state.forceIfNeeded();
            if (!state.acknowledgesAfterForce()
                    || state.log.forced().equals(state.log.end().lsn())) {
                acknowledge();
            }
        }
        seek();
    }

    void forced() {
        if (state.acknowledgesAfterForce()) {
            acknowledge();
        }
    }

    void refused() {
        if (phase == Phase.STREAMING) {
            phase = Phase.SEEKING;
            askedNanos = state.now();
        }
        seek();
    }

    void logSettled() {
        seekAgain();
    }

    @Override
    public void checkpointNeeded(Message.CheckpointNeeded message) {
        if (phase == Phase.SEEKING && state.log.isQuiet() && message.stream().equals(stream)) {
            phase = Phase.INSTALLING;
            copy.ask();
        }
    }

    @Override
    public void checkpointPart(Message.CheckpointPart message) {
        if (phase == Phase.INSTALLING) {
            copy.received(message.chunk());
        }
    }

    void checkpointStored(CheckpointPlace next) {
        boolean complete = copy.stored(next);
        if (phase != Phase.INSTALLING) {
            return;
        }
        if (complete) {
            phase = Phase.SEEKING;
            state.log.install(next.at());
        } else {
            copy.ask();
        }
    }
}
