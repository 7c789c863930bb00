package dev.holdfast.replication.runtime;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.ReplicatedLog;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Forces a shell's log with {@code sync: interval}, besides what its replica wants forced. At most one such force of it waits at a time:
 * on a disk that stands still they do not come one on top of the other.
 */
final class ForcesAhead {

    private final ReplicatedLog log;
    private final Executor forcing;
    private final BooleanSupplier isClosed;
    private final Consumer<Throwable> onFailure;
    private final AtomicBoolean asked = new AtomicBoolean();

    /** @param onFailure told by the thread that forces, once for each force that fails */
    ForcesAhead(ReplicatedLog log, Executor forcing, BooleanSupplier isClosed, Consumer<Throwable> onFailure) {
        this.log = log;
        this.forcing = forcing;
        this.isClosed = isClosed;
        this.onFailure = onFailure;
    }

    /** Asks for a force, if there is something to force. Does not block. */
    void look() {
        if (!isClosed.getAsBoolean() && !log.forcedEnd().equals(log.end()) && asked.compareAndSet(false, true)) {
            try {
                forcing.execute(this::force);
            } catch (RuntimeException | Error e) { // no thread, say: the next look asks again
                asked.set(false);
                throw e;
            }
        }
    }

    private void force() {
        asked.set(false); // before the force: what is appended from here on may be behind it
        try {
            if (!isClosed.getAsBoolean()) {
                LogEnd unused = log.force();
            }
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }
}
