package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An executor with the settings that members agree on.
 *
 * @param registeredBy the members that run with these settings now; with none left the next may bring others
 */
public record ExecutorRegistration(ExecutorSettings settings, SortedSet<NodeId> registeredBy) {

    public ExecutorRegistration {
        registeredBy = Collections.unmodifiableSortedSet(new TreeSet<>(registeredBy));
    }

    ExecutorRegistration with(NodeId node) {
        SortedSet<NodeId> more = new TreeSet<>(registeredBy);
        more.add(node);
        return new ExecutorRegistration(settings, more);
    }

    ExecutorRegistration without(NodeId node) {
        SortedSet<NodeId> fewer = new TreeSet<>(registeredBy);
        fewer.remove(node);
        return new ExecutorRegistration(settings, fewer);
    }
}
