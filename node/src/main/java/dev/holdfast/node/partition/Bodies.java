package dev.holdfast.node.partition;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.PartitionLog;
import java.util.function.Predicate;

/** Reads what tasks are and have returned from the log. Any thread. */
final class Bodies {

    private final PartitionLog log;
    private volatile Predicate<LogDamagedException> onDamage = damage -> false;
    private volatile boolean givenUp;

    Bodies(PartitionLog log) {
        this.log = log;
    }

    /** As {@link Partition#onDamage}. */
    void onDamage(Predicate<LogDamagedException> handler) {
        onDamage = handler;
    }

    /** Whether the copy of this node is given up for what was found. */
    boolean areGivenUp() {
        return givenUp;
    }

    /** @throws LogDamagedException it is not what was written */
    byte[] read(Body body) {
        try {
            return body instanceof Body.Stored stored ? log.read(stored) : ((Body.Inline) body).bytes();
        } catch (LogDamagedException e) {
            if (onDamage.test(e)) {
                givenUp = true; // for good, whatever another reader comes upon
            }
            throw e;
        }
    }
}
