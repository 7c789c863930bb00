package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import java.util.List;
import java.util.Optional;

/** A node's next life: by the disk that the last one left behind, or by one that is older. */
final class SessionRules {

    private SessionRules() {}

    static Outcome claim(ClusterDraft draft, ClusterCommand.ClaimSession command) {
        return next(draft, command.node(), command.details(), command.expected(), command.atMillis());
    }

    static Outcome claimStale(ClusterDraft draft, ClusterCommand.ClaimStale command) {
        Outcome outcome = next(draft, command.node(), command.details(), command.expected(), command.atMillis());
        if (outcome.applied()) {
            draft.before().rows().values().stream()
                    .filter(row -> row.inSync().contains(command.node())
                            || row.eligible().contains(command.node()))
                    .forEach(row -> draft.put(withoutTrustIn(command.node(), row)));
        }
        return outcome;
    }

    private static Outcome next(
            ClusterDraft draft, NodeId node, MemberDetails details, Session expected, long atMillis) {
        Member member = draft.before().member(node);
        if (member == null || !member.session().equals(expected)) {
            return draft.conflict(MemberRules.notCurrent(node, expected, member));
        }
        String taken = MemberRules.taken(draft.before(), node, details);
        if (taken != null) {
            return draft.refused(taken);
        }
        draft.put(new Member(
                node, details, member.role(), expected.next(), new Presence(true, atMillis), member.leaving()));
        // It registers what it runs now; what it ran before may have had other settings.
        ExecutorRules.withdraw(draft, node);
        return draft.applied();
    }

    /**
     * The node learns from others again. If it was primary nobody is, under an epoch that its older self does not have. Nor if
     * only one is left in sync: that one has not forced its log for it, and has to take over to show what it has.
     */
    private static PartitionRow withoutTrustIn(NodeId node, PartitionRow row) {
        boolean leavesOne = row.inSync().contains(node) && row.inSync().size() == 2;
        boolean deposed = row.isPrimary(node) || leavesOne;
        List<NodeId> stale = List.of(node);
        PartitionRow rest = row.withMembers(
                        row.replicas(),
                        PartitionRow.without(row.inSync(), stale),
                        PartitionRow.without(row.eligible(), stale))
                .next();
        return deposed ? rest.ledBy(Optional.empty(), new Epoch(row.epoch().value() + 1)) : rest;
    }
}
