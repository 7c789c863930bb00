package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;

/**
 * What can be asked of the control table. A command that compares with something ends in {@link Outcome.Verdict#CONFLICT}
 * when that has changed. Times are milliseconds since 1970 UTC by the proposer's clock.
 */
public sealed interface ClusterCommand {

    /** Hands this command to the method for its type: a new type breaks every handler's compilation. */
    <R> R dispatchTo(ClusterCommandHandler<R> handler);

    /**
     * Makes the cluster: before it nothing else is taken, after it no other one. Every partition gets a row: of the origin
     * as the only in-sync member, or of nobody yet.
     */
    record Found(Founding founding, int minInSync) implements ClusterCommand {

        public Found {
            Limits.requireRange("min-in-sync", minInSync, 1, MemberRules.MAX_MIN_IN_SYNC);
        }

        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.found(this);
        }
    }

    /**
     * A node that is no member becomes one.
     *
     * @param session its first here: 1, or what an embedded node has counted up to, plus 1
     */
    record Join(NodeId node, MemberDetails details, Role role, Session session, long atMillis)
            implements ClusterCommand {

        public Join {
            if (session.equals(Session.NONE)) {
                throw new IllegalArgumentException("Nobody joins before its first session: node=" + node);
            }
        }

        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.join(this);
        }
    }

    /**
     * A member starts: {@code expected} becomes {@code expected + 1}. Whoever claims has forced {@code expected + 1} as
     * pending before. A conflict means that the table holds another session: the pending one if an earlier claim was
     * not heard of, else the disk is stale, and the claim is {@link ClaimStale}.
     */
    record ClaimSession(NodeId node, MemberDetails details, Session expected, long atMillis) implements ClusterCommand {
        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.claimSession(this);
        }
    }

    /**
     * As {@link ClaimSession}, by a member whose disk knows neither the session in the table nor that it was pending: an
     * older copy was put back. It leaves every in-sync and eligible set, and is primary of nothing, until it has caught up.
     *
     * @param expected what the table holds now
     */
    record ClaimStale(NodeId node, MemberDetails details, Session expected, long atMillis) implements ClusterCommand {
        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.claimStale(this);
        }
    }

    /** A member wants to go: it gets no replica any more. It is removed with {@link Remove} once it holds none. */
    record Leave(NodeId node, Session session) implements ClusterCommand {
        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.leave(this);
        }
    }

    /**
     * Ends a membership. Refused while the member is seen and does not want to go, and while it is in-sync or eligible
     * anywhere: what only it has would be gone.
     */
    record Remove(NodeId node) implements ClusterCommand {
        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.remove(this);
        }
    }

    /** What a member does for the control plane changes. */
    record ChangeRole(NodeId node, Role expected, Role next) implements ClusterCommand {
        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.changeRole(this);
        }
    }

    /** Who is seen and who is not; what is said of another session than a member's current one is passed over. */
    record Report(List<Sighting> sightings, long atMillis) implements ClusterCommand {

        public Report {
            sightings = List.copyOf(sightings);
            Limits.requireRange("number of sightings", sightings.size(), 1, Limits.MAX_MEMBERS);
        }

        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.report(this);
        }
    }

    /** The protocol changes a row: expand, shrink, failover, hand-over, ceiling. See {@link RowRules}. */
    record ChangeRow(RowChange change) implements ClusterCommand {
        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.changeRow(this);
        }
    }

    /** Placement changes who holds copies; all of the placements or none. See {@link PlacementRules}. */
    record PlaceReplicas(List<ReplicaPlacement> placements) implements ClusterCommand {

        /** So that the command fits the log of the control plane. */
        public static final int MAX_PLACEMENTS = 64;

        public PlaceReplicas {
            placements = List.copyOf(placements);
            Limits.requireRange("number of placements", placements.size(), 1, MAX_PLACEMENTS);
        }

        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.placeReplicas(this);
        }
    }

    /** A member has an executor with these settings; refused, naming both, if another member has it with others. */
    record RegisterExecutor(NodeId node, Session session, ExecutorSettings settings) implements ClusterCommand {
        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.registerExecutor(this);
        }
    }

    /** Copies below which nothing commits. Lowering it empties every eligible set: commits are possible again. */
    record SetMinInSync(int expected, int next) implements ClusterCommand {

        public SetMinInSync {
            Limits.requireRange("min-in-sync", next, 1, MemberRules.MAX_MIN_IN_SYNC);
        }

        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.setMinInSync(this);
        }
    }

    /**
     * {@code cluster recover --accept-data-loss} for one partition: {@code survivor}'s log counts from now on, whatever the
     * others had. The row gets a new epoch without a primary, so that nobody who was one goes on.
     */
    record Recover(
            PartitionId partition,
            RowVersion expected,
            NodeId survivor,
            Session session,
            String operator,
            long atMillis)
            implements ClusterCommand {

        public Recover {
            Limits.requireText("operator", operator, Recovery.MAX_OPERATOR_LENGTH);
        }

        @Override
        public <R> R dispatchTo(ClusterCommandHandler<R> handler) {
            return handler.recover(this);
        }
    }
}
