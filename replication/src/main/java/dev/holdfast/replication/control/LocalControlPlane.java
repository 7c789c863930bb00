package dev.holdfast.replication.control;

import dev.holdfast.config.ErrorCode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A control plane of one process, in memory: for nodes within it that share it, and for tests. It has no thread: whoever
 * proposes applies, and what others propose meanwhile too.
 */
public final class LocalControlPlane implements ControlPlane {

    /** Proposals waiting while others are applied. */
    static final int MAX_WAITING = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(LocalControlPlane.class);

    private record Waiting(Proposal proposal, CompletableFuture<Outcome> outcome) {}

    private final List<Consumer<ClusterState>> listeners = new CopyOnWriteArrayList<>();

    /** Of whoever set {@link #applying}. */
    private final ClusterTable table = new ClusterTable();

    private final Object lock = new Object();
    /** Under {@link #lock}. */
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    /** Under {@link #lock}; whether a thread applies. */
    private boolean applying;
    /** Under {@link #lock}. */
    private boolean closed;

    @Override
    public CompletionStage<Outcome> propose(Proposal proposal) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        synchronized (lock) {
            if (closed || waiting.size() >= MAX_WAITING) {
                return CompletableFuture.failedFuture(new ControlPlaneException(
                        closed
                                ? "The control plane is closed"
                                : "Too many proposals wait: waiting=" + MAX_WAITING + "; propose again later",
                        false));
            }
            waiting.add(new Waiting(proposal, outcome));
            if (applying) {
                return outcome;
            }
            applying = true;
        }
        for (Waiting next = next(); next != null; next = next()) {
            apply(next);
        }
        return outcome;
    }

    private @Nullable Waiting next() {
        synchronized (lock) {
            Waiting next = waiting.poll();
            applying = next != null;
            return next;
        }
    }

    private void apply(Waiting next) {
        try {
            ClusterState before = table.state();
            Outcome outcome = table.apply(next.proposal());
            ClusterState state = table.state();
            if (!state.revision().equals(before.revision())) { // a repetition changes nothing
                listeners.forEach(listener -> tell(listener, state));
            }
            next.outcome().complete(outcome);
        } catch (RuntimeException e) {
            next.outcome().completeExceptionally(e);
        }
    }

    private static void tell(Consumer<ClusterState> listener, ClusterState state) {
        try {
            listener.accept(state);
        } catch (RuntimeException e) {
            LOG.warn(
                    ErrorCode.INTERNAL_DEFECT.says("A listener of the control plane failed: revision={}"),
                    state.revision(),
                    e);
        }
    }

    @Override
    public ClusterState state() {
        return table.state();
    }

    @Override
    public Subscription onApplied(Consumer<ClusterState> listener) {
        Consumer<ClusterState> added = listener::accept; // the same listener may be added twice
        listeners.add(added);
        return () -> listeners.remove(added);
    }

    @Override
    public void close() {
        List<Waiting> left;
        synchronized (lock) {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(each ->
                each.outcome().completeExceptionally(new ControlPlaneException("The control plane was closed", false)));
    }
}
