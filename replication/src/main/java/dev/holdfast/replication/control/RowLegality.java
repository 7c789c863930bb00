package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One change of one row, whose version and sessions are right: whether the protocol may make it. */
final class RowLegality {

    private final ClusterState state;
    private final PartitionRow current;
    private final PartitionRow next;
    private final NodeId proposer;
    private final RowChange change;
    private final SortedSet<NodeId> added;

    RowLegality(ClusterState state, PartitionRow current, RowChange change) {
        this.state = state;
        this.current = current;
        this.change = change;
        this.next = change.row();
        this.proposer = change.proposer();
        this.added = new TreeSet<>(next.inSync());
        added.removeAll(current.inSync());
    }

    /** What is wrong with it; null if nothing is. */
    @Nullable
    String problem() {
        if (isFence()) {
            return current.replicas().contains(proposer) ? null : "only a replica fences; proposer=" + proposer;
        }
        String problem = ceilingProblem();
        if (problem != null) {
            return problem;
        }
        problem = next.epoch().equals(current.epoch()) ? sameEpochProblem() : newEpochProblem();
        return problem != null ? problem : eligibleProblem();
    }

    /** Only the version changes: so that an earlier proposal, whose outcome nobody knows, can not be applied any more. */
    private boolean isFence() {
        return next.replicas().equals(current.replicas())
                && next.inSync().equals(current.inSync())
                && next.eligible().equals(current.eligible())
                && next.primary().equals(current.primary())
                && next.epoch().equals(current.epoch())
                && next.idCeiling() == current.idCeiling();
    }

    private @Nullable String ceilingProblem() {
        long raise = next.idCeiling() - current.idCeiling();
        if (raise != 0 && raise != RowRules.ID_CEILING_STEP) {
            return "idCeiling stays or rises by " + RowRules.ID_CEILING_STEP;
        }
        return next.idCeiling() > RowRules.MAX_ID_CEILING ? "idCeiling is above what a task id holds" : null;
    }

    /** Under the same epoch the primary alone changes the row: it expands, shrinks, drops copies, raises the ceiling. */
    private @Nullable String sameEpochProblem() {
        if (!next.primary().equals(current.primary())) {
            return "the epoch rises with every change of primary";
        }
        if (!current.isPrimary(proposer)) {
            return "under the same epoch only the primary changes the row; proposer=" + proposer;
        }
        for (NodeId node : added) {
            if (!change.sessions().containsKey(node)) {
                return "who becomes in-sync is named with its session; node=" + node;
            }
        }
        return next.replicas().equals(current.replicas()) ? null : dropProblem();
    }

    /** Copies that placement does not want any more; whom commits need, or who may be the next primary, is none of them. */
    private @Nullable String dropProblem() {
        List<NodeId> dropped = new ArrayList<>(current.replicas());
        dropped.removeAll(next.replicas());
        List<NodeId> kept = new ArrayList<>(current.replicas());
        kept.removeAll(dropped);
        if (!kept.equals(next.replicas())) {
            return "replicas are added and put in order by placement only";
        }
        if (!Collections.disjoint(dropped, current.eligible())) {
            return "an eligible member may be the next primary; dropped=" + dropped;
        }
        boolean neededOnes = !Collections.disjoint(dropped, current.inSync());
        return neededOnes && next.inSync().size() < state.minInSync()
                ? "commits need whom it drops; dropped=" + dropped
                : null;
    }

    private @Nullable String newEpochProblem() {
        if (next.epoch().compareTo(current.epoch()) < 0) {
            return "the epoch never falls";
        }
        if (!next.replicas().equals(current.replicas())) {
            return "nobody gets or loses a copy with a change of primary";
        }
        if (next.primary().isEmpty()) {
            return "a new epoch has a primary";
        }
        if (current.isPrimary(proposer)) {
            return handOverProblem(next.primary().get());
        }
        if (!next.isPrimary(proposer)) {
            return "only a primary makes another node primary; proposer=" + proposer;
        }
        if (current.primary().isPresent()
                && next.inSync().contains(current.primary().get())) {
            return "the old primary leaves in-sync";
        }
        if (current.inSync().contains(proposer)) {
            return added.isEmpty() ? null : "nobody becomes in-sync with a change of primary";
        }
        return eligibleLeaderProblem();
    }

    /** The primary hands over, or goes on itself under a new epoch after a restart. */
    private @Nullable String handOverProblem(NodeId successor) {
        if (!current.inSync().contains(successor)) {
            return "the successor is not in sync";
        }
        return added.isEmpty() ? null : "nobody becomes in-sync with a change of primary";
    }

    /** It has everything that is committed. That who is in sync goes first, and may be serving reads, is the protocol's. */
    private @Nullable String eligibleLeaderProblem() {
        if (!current.eligible().contains(proposer)) {
            return "the proposer is neither in-sync nor eligible; proposer=" + proposer;
        }
        added.remove(proposer);
        return added.isEmpty() ? null : "nobody else becomes in-sync with a change of primary";
    }

    private @Nullable String eligibleProblem() {
        if (next.eligible().isEmpty()) {
            return null;
        }
        if (next.inSync().size() >= state.minInSync()) {
            return "with min-in-sync reached nobody is eligible";
        }
        SortedSet<NodeId> allowed = new TreeSet<>(current.eligible());
        allowed.addAll(current.inSync());
        allowed.removeAll(next.inSync());
        return allowed.containsAll(next.eligible())
                ? null
                : "eligible is who was in-sync, or eligible, until now; allowed=" + allowed;
    }
}
