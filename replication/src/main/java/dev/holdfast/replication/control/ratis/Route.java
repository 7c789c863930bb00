package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.protocol.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Whom to ask while no leader is known here: the members, the founders and the contacts, one after the other. */
final class Route {

    private final RatisSettings settings;
    private final AppliedStates applied;
    private final AtomicInteger turn = new AtomicInteger();

    Route(RatisSettings settings, AppliedStates applied) {
        this.settings = settings;
        this.applied = applied;
    }

    NodeId self() {
        return settings.self();
    }

    /** Null if nobody else is known. */
    @Nullable
    NodeId next() {
        return next(settings.self());
    }

    /** As {@link #next()}, but not {@code avoided}. */
    @Nullable
    NodeId next(NodeId avoided) {
        ClusterState state = applied.latest();
        Set<NodeId> others = new LinkedHashSet<>(state.members().keySet());
        settings.founders().forEach(founder -> others.add(founder.node()));
        others.addAll(settings.contacts());
        others.remove(settings.self());
        others.remove(avoided);
        List<NodeId> inTurn = new ArrayList<>(others);
        return inTurn.isEmpty() ? null : inTurn.get(Math.floorMod(turn.getAndIncrement(), inTurn.size()));
    }
}
