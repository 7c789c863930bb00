package dev.holdfast.testkit.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/**
 * Which hand-overs of partitions members in this JVM have begun, by what they log: one that is begun again was called off before. Nothing
 * else tells it, for a partition whose hand-over waits for tasks serves as any other.
 */
final class HandOvers extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.holdfast.node.cluster.ReplicaHost");
    private final Queue<Begun> begun = new ConcurrentLinkedQueue<>();

    private record Begun(String partition, String to) {}

    static HandOvers listen() {
        HandOvers handOvers = new HandOvers();
        handOvers.start();
        handOvers.logger.addAppender(handOvers);
        handOvers.logger.setLevel(Level.DEBUG);
        return handOvers;
    }

    @Override
    protected void append(ILoggingEvent event) {
        Object[] values = event.getArgumentArray();
        if (event.getMessage().startsWith("Hands a partition over:")) {
            begun.add(new Begun(String.valueOf(values[0]), String.valueOf(values[1])));
        }
    }

    /** How often one of this partition has been begun. */
    long of(int partition, Predicate<String> to) {
        return begun.stream()
                .filter(each -> each.partition.equals(String.valueOf(partition)) && to.test(each.to))
                .count();
    }

    @Override
    public void close() {
        logger.setLevel(null);
        logger.detachAppender(this);
        stop();
    }
}
