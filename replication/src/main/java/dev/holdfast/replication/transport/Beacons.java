package dev.holdfast.replication.transport;

import dev.holdfast.storage.log.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the backups of all partitions, again and again, that their primary is there: one beacon per node, with the set of its
 * (partition, epoch), and one answer with those that are acknowledged. The lease counts from when the beacon was sent.
 *
 * <p>Sent by a thread of its own that does nothing else, so that no disk and no task can delay it; a partition whose writer
 * has had work and made no progress is left out, for its backups are to take it over.
 */
public final class Beacons implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Beacons.class);

    /** What beacons are about. Called by the beacons' thread and by those of the network: must not block. */
    public interface Node {

        /** The partitions this node is primary of, by whom it needs an acknowledgement of. */
        Map<Peer, List<PartitionEpoch>> duties();

        /** Whether the partition's writer has had work waiting, or a force under way, for too long without progress. */
        boolean isStuck(PartitionId partition);

        /**
         * A beacon of a primary.
         *
         * @param receivedNanos by the clock of this node
         * @return what of it is acknowledged: not an epoch that has ended
         */
        List<PartitionEpoch> received(Identity from, List<PartitionEpoch> beacon, long receivedNanos);

        /**
         * The answer to a beacon of this node.
         *
         * @param sentNanos when the beacon was sent, by the clock of this node
         */
        void acknowledged(Peer by, List<PartitionEpoch> what, long sentNanos);
    }

    private final Transport transport;
    private final Inbound inbound;
    private final MessageKind kind;
    private final Node node;
    private final Duration lease;
    private final LongSupplier nanoClock;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, Beacons::newThread);

    /**
     * Answers beacons from here on; sends some once it is started.
     *
     * @param kind of the beacons; for connections of the role {@link Role#CONTROL}, on which nothing large is in their way
     * @param lease after which an acknowledgement is of no use any more
     */
    public Beacons(
            Transport transport, Inbound inbound, MessageKind kind, Node node, Duration lease, LongSupplier nanoClock) {
        this.transport = transport;
        this.inbound = inbound;
        this.kind = kind;
        this.node = node;
        this.lease = lease;
        this.nanoClock = nanoClock;
        inbound.onRequest(kind, (from, body, timeLeft) -> {
            List<PartitionEpoch> acknowledged =
                    node.received(from.identity(), BeaconCodec.decode(body), nanoClock.getAsLong());
            return CompletableFuture.completedFuture(BeaconCodec.encode(acknowledged));
        });
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "holdfast-beacon");
        thread.setDaemon(true);
        return thread;
    }

    /** Sends a round every {@code interval}, the first at once. */
    public void start(Duration interval) {
        var unused = thread.scheduleAtFixedRate(this::round, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** One beacon to each who has to get one. */
    void round() {
        try {
            node.duties().forEach(this::send);
        } catch (RuntimeException e) {
            log.error("A round of beacons failed; the next is tried", e); // the executor would end them for ever
        }
    }

    private void send(Peer peer, List<PartitionEpoch> duties) {
        List<PartitionEpoch> healthy = new ArrayList<>(duties.size());
        for (PartitionEpoch duty : duties) {
            if (!node.isStuck(duty.partition())) {
                healthy.add(duty);
            }
        }
        if (healthy.isEmpty()) {
            return;
        }
        long sentNanos = nanoClock.getAsLong(); // before it leaves: the lease must not be longer than the backup thinks
        var unused = transport
                .request(peer, kind, BeaconCodec.encode(healthy), lease)
                .whenComplete((answer, failure) -> {
                    if (answer != null) {
                        node.acknowledged(peer, BeaconCodec.decode(answer), sentNanos);
                    }
                });
    }

    /** Sends and answers none any more. */
    @Override
    public void close() {
        inbound.remove(kind);
        thread.shutdownNow();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended && !interrupted) {
            try {
                ended = thread.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
