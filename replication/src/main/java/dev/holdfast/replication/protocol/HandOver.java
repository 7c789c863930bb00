package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A primary that resigns in favour of an in-sync backup (DESIGN 4.8).
 *
 * <pre>
 *   NONE     -- asked ------------------------------> DRAINING: starts nothing, runs end, reads and submits go on
 *   DRAINING -- drained ----------------------------> STOPPED:  no intake, no reads, what is in flight is committed
 *   STOPPED  -- all committed, the target has it ----> PROPOSED: the compare-and-set is on its way
 *   PROPOSED -- confirmed ---------------------------> (the epoch ends)
 *   DRAINING, STOPPED -- not in time, target left ---> WAITING:  starts and intake go on; tried again, each time later
 *   PROPOSED -- failed ------------------------------> WAITING
 *   WAITING  -- the time has come -------------------> DRAINING
 *   all but PROPOSED -- cancelled -------------------> NONE
 * </pre>
 *
 * A node that closes waits as long as it takes to drain: whoever closes it interrupts after its grace.
 */
final class HandOver {

    private enum Phase {
        NONE,
        DRAINING,
        STOPPED,
        PROPOSED,
        WAITING
    }

    private final ReplicaState state;
    private final Membership membership;
    private final Followers followers;
    private Phase phase = Phase.NONE;
    private Optional<Input.HandOver> request = Optional.empty();
    private long sinceNanos;
    private long waitNanos;

    HandOver(ReplicaState state, Membership membership, Followers followers) {
        this.state = state;
        this.membership = membership;
        this.followers = followers;
        waitNanos = state.timing().moveDrainNanos();
    }

    /** Whether nothing is taken in and nothing is read. */
    boolean isStopped() {
        return phase == Phase.STOPPED || phase == Phase.PROPOSED;
    }

    /** A second request takes the place of the first, unless that is proposed already. */
    void ask(Input.HandOver asked) {
        if (phase == Phase.PROPOSED || asked.target().equals(state.self())) {
            return;
        }
        cancel();
        request = Optional.of(asked);
        waitNanos = state.timing().moveDrainNanos();
        begin();
    }

    void cancel() {
        if (phase == Phase.DRAINING || phase == Phase.STOPPED) {
            state.outputs.add(new Output.ResumeStarts());
        }
        if (phase != Phase.PROPOSED) {
            transitionTo(Phase.NONE);
            request = Optional.empty();
        }
    }

    void drained() {
        if (phase == Phase.DRAINING) {
            transitionTo(Phase.STOPPED);
        }
    }

    void tick() {
        long sincePhaseNanos = state.now() - sinceNanos;
        switch (phase) {
            case NONE -> {}
            case DRAINING -> {
                if (!isTargetInSync()
                        || (isBalancing() && sincePhaseNanos >= state.timing().moveDrainNanos())) {
                    callOff();
                }
            }
            case STOPPED -> {
                if (!isTargetInSync() || sincePhaseNanos >= state.timing().moveDrainNanos()) {
                    callOff();
                }
            }
            case PROPOSED -> {
                if (!state.table.isProposing()) {
                    callOff();
                }
            }
            case WAITING -> {
                if (sincePhaseNanos >= waitNanos && isTargetInSync()) {
                    waitNanos = Math.min(2 * waitNanos, 64 * state.timing().moveDrainNanos());
                    begin();
                }
            }
        }
    }

    /** Proposes as soon as all is committed. */
    void advance() {
        if (phase == Phase.STOPPED) {
            propose();
        }
    }

    private void begin() {
        if (!isTargetInSync()) {
            transitionTo(Phase.WAITING);
            return;
        }
        transitionTo(Phase.DRAINING);
        request.ifPresent(asked -> state.outputs.add(new Output.StopStarts(asked.kind(), asked.target())));
    }

    private void callOff() {
        transitionTo(Phase.WAITING);
        state.outputs.add(new Output.ResumeStarts());
    }

    private boolean isBalancing() {
        return request.filter(asked -> asked.kind() == HandOverKind.BALANCE).isPresent();
    }

    private boolean isTargetInSync() {
        return request.filter(asked -> membership.row().inSync().contains(asked.target()))
                .isPresent();
    }

    private void propose() {
        Optional<Follower> target =
                request.flatMap(asked -> followers.find(asked.target())).filter(Follower::isStreaming);
        boolean allCommitted =
                state.log.isQuiet() && state.committed().equals(state.log.end().lsn());
        if (target.isEmpty() || !allCommitted || state.table.isBusy(state.now())) {
            return;
        }
        SortedMap<NodeId, Session> sessions = state.settings.ownSession();
        sessions.put(target.get().node, target.get().session());
        Epoch epoch = new Epoch(state.seen().value() + 1);
        state.table.propose(
                RowChanges.handOver(membership.row(), target.get().node, epoch), sessions, Optional.empty());
        transitionTo(Phase.PROPOSED);
    }

    private void transitionTo(Phase next) {
        phase = next;
        sinceNanos = state.now();
    }
}
