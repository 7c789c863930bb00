package dev.holdfast.node.cluster.membership;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Placement;
import dev.holdfast.replication.control.Replaced;
import dev.holdfast.replication.control.ReplicaPlacement;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proposes who should hold which partition, and the removal of members in whose place another one has come, on the member that leads the control plane: it hears of everything first, and a
 * leader that does not know yet that it is one no more does no harm, for every placement is compared with the row's version.
 * Called by one thread.
 */
final class PlacementController {

    /** Partitions that are copied or handed over at the same time, over the whole cluster. */
    static final int MAX_CONCURRENT_MOVES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(PlacementController.class);

    private final Supplier<ClusterState> table;
    private final Decisions decisions;
    private final BooleanSupplier leads;
    private final Duration replaceAfter;
    private final Duration firstPlacement;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final AtomicBoolean removing = new AtomicBoolean();

    /** Since when this member leads and founders are missing; 0 while that is not so. */
    private long waitsSinceNanos;

    /**
     * @param replaceAfter {@code replication.replace-after}
     * @param firstPlacement how long the first placement waits for founders, so that partitions do not all begin on whoever
     *     joined first and are then copied
     */
    PlacementController(
            Supplier<ClusterState> table,
            Decisions decisions,
            BooleanSupplier leads,
            Duration replaceAfter,
            Duration firstPlacement) {
        this.table = table;
        this.decisions = decisions;
        this.leads = leads;
        this.replaceAfter = replaceAfter;
        this.firstPlacement = firstPlacement;
    }

    void tick() {
        try {
            if (!leads.getAsBoolean()) {
                waitsSinceNanos = 0;
                return;
            }
            ClusterState state = table.get();
            if (state.founding().isEmpty()
                    || waitsForFounders(state, state.founding().get())) {
                return;
            }
            List<ReplicaPlacement> steps = steps(state, System.currentTimeMillis() - replaceAfter.toMillis());
            if (!steps.isEmpty() && underWay.compareAndSet(false, true)) {
                LOG.debug("Places replicas: steps={}", steps);
                var unused = decisions
                        .propose(new ClusterCommand.PlaceReplicas(steps))
                        .whenComplete((outcome, failure) -> decided(outcome, failure));
            }
            Replaced.notNeeded(state).stream().findFirst().ifPresent(node -> remove(state, node));
        } catch (RuntimeException | Error e) { // the executor would end the ticks for ever
            LOG.warn(ErrorCode.CONTROL_PLANE_TRIES_AGAIN.says("Could not place replicas; tries again"), e);
        }
    }

    /** Or it would count among the voters for ever: an empty directory in its place would make the majority a larger one. */
    private void remove(ClusterState state, NodeId replaced) {
        if (removing.compareAndSet(false, true)) {
            Member member = state.member(replaced);
            var unused = decisions.propose(new ClusterCommand.Remove(replaced)).whenComplete((outcome, failure) -> {
                removing.set(false);
                if (outcome != null && outcome.applied()) {
                    LOG.info(
                            "Removed a member, another one has come in its place: node={}, disk-id={}",
                            member == null ? "" : member.name(),
                            replaced);
                } else {
                    LOG.debug("Not removed yet: disk-id={}, outcome={}", replaced, outcome, failure);
                }
            });
        }
    }

    private void decided(@Nullable Outcome outcome, @Nullable Throwable failure) {
        underWay.set(false);
        if (outcome == null || outcome.verdict() == Outcome.Verdict.REFUSED) {
            LOG.warn(
                    ErrorCode.CONTROL_PLANE_TRIES_AGAIN.says("Could not place replicas; tries again: reason={}"),
                    outcome == null ? String.valueOf(failure) : outcome.message());
        }
    }

    private boolean waitsForFounders(ClusterState state, Founding founding) {
        boolean placed =
                state.rows().values().stream().anyMatch(row -> !row.replicas().isEmpty());
        if (placed || state.members().keySet().containsAll(founding.voters())) {
            waitsSinceNanos = 0;
            return false;
        }
        long nowNanos = System.nanoTime();
        waitsSinceNanos = waitsSinceNanos == 0 ? nowNanos : waitsSinceNanos;
        return nowNanos - waitsSinceNanos < firstPlacement.toNanos();
    }

    private static List<ReplicaPlacement> steps(ClusterState state, long lostBeforeMillis) {
        SortedMap<NodeId, String> candidates = Placement.candidates(state, lostBeforeMillis);
        SortedMap<PartitionId, PartitionRow> rows = state.rows();
        SortedMap<PartitionId, List<NodeId>> target = Placement.target(candidates, rows, state.wantedCopies());
        return Placement.steps(target, rows, state.minInSync(), MAX_CONCURRENT_MOVES);
    }
}
