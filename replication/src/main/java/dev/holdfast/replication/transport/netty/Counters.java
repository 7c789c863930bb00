package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.TransportStats;
import java.util.concurrent.atomic.LongAdder;

/** What {@link TransportStats} is made from. Any thread. */
final class Counters {
    final LongAdder framesSent = new LongAdder();
    final LongAdder framesReceived = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder damaged = new LongAdder();
    final LongAdder connections = new LongAdder();
    final LongAdder accepted = new LongAdder();

    TransportStats sum() {
        return new TransportStats(
                framesSent.sum(),
                framesReceived.sum(),
                dropped.sum(),
                damaged.sum(),
                connections.sum(),
                accepted.sum());
    }
}
