package dev.holdfast.replication.control.ratis;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

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
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings proposals to the leader, wherever that is, and tries again, as the same call, until there is an outcome or the
 * time is over. After somebody who did not answer at all, every other attempt asks another member to hand the proposal on to the leader as that knows it: a way that is
 * cut between two members need not stop what the others can decide. Thread-safe.
 */
final class Proposals {

    /** Proposals without an outcome; beyond it they are refused. */
    static final int MAX_UNDER_WAY = 4_096;

    private static final String CLOSED = "the control plane was closed";

    private final LocalServer server;
    private final ControlTransport transport;
    private final Route route;
    private final RatisTiming timing;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final byte[] clientId = LocalServer.newClientId();
    private final AtomicLong calls = new AtomicLong();
    private final Set<OpenProposal> underWay = ConcurrentHashMap.newKeySet();
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
        OpenProposal open = new OpenProposal(
                new Wire.Proposed(clientId, calls.incrementAndGet(), command),
                System.nanoTime() + timing.proposal().toNanos());
        underWay.add(open);
        if (closed) { // after the others were failed
            fail(open, CLOSED);
            return open.outcome();
        }
        endInTime(open);
        execute(open, () -> attempt(open, open.nextAttempt(), server.leader()));
        return open.outcome();
    }

    /** Whoever is asked may not answer, this node's own server among them. */
    private void endInTime(OpenProposal open) {
        try {
            long mostMs = timing.proposal().toMillis();
            ScheduledFuture<?> end = timer.schedule(() -> fail(open, open.lastProblem()), mostMs, MILLISECONDS);
            var unused = open.outcome().whenComplete((outcome, failure) -> end.cancel(false));
        } catch (RejectedExecutionException e) {
            fail(open, CLOSED);
        }
    }

    /** Whoever waits for another node's answer asks the new leader at once: the old one may never answer. */
    void leaderChanged(NodeId leader) {
        for (OpenProposal open : underWay) {
            if (!open.isAsking(leader)) {
                execute(open, () -> attempt(open, open.nextAttempt(), leader));
            }
        }
    }

    private void execute(OpenProposal open, Runnable step) {
        try {
            workers.execute(step);
        } catch (RejectedExecutionException e) {
            fail(open, closed ? CLOSED : "too much is waiting here");
        }
    }

    private void attempt(OpenProposal open, int attempt, @Nullable NodeId known) {
        if (closed || open.leftNanos() <= 0) {
            fail(open, closed ? CLOSED : open.lastProblem());
            return;
        }
        NodeId silent = open.takeSilent();
        if (silent != null && (known == null || known.equals(silent))) {
            NodeId other = route.next(silent);
            if (other != null) {
                ask(open, attempt, other, Wire.RELAY);
                return;
            }
        }
        NodeId target = known == null ? route.next() : known;
        if (target == null) {
            again(open, attempt, "no leader is known");
        } else {
            ask(open, attempt, target, Wire.PROPOSE);
        }
    }

    private void ask(OpenProposal open, int attempt, NodeId target, byte kind) {
        if (!open.asks(attempt, target)) {
            return;
        }
        CompletionStage<byte[]> answer;
        if (target.equals(route.self())) {
            answer = server.propose(open.proposed());
        } else {
            long mostNanos = Math.min(timing.request().toNanos(), open.leftNanos());
            answer = transport.request(target, open.proposed().encode(kind), Duration.ofNanos(mostNanos));
        }
        var unused = answer.whenComplete((frame, failure) -> {
            if (frame == null && kind == Wire.PROPOSE) {
                open.unanswered(attempt, target);
            }
            answered(open, attempt, target, frame, failure);
        });
    }

    private void answered(
            OpenProposal open, int attempt, NodeId by, byte @Nullable [] frame, @Nullable Throwable failure) {
        if (frame == null) {
            again(open, attempt, "no answer from node=" + by + ": " + failure);
            return;
        }
        switch (Wire.first(frame)) {
            case Wire.DONE:
                decided(open, attempt, frame);
                break;
            case Wire.NOT_LEADER:
                String leader = Wire.text(frame);
                boolean elsewhere = !leader.isBlank() && !leader.equals(by.diskId());
                pause(open, attempt, "no leader is known at node=" + by, elsewhere ? new NodeId(leader) : null);
                break;
            default:
                again(open, attempt, "node=" + by + " says: " + Wire.text(frame));
        }
    }

    /** Whichever attempt it answers: all are the same proposal. */
    private void decided(OpenProposal open, int attempt, byte[] frame) {
        try {
            Outcome outcome = OutcomeCodec.decode(Wire.body(frame));
            underWay.remove(open);
            open.outcome().complete(outcome);
        } catch (ControlFormatException e) {
            again(open, attempt, String.valueOf(e.getMessage()));
        }
    }

    private void again(OpenProposal open, int attempt, String problem) {
        pause(open, attempt, problem, null);
    }

    private void pause(OpenProposal open, int attempt, String problem, @Nullable NodeId next) {
        long pauseMs = open.failed(attempt, problem, next != null);
        if (pauseMs < 0) {
            return; // another attempt has begun meanwhile
        }
        try {
            var unused = timer.schedule(() -> execute(open, () -> resume(open, attempt, next)), pauseMs, MILLISECONDS);
        } catch (RejectedExecutionException e) {
            fail(open, CLOSED);
        }
    }

    private void resume(OpenProposal open, int failed, @Nullable NodeId next) {
        if (open.isLatest(failed)) {
            attempt(open, open.nextAttempt(), next == null ? server.leader() : next);
        }
    }

    private void fail(OpenProposal open, String problem) {
        underWay.remove(open);
        open.outcome()
                .completeExceptionally(new ControlPlaneException(
                        "The control plane did not decide in time: " + problem
                                + "; propose the same again to find out, and see that a majority of the voters is up",
                        open.wasSent()));
    }

    /** Every proposal that is under way fails, later ones too. */
    void close() {
        closed = true;
        underWay.forEach(open -> fail(open, CLOSED));
    }
}
