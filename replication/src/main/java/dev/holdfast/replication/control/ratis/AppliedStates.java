package dev.holdfast.replication.control.ratis;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlPlane;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member has seen come out, and who is told. It goes forward only: a server that starts again replays its log from
 * a snapshot, and what it passes on the way was seen before.
 */
final class AppliedStates {

    private static final Logger LOG = LoggerFactory.getLogger(AppliedStates.class);

    private final List<Consumer<ClusterState>> listeners = new CopyOnWriteArrayList<>();
    private volatile ClusterState latest = ClusterState.EMPTY;

    ClusterState latest() {
        return latest;
    }

    ControlPlane.Subscription add(Consumer<ClusterState> listener) {
        Consumer<ClusterState> added = listener::accept; // the same listener may be added twice
        listeners.add(added);
        return () -> listeners.remove(added);
    }

    /** Called by the thread that applies; synchronized for the moment in which one server takes over from another. */
    synchronized void publish(ClusterState state) {
        if (state.revision().compareTo(latest.revision()) <= 0) {
            return;
        }
        latest = state;
        for (Consumer<ClusterState> listener : listeners) {
            try {
                listener.accept(state);
            } catch (RuntimeException e) {
                LOG.warn(
                        ErrorCode.INTERNAL_DEFECT.says("A listener of the control plane failed: revision={}"),
                        state.revision(),
                        e);
            }
        }
    }
}
