package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Lsn;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who counts, as the primary goes by it: the <i>maximal</i> in-sync set, the last confirmed row's and whom a proposal may
 * have brought in (R7). Proposes who is to leave (R6) and to come in.
 */
final class Membership {

    private final ReplicaState state;
    private final Followers followers;
    private final Lease lease;
    private final SortedSet<NodeId> toDrop = new TreeSet<>();
    private Optional<Awaited> awaited = Optional.empty();

    /** A learner for which commits wait, so that it comes to their end: else it never would while the log grows without a pause. */
    private record Awaited(Follower who, long sinceNanos) {}

    Membership(ReplicaState state, Followers followers, Lease lease) {
        this.state = state;
        this.followers = followers;
        this.lease = lease;
    }

    PartitionRow row() {
        return state.table.row().orElseThrow();
    }

    /** The maximal in-sync set without this primary. */
    SortedSet<NodeId> others() {
        SortedSet<NodeId> others = new TreeSet<>(row().inSync());
        state.table.candidate().ifPresent(others::add);
        others.remove(state.self());
        return others;
    }

    boolean isMember(NodeId node) {
        return others().contains(node);
    }

    /**
     * Whether anything may be committed. The confirmed members alone are counted: a candidate that is not one of them yet may
     * never be, and who is eligible is so because nothing was committed since. That holds whatever {@code min-in-sync} this
     * node has heard of: another one may have been in force when the row was made.
     */
    boolean isLargeEnough() {
        return row().inSync().size() >= state.table.minInSync()
                && row().eligible().isEmpty();
    }

    /** Whether commits wait for a learner that may come in next. */
    boolean isAwaited(NodeId node) {
        return awaited.filter(each -> each.who().node.equals(node)).isPresent();
    }

    /** R1: the lowest acknowledged end of all that count, and of who is waited for. */
    Lsn acknowledgedByAll() {
        Lsn lowest = state.acknowledged();
        for (NodeId node : others()) {
            Lsn theirs = followers.find(node).map(Follower::acknowledged).orElse(Lsn.NONE);
            if (theirs.compareTo(lowest) < 0) {
                lowest = theirs;
            }
        }
        Lsn awaitedEnd = awaited.map(each -> each.who().acknowledged()).orElse(lowest);
        return awaitedEnd.compareTo(lowest) < 0 ? awaitedEnd : lowest;
    }

    void drop(NodeId node) {
        if (row().replicas().contains(node) && !node.equals(state.self())) {
            toDrop.add(node);
        }
    }

    void rowChanged() {
        toDrop.retainAll(row().replicas());
    }

    /** @param opened the end of what began the epoch: who has that has all that earlier primaries committed */
    void tick(Lsn opened) {
        if (state.table.isBusy(state.now())) {
            return;
        }
        SortedSet<NodeId> leaving = leaving();
        if (!leaving.isEmpty()) {
            shrink(leaving);
            return;
        }
        Optional<NodeId> dropped = toDrop.stream().filter(this::canLeave).findFirst();
        if (dropped.isPresent()) {
            propose(RowChanges.drop(row(), dropped.get(), state.table.minInSync()));
            return;
        }
        state.standAloneNoMore();
        Optional<Follower> candidate = followers.all().stream()
                .filter(follower -> isCandidate(follower, opened))
                .findFirst();
        candidate.ifPresentOrElse(this::expand, () -> await(opened));
    }

    /**
     * Before commits are looked at. Nobody is waited for for long: who does not come to the end by then does not keep up.
     *
     * @param opened as for {@link #tick}
     */
    void lookAtWhoIsAwaited(Lsn opened) {
        boolean isOver = awaited.filter(each -> !mayComeIn(each.who(), opened)
                        || state.now() - each.sinceNanos() > 2 * state.timing().beaconNanos())
                .isPresent();
        if (isOver) {
            noMoreAwaited();
        }
    }

    private void noMoreAwaited() {
        awaited.ifPresent(each -> doNotAwaitSoon(each.who()));
        awaited = Optional.empty();
    }

    private void doNotAwaitSoon(Follower follower) {
        follower.doNotAwaitBefore(state.now() + state.timing().leaseNanos());
    }

    private void await(Lsn opened) {
        if (awaited.isEmpty()) {
            awaited = followers.all().stream()
                    .filter(each -> each.mayBeAwaited(state.now())
                            && mayComeIn(each, opened)
                            && each.keepsUpWith(
                                    state.committed(),
                                    state.now(),
                                    state.timing().beaconNanos()))
                    .findFirst()
                    .map(each -> new Awaited(each, state.now()));
        }
    }

    /** Nobody is sent away whom commits need, nor who may have to lead next. */
    private boolean canLeave(NodeId node) {
        if (row().eligible().contains(node)) {
            return false;
        }
        return !row().inSync().contains(node) || row().inSync().size() > state.table.minInSync();
    }

    private SortedSet<NodeId> leaving() {
        SortedSet<NodeId> leaving = new TreeSet<>();
        for (Follower each : followers.all()) {
            if (each.acknowledged().compareTo(state.log.end().lsn()) >= 0) {
                each.owesNothing(state.now());
            }
            if (row().inSync().contains(each.node)
                    && (each.isLossy()
                            || each.isGone()
                            || each.isLate(state.now(), state.timing().shrinkNanos()))) {
                leaving.add(each.node);
            }
        }
        return leaving;
    }

    private void shrink(SortedSet<NodeId> leaving) {
        SortedSet<NodeId> lossy = new TreeSet<>(leaving);
        lossy.removeIf(node -> followers.find(node).filter(Follower::isLossy).isEmpty());
        leaving.forEach(node -> followers.find(node).ifPresent(this::doNotAwaitSoon));
        propose(RowChanges.shrink(row(), leaving, lossy, state.table.minInSync()));
    }

    /** R12: at first the whole log is forced; this is tried again when it is. */
    private void propose(PartitionRow next) {
        if (!TableView.standsAlone(next) || TableView.standsAlone(row()) || state.isReadyToStandAlone()) {
            state.table.propose(next, state.settings.ownSession(), Optional.empty());
        }
    }

    private boolean isCandidate(Follower each, Lsn opened) {
        return mayComeIn(each, opened) && each.acknowledged().compareTo(state.committed()) >= 0;
    }

    /** All but that it has everything that is committed. */
    private boolean mayComeIn(Follower each, Lsn opened) {
        return row().isLearner(each.node)
                && (!toDrop.contains(each.node) || !isLargeEnough()) // while commits need it, it comes in first
                && !each.isGone()
                && each.isStreaming()
                && each.acknowledged().compareTo(opened) >= 0
                && !each.isLate(state.now(), state.timing().shrinkNanos())
                && lease.isFresh(each.node, state.now(), state.timing().shrinkNanos());
    }

    private void expand(Follower candidate) {
        noMoreAwaited(); // it counts as a candidate from here on
        SortedMap<NodeId, Session> sessions = state.settings.ownSession();
        sessions.put(candidate.node, candidate.session());
        PartitionRow next = RowChanges.expand(row(), candidate.node, state.table.minInSync());
        state.table.propose(next, sessions, Optional.of(candidate.node));
    }
}
