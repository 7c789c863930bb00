package dev.holdfast.testkit.disk;

import dev.holdfast.DurableCallable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** As {@link Held}, in a JVM that nobody can ask to let it go: it ends when there is a file. */
record HeldByFile(String token, String gate) implements DurableCallable<String> {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    @Override
    public String call() throws InterruptedException {
        while (!Files.exists(Path.of(gate))) {
            LockSupport.parkNanos(LOOK_NANOS); // sleeps because nobody could wake it
            if (Thread.interrupted()) {
                throw new InterruptedException("held by " + gate);
            }
        }
        return token + "=" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }
}
