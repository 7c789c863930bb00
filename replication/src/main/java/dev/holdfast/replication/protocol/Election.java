package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import java.util.Optional;

/**
 * When a replica that does not lead proposes itself (R4, R8, R12, R13).
 *
 * <ul>
 *   <li>In sync and not suspect: when its grace is over, when the primary's process is known to be gone, when there never was
 *       a primary, or when this node was the primary in an earlier session. A row that lost its primary to an operator or a
 *       stale disk does not say that its lease is over.
 *   <li>In sync and suspect: when every member and every eligible replica has said that it is suspect too, and this one has
 *       the most.
 *   <li>Eligible and not suspect: when every member's process is gone or suspect, and has been for a grace.
 * </ul>
 *
 * Several may propose: the compare-and-set decides, and a failed one did nothing. They wait a beacon for each replica that
 * placement prefers to them, so that it is rare.
 */
final class Election {

    private final ReplicaState state;
    private final LastResort lastResort;
    private long quietSinceNanos;
    private Optional<Session> leaderSession = Optional.empty();
    private Optional<Gone> leaderGone = Optional.empty();
    private Optional<Bid> bid = Optional.empty();
    private long nextTryNanos;

    /** That the process of {@code session} has ended is known since. */
    private record Gone(Session session, long sinceNanos) {}

    private record Bid(RowVersion version, Epoch epoch, TakeOver how) {

        /** The row that it was to become is another. */
        boolean isLost(PartitionRow row) {
            return row.version().compareTo(version) >= 0 && !row.epoch().equals(epoch);
        }
    }

    Election(ReplicaState state) {
        this.state = state;
        lastResort = new LastResort(state);
        quietSinceNanos = state.now();
        nextTryNanos = state.now();
    }

    /** Another epoch: its primary has a grace to be heard. A restarted backup waits one too. */
    void restart() {
        quietSinceNanos = state.now();
        leaderSession = Optional.empty();
        leaderGone = Optional.empty();
        lastResort.restart();
        state.standAloneNoMore();
    }

    void heardBeacon() {
        quietSinceNanos = state.now();
    }

    /**
     * What was on the way when the leader's process ended comes in after that is known. Who is heard for longer is alive: that is seen
     * before the leader takes a replica that answers no beacons out of the row.
     */
    void heardLeader(Session session) {
        long onTheWayNanos = state.timing().shrinkNanos() / 2;
        boolean wasOnTheWay = leaderGone
                .filter(gone ->
                        session.compareTo(gone.session()) <= 0 && state.now() - gone.sinceNanos() < onTheWayNanos)
                .isPresent();
        if (!wasOnTheWay) {
            leaderSession = Optional.of(session);
            leaderGone = Optional.empty();
            lastResort.restart();
        }
    }

    void suspect(NodeId from, Message.SuspectEnd message) {
        lastResort.suspect(from, message);
        tick();
    }

    /** No process continues an epoch of an earlier one: if that one led, nobody leads. */
    void peerRestarted(NodeId node, Session session) {
        lastResort.alive(node);
        if (isLeader(node)) {
            leaderSession.filter(led -> session.compareTo(led) > 0).ifPresent(this::leaderGone);
        }
    }

    void peerGone(NodeId node, Session session) {
        Session known = leaderSession.filter(led -> isLeader(node)).orElse(state.sessionOf(node));
        if (session.compareTo(known) < 0) {
            return;
        }
        lastResort.gone(node);
        if (isLeader(node)) {
            leaderGone(session);
        }
    }

    private void leaderGone(Session session) {
        if (leaderGone.isEmpty()) {
            leaderGone = Optional.of(new Gone(session, state.now()));
        }
    }

    /** Whether the process that led is known to be gone, so that this replica need not wait for it. */
    boolean isLeaderGone() {
        return leaderGone.isPresent();
    }

    private boolean isLeader(NodeId node) {
        return state.leader().filter(node::equals).isPresent();
    }

    /** By its own bid, although the row that this became may have been changed again before it was seen; else it was given the partition. */
    TakeOver takeOver(PartitionRow row) {
        return bid.filter(each -> each.epoch().equals(row.epoch()))
                .map(Bid::how)
                .orElse(TakeOver.HAND_OVER);
    }

    /** A row of an epoch lower than the one seen is old: nothing proposed on it can be applied. */
    void tick() {
        state.table.row().ifPresent(seen -> bid = bid.filter(each -> !each.isLost(seen)));
        Optional<PartitionRow> row = state.table.row().filter(state::mayBeCurrent);
        if (row.isEmpty() || state.table.isBusy(state.now()) || !state.log.isQuiet()) {
            return;
        }
        boolean mayPropose = isGraceOver(row.get()) && state.now() - nextTryNanos >= 0;
        Optional<TakeOver> how = mayPropose ? lastResort.orRegular(row.get()) : Optional.empty();
        if (how.isPresent()) {
            propose(row.get(), how.get());
        } else {
            state.standAloneNoMore();
        }
    }

    private boolean isGraceOver(PartitionRow row) {
        if (row.isPrimary(state.self())) {
            return true;
        }
        int rank = rank(row);
        long staggerNanos = rank * state.timing().beaconNanos();
        if (row.wasNeverLed() && rank == 0) {
            return true;
        }
        if (leaderGone.isPresent()) {
            return state.now() - leaderGone.get().sinceNanos() >= staggerNanos / 2;
        }
        return state.now() - quietSinceNanos >= state.timing().graceNanos() + staggerNanos;
    }

    private int rank(PartitionRow row) {
        return (int) row.replicas().stream()
                .takeWhile(each -> !each.equals(state.self()))
                .filter(each -> row.inSync().contains(each) && !row.isPrimary(each))
                .count();
    }

    private void propose(PartitionRow row, TakeOver how) {
        Epoch epoch = new Epoch(state.seen().value() + 1);
        PartitionRow next = how == TakeOver.ALL_SUSPECT
                ? RowChanges.lead(row, state.self(), epoch)
                : RowChanges.failover(row, state.self(), epoch, state.table.minInSync());
        if (TableView.standsAlone(next) && !state.isReadyToStandAlone()) {
            return;
        }
        state.goesOnWithNothing(row);
        bid = Optional.of(new Bid(next.version(), next.epoch(), how));
        nextTryNanos = state.now() + state.timing().beaconNanos();
        state.table.propose(next, state.settings.ownSession(), Optional.empty());
    }
}
