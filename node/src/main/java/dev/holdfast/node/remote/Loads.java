package dev.holdfast.node.remote;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** How much each executor has to do in a partition that another node leads, as it was told last. Thread-safe. */
final class Loads {

    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Consumer<String> ask;
    private final Map<String, Load> byExecutor = new ConcurrentHashMap<>();

    /** @param ask does not block; answered by {@link #learn} or {@link #unknown} */
    Loads(Consumer<String> ask) {
        this.ask = ask;
    }

    private static final class Load {
        private final AtomicBoolean asked = new AtomicBoolean();
        private volatile int unfinished;
        private volatile long toldAtNanos = System.nanoTime() - FRESH_NANOS;
    }

    int of(String executor) {
        Load load = load(executor);
        if (System.nanoTime() - load.toldAtNanos >= FRESH_NANOS && load.asked.compareAndSet(false, true)) {
            ask.accept(executor);
        }
        return load.unfinished;
    }

    void learn(String executor, int unfinished) {
        Load load = load(executor);
        load.unfinished = unfinished;
        unknown(executor);
    }

    /** It was not answered: it is asked again some time later. */
    void unknown(String executor) {
        Load load = load(executor);
        load.toldAtNanos = System.nanoTime();
        load.asked.set(false);
    }

    private Load load(String executor) {
        return byExecutor.computeIfAbsent(executor, unused -> new Load());
    }
}
