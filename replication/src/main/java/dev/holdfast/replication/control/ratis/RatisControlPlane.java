package dev.holdfast.replication.control.ratis;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.protocol.NodeId;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of the control plane on Apache Ratis: a voter that keeps the log, or a listener that follows it. Proposals go to
 * the leader, wherever it is. On the leader the group follows the table: who joins there is taken in, with or without a
 * vote, who was removed is dropped, who falls silent is noted.
 *
 * <p>A node that joins starts without founders, proposes {@code Join} through its contacts, and is then taken in.
 */
public final class RatisControlPlane implements ControlPlane {

    private static final Logger LOG = LoggerFactory.getLogger(RatisControlPlane.class);

    private static final int MOST_WORKERS = 4;
    private static final int MOST_WAITING = 8_192;
    private static final long WORKER_IDLE_SECONDS = 5;
    private static final long CLOSE_SECONDS = 10;
    /** A server that stops again and again is not started at every tick. */
    private static final int TICKS_BETWEEN_STARTS = 10;

    private final AppliedStates applied = new AppliedStates();
    private final AddressBook transport;
    private final Duration patience;
    private final LocalServer server;
    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor workers;
    private final Proposals proposals;
    private final GroupKeeper group;
    private final PresenceKeeper presence;
    private final EarlyElection election;
    private final TableInquiry inquiry;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Throwable> logFailed = new CompletableFuture<>();
    private final AtomicBoolean ending = new AtomicBoolean();

    /** Of the timer. */
    private int ticksUntilStart;

    private RatisControlPlane(RatisSettings settings, ControlTransport transport) {
        this.transport = new AddressBook(transport);
        this.patience = settings.timing().lostAfter();
        String name = settings.self().diskId();
        this.timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "holdfast-control-timer-" + name));
        timer.setRemoveOnCancelPolicy(true);
        this.workers = new ThreadPoolExecutor(
                MOST_WORKERS,
                MOST_WORKERS,
                WORKER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                task -> daemon(task, "holdfast-control-worker-" + name));
        workers.allowCoreThreadTimeOut(true);
        this.server = new LocalServer(settings, this.transport, applied, this::leaderChanged, this::logFailed);
        this.proposals =
                new Proposals(server, this.transport, new Route(settings, applied), settings.timing(), timer, workers);
        this.group = new GroupKeeper(server, applied);
        this.election = new EarlyElection(server, timer);
        this.inquiry = new TableInquiry(
                server, this.transport, new Route(settings, applied), applied, settings.timing(), workers);
        this.presence =
                new PresenceKeeper(server, applied, proposals, settings.timing().lostAfter());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts a member on its directory, which takes a part of a second. It answers others, and votes, from then on; whether
     * there is a leader is another question, which a proposal answers.
     *
     * @throws IOException the directory can not be used, or what is in it can not be read
     */
    public static RatisControlPlane start(RatisSettings settings, ControlTransport transport) throws IOException {
        RatisControlPlane member = new RatisControlPlane(settings, transport);
        try {
            var unusedHandle = member.applied.add(member.transport::follow);
            member.transport.answerWith(
                    new Answers(settings, member.server, member.transport, member.applied, member.workers));
            member.server.start();
            long tickMs = settings.timing().tick().toMillis();
            var unused = member.timer.scheduleWithFixedDelay(member::tick, tickMs, tickMs, TimeUnit.MILLISECONDS);
            return member;
        } catch (IOException | RuntimeException e) {
            member.close();
            throw e;
        }
    }

    private void leaderChanged(NodeId leader) {
        proposals.leaderChanged(leader);
    }

    /**
     * A kernel that failed a force may have dropped what it was to write, so what is read back from this log proves nothing: it is not
     * opened again. A full disk that took no write has lost nothing, nor has a file that was closed under its writer: there the server
     * is started again.
     */
    private void logFailed(Throwable cause) {
        if (closed.get()) {
            return; // what fails now was cut off by that
        }
        if (!isClosed(cause) && !isRefusedForRoom(cause)) {
            logFailed.complete(cause);
        } else if (ending.compareAndSet(false, true)) {
            try {
                timer.execute(this::endServer);
            } catch (RejectedExecutionException e) {
                LOG.debug("Not started again, the control plane is closed");
            }
        }
    }

    private static boolean isClosed(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof ClosedChannelException) {
                return true;
            }
        }
        return false;
    }

    /** Not by a force: that may have dropped what was written before. */
    private static boolean isRefusedForRoom(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (String.valueOf(each.getMessage()).contains("No space left")) {
                return Arrays.stream(each.getStackTrace())
                        .noneMatch(frame -> frame.getMethodName().equals("force"));
            }
        }
        return false;
    }

    private void endServer() {
        try {
            server.end();
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    ErrorCode.CONTROL_PLANE_TRIES_AGAIN.says(
                            "The control plane could not look after itself; tries again"),
                    e);
        } finally {
            ending.set(false);
        }
    }

    /**
     * Completed, by a thread that must not be held up, with why the log of this member can not be written or forced any more. It takes
     * part in nothing that needs its log from then on, and is to be closed: as a leader it would go on leading.
     */
    public CompletionStage<Throwable> logFailed() {
        return logFailed.minimalCompletionStage();
    }

    private void tick() {
        try {
            ticksUntilStart = Math.max(0, ticksUntilStart - 1);
            if (!server.hasStopped()) {
                group.tick();
                presence.tick();
                inquiry.tick();
            } else if (ticksUntilStart == 0) {
                ticksUntilStart = TICKS_BETWEEN_STARTS;
                LOG.warn(ErrorCode.CONTROL_PLANE_RESTARTED.says(
                        "The control plane's server has stopped by itself, after a long pause of this process or a "
                                + "failure that it has logged; starts it again"));
                server.start();
            }
        } catch (IOException | RuntimeException | Error e) { // the executor would end the ticks for ever
            LOG.warn(
                    ErrorCode.CONTROL_PLANE_TRIES_AGAIN.says(
                            "The control plane could not look after itself; tries again"),
                    e);
        }
    }

    @Override
    public CompletionStage<Outcome> propose(Proposal proposal) {
        return proposals.propose(proposal);
    }

    @Override
    public ClusterState state() {
        return applied.latest();
    }

    @Override
    public Subscription onApplied(Consumer<ClusterState> listener) {
        return applied.add(listener);
    }

    /**
     * Says that a node's process is gone for certain: its address refuses connections, or a newer session answers there (R4).
     * If it led the control plane, another leader is elected without waiting for the timeout. Does not block.
     */
    public void processGone(NodeId node) {
        election.processGone(node);
    }

    /**
     * The leader as this member knows it: for people and for tests, since it may be one no more. Empty where it was not heard for as
     * long as makes a member count as lost: who votes asks for votes before and forgets it, who does not vote knows it for ever.
     */
    public Optional<NodeId> leader() {
        return server.hearsLeader(patience) ? Optional.ofNullable(server.leader()) : Optional.empty();
    }

    /** Shows the thread by which this member looks at itself and at the others, on which nothing is to wait but in a test. */
    public void eachThread(Consumer<Executor> visitor) {
        visitor.accept(timer);
    }

    /** For tests, which look at the group and stop servers behind our back. */
    LocalServer server() {
        return server;
    }

    /** Takes a second or two: the server waits for what it has begun. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        proposals.close();
        timer.shutdownNow();
        transport.answerWith(null);
        try {
            server.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    ErrorCode.CONTROL_PLANE_NOT_CLOSED.says("The control plane's server could not be closed in order"),
                    e);
        }
        workers.shutdownNow();
        try {
            if (!timer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)
                    || !workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        ErrorCode.THREADS_LEFT.says("Threads of the control plane have not ended: seconds={}"),
                        CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
