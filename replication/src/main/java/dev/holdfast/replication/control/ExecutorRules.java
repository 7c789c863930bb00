package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An executor means the same on every member. */
final class ExecutorRules {

    private ExecutorRules() {}

    static Outcome register(ClusterDraft draft, ClusterCommand.RegisterExecutor command) {
        ClusterState state = draft.before();
        if (!state.isCurrent(command.node(), command.session())) {
            return draft.conflict(
                    MemberRules.notCurrent(command.node(), command.session(), state.member(command.node())));
        }
        ExecutorSettings wanted = command.settings();
        ExecutorRegistration there = state.executors().get(wanted.name());
        if (there == null && state.executors().size() >= Limits.MAX_EXECUTORS) {
            return draft.refused("The cluster knows as many executors as it may: executors=" + Limits.MAX_EXECUTORS);
        }
        if (there == null || there.settings().equals(wanted)) {
            ExecutorRegistration base = there == null ? new ExecutorRegistration(wanted, new TreeSet<>()) : there;
            draft.put(base.with(command.node()));
            return draft.applied();
        }
        NodeId other = otherThan(command.node(), there.registeredBy());
        if (other == null) {
            draft.put(new ExecutorRegistration(wanted, new TreeSet<>()).with(command.node()));
            return draft.applied();
        }
        return draft.refused("Two members differ about an executor: executor=" + wanted.name()
                + differences(label(state, other), there.settings(), label(state, command.node()), wanted)
                + "; give it the same settings on every member");
    }

    private static @Nullable NodeId otherThan(NodeId node, SortedSet<NodeId> registeredBy) {
        return registeredBy.stream()
                .filter(other -> !other.equals(node))
                .findFirst()
                .orElse(null);
    }

    private static String label(ClusterState state, NodeId node) {
        Member member = state.member(node);
        return member == null ? node.diskId() : member.label();
    }

    private static String differences(
            String otherLabel, ExecutorSettings other, String wantedLabel, ExecutorSettings wanted) {
        SortedMap<String, String> here = asText(other);
        SortedMap<String, String> there = asText(wanted);
        SortedSet<String> names = new TreeSet<>(here.keySet());
        names.addAll(there.keySet());
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            String first = here.getOrDefault(name, "not set");
            String second = there.getOrDefault(name, "not set");
            if (!first.equals(second)) {
                text.append(", ").append(name).append(": ");
                text.append(first).append(" on ").append(otherLabel).append(", ");
                text.append(second).append(" on ").append(wantedLabel);
            }
        }
        return text.toString();
    }

    private static SortedMap<String, String> asText(ExecutorSettings settings) {
        SortedMap<String, String> text = new TreeMap<>(settings.values());
        text.put("durability", Integer.toString(settings.durability()));
        return text;
    }

    /** {@code node} does not run with any settings any more. */
    static void withdraw(ClusterDraft draft, NodeId node) {
        draft.before().executors().values().stream()
                .filter(executor -> executor.registeredBy().contains(node))
                .forEach(executor -> draft.put(executor.without(node)));
    }
}
