package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.protocol.NodeId;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A proposal without an outcome, and the attempts to get one, numbered from 1. A new attempt takes the place of the one
 * before: what that is answered then counts only if it is the outcome. Thread-safe.
 */
final class OpenProposal {

    private static final long FIRST_PAUSE_MS = 10;
    private static final long LONGEST_PAUSE_MS = 250;

    private final Wire.Proposed proposed;
    private final long deadlineNanos;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private int attempts;
    private @Nullable NodeId asking;
    /** A leader that was asked last and was not heard: others are asked to ask it. */
    private @Nullable NodeId silent;

    private boolean sent;
    private long pauseMs = FIRST_PAUSE_MS;
    private String lastProblem = "nobody has answered";

    OpenProposal(Wire.Proposed proposed, long deadlineNanos) {
        this.proposed = proposed;
        this.deadlineNanos = deadlineNanos;
    }

    Wire.Proposed proposed() {
        return proposed;
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    long leftNanos() {
        return deadlineNanos - System.nanoTime();
    }

    synchronized int nextAttempt() {
        asking = null;
        return ++attempts;
    }

    synchronized boolean isLatest(int attempt) {
        return attempts == attempt;
    }

    /** Notes whom an attempt asks; false if another attempt has begun meanwhile, or there is an outcome. */
    synchronized boolean asks(int attempt, NodeId target) {
        if (attempts != attempt || outcome.isDone()) {
            return false;
        }
        asking = target;
        sent = true;
        return true;
    }

    /** An attempt at who was said to lead was not answered at all. */
    synchronized void unanswered(int attempt, NodeId leader) {
        if (attempts == attempt) {
            silent = leader;
        }
    }

    /** Whom the next attempt is to get round; said once, so that it is asked itself after that. */
    synchronized @Nullable NodeId takeSilent() {
        NodeId taken = silent;
        silent = null;
        return taken;
    }

    synchronized boolean isAsking(NodeId node) {
        return node.equals(asking);
    }

    /**
     * Notes that an attempt came to nothing.
     *
     * @param pointed whether it was told who the leader is
     * @return milliseconds to wait before the next one; negative if that has begun already
     */
    synchronized long failed(int attempt, String problem, boolean pointed) {
        if (attempts != attempt) {
            return -1;
        }
        asking = null;
        lastProblem = problem;
        long wait = pointed ? FIRST_PAUSE_MS : pauseMs;
        pauseMs = pointed ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        return wait;
    }

    synchronized String lastProblem() {
        return lastProblem;
    }

    /** Whether anybody may have got it. */
    synchronized boolean wasSent() {
        return sent;
    }
}
