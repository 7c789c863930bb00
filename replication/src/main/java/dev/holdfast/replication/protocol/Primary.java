package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.List;
import java.util.Optional;

/**
 * A replica that leads an epoch.
 *
 * <pre>
 *   NOTING   -- the epoch is persisted, the log quiet -----> OPENING  (BecomePrimary)
 *   OPENING  -- EpochRun ----------------------------------> APPENDING
 *   APPENDING -- that is in the log -----------------------> STARTING; no room: NOTING, and so asked for again
 *   STARTING -- that is committed -------------------------> SERVING  (StartServing)
 *   any      -- another epoch, or another primary in it ----> (a new Backup)
 * </pre>
 */
final class Primary implements Role {

    private enum Phase {
        NOTING,
        OPENING,
        APPENDING,
        STARTING,
        SERVING
    }

    private final ReplicaState state;
    private final Epoch epoch;
    private final TakeOver how;
    private final boolean lossPossible;
    private final AckWindow window;
    private final Lease lease;
    private final Followers followers;
    private final Beacons beacons;
    private final Membership membership;
    private final HandOver handOver;
    private Phase phase = Phase.NOTING;
    private Lsn opened = Lsn.NONE;
    private LeaseTerm term = LeaseTerm.NONE;

    Primary(ReplicaState state, Epoch epoch, TakeOver how) {
        this.state = state;
        this.epoch = epoch;
        this.how = how;
        lossPossible = how == TakeOver.ALL_SUSPECT || state.mayLackWork(how, epoch);
        if (!lossPossible || state.isEmptied()) {
            state.leads();
        }
        window = new AckWindow(state.settings.limits());
        lease = new Lease(state.timing());
        followers = new Followers(state, window, this::isUrgent);
        membership = new Membership(state, followers, lease);
        handOver = new HandOver(state, membership, followers);
        beacons = new Beacons(state, followers);
    }

    LeaseTerm term() {
        return term;
    }

    /** Takes a run in, or says why not. */
    Optional<Refusal> offer(Input.ClientRun run) {
        if (phase != Phase.SERVING) {
            return Optional.of(Refusal.STARTING);
        }
        if (handOver.isStopped()) {
            return Optional.of(Refusal.HANDING_OVER);
        }
        if (!membership.isLargeEnough()) {
            return Optional.of(Refusal.TOO_FEW_IN_SYNC);
        }
        if (window.isFull(state.log.askedAppends(), state.log.askedBytes())) {
            return Optional.of(Refusal.WINDOW_FULL);
        }
        state.log.appendOwn(epoch, run.records(), Optional.of(run.id()));
        return Optional.empty();
    }

    @Override
    public void tick() {
        note();
        followers.tick(beacons.tick());
        handOver.tick();
        settle();
    }

    private void note() {
        if (phase == Phase.NOTING && state.isEpochPersisted() && state.log.isQuiet()) {
            phase = Phase.OPENING;
            state.outputs.add(new Output.BecomePrimary(epoch, how, lossPossible));
        }
    }

    /** What follows from whatever has just changed. */
    private void settle() {
        state.forceIfNeeded();
        if (phase == Phase.STARTING || phase == Phase.SERVING) {
            membership.lookAtWhoIsAwaited(opened);
        }
        if (phase != Phase.NOTING && membership.isLargeEnough() && state.commit(membership.acknowledgedByAll())) {
            window.committed(state.committed());
        }
        handOver.advance();
        if (phase == Phase.STARTING && state.committed().compareTo(opened) >= 0) {
            phase = Phase.SERVING;
            state.leads(); // what may be lost is said in the log now
            state.outputs.add(new Output.StartServing(epoch));
        }
        if (phase == Phase.STARTING || phase == Phase.SERVING) {
            membership.tick(opened);
        }
        updateTerm();
    }

    /** Commits wait for who is a member or may be one, and where nothing may be committed, submits for who may become one. */
    private boolean isUrgent(NodeId node) {
        return membership.isMember(node) || membership.isAwaited(node) || !membership.isLargeEnough();
    }

    private void updateTerm() {
        boolean serves = phase == Phase.SERVING && !handOver.isStopped();
        LeaseTerm next = serves ? lease.term(membership.others()) : LeaseTerm.NONE;
        if (!next.equals(term)) {
            term = next;
            state.outputs.add(new Output.ChangeLease(term));
        }
    }

    @Override
    public void epochOpened(Input.EpochRun run) {
        if (phase == Phase.OPENING && run.epoch().equals(epoch)) {
            phase = Phase.APPENDING;
            state.log.appendOwn(epoch, run.records(), Optional.empty());
        }
    }

    @Override
    public void appended(Run run) {
        if (phase == Phase.NOTING) {
            note();
            return;
        }
        if (phase == Phase.APPENDING) {
            phase = Phase.STARTING;
            opened = run.after().lsn();
        }
        window.add(run);
        followers.feedAll();
        settle();
    }

    /** Without room for the epoch's first record it is asked for again, as if it had not been. */
    @Override
    public void refused() {
        if (phase == Phase.APPENDING) {
            phase = Phase.NOTING;
        }
    }

    @Override
    public void forced() {
        settle();
    }

    @Override
    public void logSettled() {
        note();
    }

    @Override
    public void rowChanged() {
        followers.keep(membership.row().replicas());
        membership.rowChanged();
        tick();
    }

    @Override
    public void received(NodeId from, Session session, Message message) {
        Optional<Follower> sender = followers.find(from);
        if (sender.isPresent()) {
            if (session.compareTo(sender.get().session()) > 0) {
                restarted(sender.get(), session);
            }
            message.dispatchTo(new FromFollower(sender.get()));
        }
    }

    private void restarted(Follower follower, Session session) {
        follower.restarted(session);
        lease.forget(follower.node);
        updateTerm();
    }

    @Override
    public void peerRestarted(NodeId node, Session session) {
        followers.find(node).ifPresent(each -> restarted(each, session));
    }

    @Override
    public void peerGone(NodeId node, Session session) {
        followers.find(node).ifPresent(each -> each.processGone(session, state.now()));
        settle();
    }

    @Override
    public void clockJumped() {
        lease.surrender(state.now());
        updateTerm();
    }

    @Override
    public void handOver(Input.HandOver request) {
        handOver.ask(request);
        settle();
    }

    @Override
    public void handOverCancelled() {
        handOver.cancel();
        settle();
    }

    @Override
    public void drained() {
        handOver.drained();
        settle();
    }

    @Override
    public void dropMember(NodeId node) {
        membership.drop(node);
        settle();
    }

    @Override
    public void logRead(NodeId to, LogEnd from, List<Run> runs) {
        followers.find(to).ifPresent(each -> followers.logRead(each, from, runs));
    }

    @Override
    public void logGone(NodeId to, LogEnd from) {
        followers.find(to).ifPresent(each -> followers.logGone(each, from));
    }

    @Override
    public void checkpointRead(NodeId to, CheckpointChunk chunk) {
        followers.find(to).ifPresent(each -> followers.checkpointRead(each, chunk));
    }

    @Override
    public void leave() {
        if (!term.equals(LeaseTerm.NONE)) {
            term = LeaseTerm.NONE;
            state.outputs.add(new Output.ChangeLease(term));
        }
    }

    private final class FromFollower extends FollowerMessages {
        private final Follower sender;

        FromFollower(Follower sender) {
            this.sender = sender;
        }

        @Override
        public void follow(Message.Follow message) {
            if (phase != Phase.NOTING) {
                followers.follow(sender, message, membership.isMember(sender.node));
                settle();
            }
        }

        @Override
        public void ack(Message.Ack message) {
            if (sender.isStreamed(message.stream())
                    && message.acknowledged().compareTo(state.log.end().lsn()) <= 0) {
                sender.acknowledged(message, state.timing(), state.now());
                followers.feed(sender);
                settle();
            }
        }

        @Override
        public void beaconAck(Message.BeaconAck message) {
            sender.answered(message.stamp(), state.now());
            lease.answered(sender.node, message.stamp(), state.now());
            settle();
        }

        @Override
        public void checkpointWanted(Message.CheckpointWanted message) {
            followers.checkpointWanted(sender, message.place());
        }
    }
}
