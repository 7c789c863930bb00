package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlFormatException;
import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.protocol.NodeId;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While this member hears no leader: asks the other members, one with each tick, for a newer table than its own. Who is cut off from
 * the leader alone learns so what became of its proposals, and that it was replaced. What another member has was committed, as
 * all that came out there; and nothing is decided on a read. {@link #tick} belongs to the timer.
 */
final class TableInquiry {

    private static final Logger LOG = LoggerFactory.getLogger(TableInquiry.class);

    private final LocalServer server;
    private final ControlTransport transport;
    private final Route route;
    private final AppliedStates applied;
    private final RatisTiming timing;
    private final Executor workers;
    private final AtomicBoolean asking = new AtomicBoolean();

    /** @param workers for what comes: whoever follows the table is told by them, not by the network */
    TableInquiry(
            LocalServer server,
            ControlTransport transport,
            Route route,
            AppliedStates applied,
            RatisTiming timing,
            Executor workers) {
        this.server = server;
        this.transport = transport;
        this.route = route;
        this.applied = applied;
        this.timing = timing;
        this.workers = workers;
    }

    void tick() {
        if (server.hearsLeader(timing.electionMax()) || !asking.compareAndSet(false, true)) {
            return;
        }
        NodeId other = route.next();
        if (other == null) {
            asking.set(false);
            return;
        }
        byte[] question = Wire.tableAfter(applied.latest().revision());
        Duration deadline = timing.request();
        var unused = transport.request(other, question, deadline).whenComplete((frame, failure) -> {
            if (failure == null) {
                execute(() -> take(other, frame));
            }
            asking.set(false);
        });
    }

    private void execute(Runnable work) {
        try {
            workers.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("Not taken, the control plane is closed or has too much to do");
        }
    }

    private void take(NodeId from, byte[] frame) {
        byte[] body = Wire.body(frame);
        if (Wire.first(frame) != Wire.DONE || body.length == 0) {
            return;
        }
        try {
            ClusterState state = ClusterState.decode(body);
            LOG.debug("Learnt the control table from another member: from={}, revision={}", from, state.revision());
            applied.publish(state);
        } catch (ControlFormatException e) {
            LOG.debug("Not a control table: from={}", from, e);
        }
    }
}
