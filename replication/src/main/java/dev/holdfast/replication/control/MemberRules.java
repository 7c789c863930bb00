package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who may found, join, leave and be removed. */
final class MemberRules {

    static final int MAX_MIN_IN_SYNC = ExecutorSettings.MAX_DURABILITY + 1;

    private MemberRules() {}

    static Outcome found(ClusterDraft draft, ClusterCommand.Found command) {
        Optional<Founding> there = draft.before().founding();
        if (there.isPresent()) {
            return there.get().equals(command.founding())
                    ? draft.applied()
                    : draft.refused("The cluster is founded already: cluster="
                            + there.get().clusterUuid() + ", voters="
                            + there.get().voters() + "; join it");
        }
        draft.found(command.founding());
        draft.setMinInSync(command.minInSync());
        for (int number = 0; number < command.founding().partitionCount(); number++) {
            draft.put(firstRow(new PartitionId(number), command.founding().origin()));
        }
        return draft.applied();
    }

    private static PartitionRow firstRow(PartitionId partition, Optional<Origin> origin) {
        SortedSet<NodeId> holders = new TreeSet<>();
        origin.ifPresent(from -> holders.add(from.node()));
        return new PartitionRow(
                partition,
                List.copyOf(holders),
                holders,
                Collections.emptySortedSet(),
                Optional.empty(),
                origin.map(Origin::highestEpoch).orElse(Epoch.NONE),
                new RowVersion(0),
                origin.map(Origin::idCeiling).orElse(RowRules.ID_CEILING_STEP));
    }

    static Outcome join(ClusterDraft draft, ClusterCommand.Join command) {
        Member there = draft.before().member(command.node());
        if (there != null) {
            return draft.conflict("A member already: " + there.label() + ", session=" + there.session()
                    + "; claim the next session instead");
        }
        if (draft.before().members().size() >= Limits.MAX_MEMBERS) {
            return draft.refused("The cluster has as many members as it may: members=" + Limits.MAX_MEMBERS
                    + "; remove those that are gone");
        }
        Session last = draft.before().departed().getOrDefault(command.node(), Session.NONE);
        if (command.session().compareTo(last) <= 0) {
            return draft.conflict("The node was a member before and comes back in a later session: disk-id="
                    + command.node() + ", session=" + command.session() + ", last=" + last);
        }
        String taken = taken(draft.before(), command.node(), command.details());
        if (taken != null) {
            return draft.refused(taken);
        }
        draft.put(new Member(
                command.node(),
                command.details(),
                command.role(),
                command.session(),
                new Presence(true, command.atMillis()),
                false));
        draft.forgetDeparture(command.node());
        return draft.applied();
    }

    /** Why {@code node} can not be known by these details: somebody who is there has its name or one of its addresses. */
    static @Nullable String taken(ClusterState state, NodeId node, MemberDetails details) {
        for (Member other : state.members().values()) {
            if (other.id().equals(node) || !other.presence().present()) {
                continue;
            }
            if (other.name().equals(details.name())) {
                return "The name is in use: name=" + details.name() + ", by disk-id=" + other.id() + ", new disk-id="
                        + node + "; give the node another name, or stop the other one";
            }
            List<NodeAddress> shared = new ArrayList<>(other.details().addresses());
            shared.retainAll(details.addresses());
            if (!shared.isEmpty()) {
                return "The address is in use: address=" + shared.get(0) + ", by " + other.label() + ", wanted by "
                        + details.name() + " (" + node + ")";
            }
        }
        return null;
    }

    static Outcome leave(ClusterDraft draft, ClusterCommand.Leave command) {
        Member member = draft.before().member(command.node());
        if (member == null || !member.session().equals(command.session())) {
            return draft.conflict(notCurrent(command.node(), command.session(), member));
        }
        draft.put(member.asLeaving());
        return draft.applied();
    }

    static String notCurrent(NodeId node, Session session, @Nullable Member member) {
        return member == null
                ? "Not a member: disk-id=" + node
                : "Another session is in force: " + member.label() + ", session=" + member.session() + ", named="
                        + session;
    }

    static Outcome remove(ClusterDraft draft, ClusterCommand.Remove command) {
        Member member = draft.before().member(command.node());
        if (member == null) {
            return draft.conflict("Not a member: disk-id=" + command.node());
        }
        if (member.presence().present() && !member.leaving()) {
            return draft.refused("The member is there: " + member.label() + "; let it leave, or stop it");
        }
        for (PartitionRow row : draft.before().rows().values()) {
            if (row.needs(member.id())) {
                return draft.refused("The member may hold what nobody else has: " + member.label() + ", partition="
                        + row.partition() + ", in-sync=" + row.inSync() + ", eligible=" + row.eligible()
                        + "; wait until others are in sync, or use 'cluster recover'");
            }
            if (row.replicas().contains(member.id())) {
                draft.put(PlacementRules.without(row, member.id()));
            }
        }
        ExecutorRules.withdraw(draft, member.id());
        draft.depart(member);
        return draft.applied();
    }

    static Outcome changeRole(ClusterDraft draft, ClusterCommand.ChangeRole command) {
        Member member = draft.before().member(command.node());
        if (member == null || member.role() != command.expected()) {
            return draft.conflict(
                    member == null
                            ? "Not a member: disk-id=" + command.node()
                            : "The role has changed: " + member.label() + ", role=" + member.role());
        }
        boolean holds = draft.before().rows().values().stream()
                .anyMatch(row -> row.replicas().contains(member.id()));
        if (!command.next().holdsReplicas() && holds) {
            return draft.refused(
                    "A witness holds no replicas, and this member does: " + member.label() + "; let it leave first");
        }
        draft.put(member.with(command.next()));
        return draft.applied();
    }

    static Outcome report(ClusterDraft draft, ClusterCommand.Report command) {
        for (Sighting sighting : command.sightings()) {
            Member member = draft.before().member(sighting.node());
            if (member != null && member.session().equals(sighting.session())) {
                draft.put(member.with(new Presence(sighting.present(), command.atMillis())));
            }
        }
        return draft.applied();
    }
}
