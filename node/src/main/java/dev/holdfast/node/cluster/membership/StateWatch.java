package dev.holdfast.node.cluster.membership;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlPlane;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for states of the table, and tells them to listeners that come and go. Thread-safe. */
final class StateWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StateWatch.class);

    private final ControlPlane control;
    private final Object changed = new Object();
    private final List<Consumer<ClusterState>> listeners = new CopyOnWriteArrayList<>();

    StateWatch(ControlPlane control) {
        this.control = control;
        control.onApplied(this::applied);
    }

    private void applied(ClusterState state) {
        synchronized (changed) {
            changed.notifyAll();
        }
        for (Consumer<ClusterState> listener : listeners) {
            try {
                listener.accept(state);
            } catch (RuntimeException e) {
                LOG.warn(
                        ErrorCode.INTERNAL_DEFECT.says("A listener to the cluster failed: revision={}"),
                        state.revision(),
                        e);
            }
        }
    }

    void add(Consumer<ClusterState> listener) {
        listeners.add(listener);
    }

    void remove(Consumer<ClusterState> listener) {
        listeners.remove(listener);
    }

    /** @return whether it came to be in time */
    boolean await(Predicate<ClusterState> wanted, Duration time) throws InterruptedException {
        long endNanos = System.nanoTime() + time.toNanos();
        synchronized (changed) {
            while (!wanted.test(control.state())) {
                long leftMs = (endNanos - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    return false;
                }
                changed.wait(leftMs);
            }
            return true;
        }
    }
}
