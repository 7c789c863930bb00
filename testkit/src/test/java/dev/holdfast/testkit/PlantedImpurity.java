package dev.holdfast.testkit;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import net.openhft.chronicle.queue.ChronicleQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that the pure core must not do, so that ArchitectureTest can show that its rule sees it. */
@SuppressWarnings("unused") // each member stands for one finding
final class PlantedImpurity {
    static int changes;

    long wallClock() {
        return System.currentTimeMillis();
    }

    long monotonicClock() {
        return System.nanoTime();
    }

    Instant now() {
        return Instant.now();
    }

    double randomness() {
        return new Random(1).nextDouble();
    }

    double mathRandomness() {
        return Math.random();
    }

    UUID randomName() {
        return UUID.randomUUID();
    }

    Thread thread() {
        return Thread.currentThread();
    }

    void executor(Executor executor) {}

    void lock(ReentrantLock lock) {}

    synchronized void monitor() {}

    boolean file(Path path) {
        return Files.exists(path);
    }

    void socket(Socket socket) throws IOException {
        socket.close();
    }

    Logger logger() {
        return LoggerFactory.getLogger("x");
    }

    String environment() {
        return System.getenv("x");
    }

    void chronicle(ChronicleQueue queue) {
        queue.close();
    }
}
