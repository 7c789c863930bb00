package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.Session;
import java.util.Optional;

/**
 * What a node that starts does about its session (R6, design 4.6), as a function of what its disk and the table say. It asks
 * again after each step, and is in the session once {@link Step#CLAIM}, {@link Step#CLAIM_STALE} or {@link Step#JOIN} was
 * applied and the outcome's session forced.
 */
public final class SessionClaim {

    private SessionClaim() {}

    /** The next thing to do. */
    public enum Step {
        /** Force {@code disk + 1} as pending: a claim that is not heard of must be known for one's own afterwards. */
        FORCE_PENDING,
        /** Propose {@link ClusterCommand.ClaimSession} of {@code disk}. */
        CLAIM,
        /** An earlier claim was applied and not heard of: force the pending session as the session, and ask again. */
        ADOPT_PENDING,
        /** Another process has claimed since: the disk is an older copy. Propose {@link ClusterCommand.ClaimStale}. */
        CLAIM_STALE,
        /** Not a member: propose {@link ClusterCommand.Join} with {@code disk + 1}. */
        JOIN
    }

    /**
     * The next step.
     *
     * @param disk the session that this disk has forced last
     * @param pending what it has forced as pending; at most {@code disk + 1}
     * @param table the session in the table, as last seen: should it have changed, the proposal is a conflict; empty if the
     *     node is no member
     */
    public static Step next(Session disk, Session pending, Optional<Session> table) {
        boolean isPending = pending.equals(disk.next());
        if (table.isPresent() && table.get().equals(disk.next()) && isPending) {
            return Step.ADOPT_PENDING;
        }
        if (table.isPresent() && !table.get().equals(disk)) {
            return Step.CLAIM_STALE;
        }
        if (!isPending) {
            return Step.FORCE_PENDING;
        }
        return table.isPresent() ? Step.CLAIM : Step.JOIN;
    }
}
