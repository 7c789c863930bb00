package dev.holdfast.testkit.disk;

import dev.holdfast.DurableCallable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;

/** A task that ends when its JVM lets it, with a value made at execution: one that is computed again shows. */
record Held(String token, String filling) implements DurableCallable<String> {

    private static volatile CountDownLatch gate = new CountDownLatch(0);

    static void close() {
        gate = new CountDownLatch(1);
    }

    static void open() {
        gate.countDown();
    }

    @Override
    public String call() throws InterruptedException {
        gate.await();
        return token + "=" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }
}
