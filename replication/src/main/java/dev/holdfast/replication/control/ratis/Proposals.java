package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.CommandCodec;
import dev.holdfast.replication.control.ControlFormatException;
import dev.holdfast.replication.control.ControlPlaneException;
import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.OutcomeCodec;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.protocol.NodeId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings proposals to the leader, wherever that is, and tries again, as the same call, until there is an outcome or the
 * time is over. Thread-safe, without a lock.
 */
final class Proposals {

    /** Proposals without an outcome; beyond it they are refused. */
    static final int MAX_UNDER_WAY = 4_096;

    private static final long FIRST_PAUSE_MS = 10;
    private static final long LONGEST_PAUSE_MS = 250;

    private final LocalServer server;
    private final ControlTransport transport;
    private final Route route;
    private final RatisTiming timing;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final byte[] clientId = LocalServer.newClientId();
    private final AtomicLong calls = new AtomicLong();
    private final Set<Attempt> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Proposals(
            LocalServer server,
            ControlTransport transport,
            Route route,
            RatisTiming timing,
            ScheduledExecutorService timer,
            Executor workers) {
        this.server = server;
        this.transport = transport;
        this.route = route;
        this.timing = timing;
        this.timer = timer;
        this.workers = workers;
    }

    /** One proposal on its way. Its fields change between attempts only, of which there is one at a time. */
    private static final class Attempt {

        private final Wire.Proposed proposed;
        private final long deadlineNanos;
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private long pauseMs = FIRST_PAUSE_MS;
        private String lastProblem = "no leader is known";
        private volatile boolean sent;

        Attempt(Wire.Proposed proposed, long deadlineNanos) {
            this.proposed = proposed;
            this.deadlineNanos = deadlineNanos;
        }

        long leftNanos() {
            return deadlineNanos - System.nanoTime();
        }
    }

    CompletionStage<Outcome> propose(Proposal proposal) {
        if (closed || underWay.size() >= MAX_UNDER_WAY) {
            return CompletableFuture.failedFuture(new ControlPlaneException(
                    closed
                            ? "The control plane is closed"
                            : "Too many proposals are under way: proposals=" + MAX_UNDER_WAY + "; propose again later",
                    false));
        }
        byte[] command;
        try {
            command = CommandCodec.encode(proposal);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(
                    new ControlPlaneException("Not a proposal that can be sent: " + e.getMessage(), false, e));
        }
        Attempt attempt = new Attempt(
                new Wire.Proposed(clientId, calls.incrementAndGet(), command),
                System.nanoTime() + timing.proposal().toNanos());
        underWay.add(attempt);
        execute(attempt, () -> attempt(attempt, server.leader()));
        return attempt.outcome;
    }

    private void execute(Attempt attempt, Runnable step) {
        try {
            workers.execute(step);
        } catch (RejectedExecutionException e) {
            fail(attempt, closed ? "the control plane was closed" : "too much is waiting here");
        }
    }

    private void attempt(Attempt attempt, @Nullable NodeId known) {
        if (closed || attempt.leftNanos() <= 0) {
            fail(attempt, closed ? "the control plane was closed" : attempt.lastProblem);
            return;
        }
        NodeId target = known == null ? route.next() : known;
        if (target == null) {
            again(attempt);
            return;
        }
        attempt.sent = true;
        CompletionStage<byte[]> answer;
        if (target.equals(route.self())) {
            answer = server.propose(attempt.proposed);
        } else {
            long mostNanos = Math.min(timing.request().toNanos(), attempt.leftNanos());
            answer = transport.request(target, attempt.proposed.encode(), Duration.ofNanos(mostNanos));
        }
        var unused = answer.whenComplete((frame, failure) -> answered(attempt, target, frame, failure));
    }

    private void answered(Attempt attempt, NodeId by, byte @Nullable [] frame, @Nullable Throwable failure) {
        if (frame == null) {
            attempt.lastProblem = "no answer from node=" + by + ": " + failure;
            again(attempt);
            return;
        }
        switch (Wire.first(frame)) {
            case Wire.DONE:
                decided(attempt, frame);
                break;
            case Wire.NOT_LEADER:
                String leader = Wire.text(frame);
                attempt.lastProblem = "no leader is known at node=" + by;
                if (leader.isBlank() || leader.equals(by.diskId())) {
                    again(attempt);
                } else {
                    attempt.pauseMs = FIRST_PAUSE_MS;
                    pause(attempt, new NodeId(leader));
                }
                break;
            default:
                attempt.lastProblem = "node=" + by + " says: " + Wire.text(frame);
                again(attempt);
        }
    }

    private void decided(Attempt attempt, byte[] frame) {
        try {
            Outcome outcome = OutcomeCodec.decode(Wire.body(frame));
            underWay.remove(attempt);
            attempt.outcome.complete(outcome);
        } catch (ControlFormatException e) {
            attempt.lastProblem = String.valueOf(e.getMessage());
            again(attempt);
        }
    }

    private void again(Attempt attempt) {
        pause(attempt, null);
    }

    private void pause(Attempt attempt, @Nullable NodeId next) {
        long pauseMs = attempt.pauseMs;
        attempt.pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        try {
            var unused = timer.schedule(
                    () -> execute(attempt, () -> attempt(attempt, next == null ? server.leader() : next)),
                    pauseMs,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            fail(attempt, "the control plane was closed");
        }
    }

    private void fail(Attempt attempt, String problem) {
        underWay.remove(attempt);
        attempt.outcome.completeExceptionally(new ControlPlaneException(
                "The control plane did not decide in time: " + problem
                        + "; propose the same again to find out, and see that a majority of the voters is up",
                attempt.sent));
    }

    /** Every proposal that is under way fails, later ones too. */
    void close() {
        closed = true;
        underWay.forEach(attempt -> fail(attempt, "the control plane was closed"));
    }
}
