package dev.holdfast.cli.demo;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way out of a {@link FileDigestTask}, one per process: open, or with a number of places. A task that finds no place
 * has done its work and stays where it is: running, its result not stored. So a process can be killed at a moment when an
 * exact number of tasks is finished, every worker has a task in hand and the others wait.
 */
final class Gate {

    private static final Gate INSTANCE = new Gate();
    private static final String PROCESS = UUID.randomUUID().toString();
    private static final AtomicLong BYTES = new AtomicLong();

    private long places = Long.MAX_VALUE;
    private int held;

    private Gate() {}

    /** Identity of this process, in every result that it makes. */
    static String process() {
        return PROCESS;
    }

    static void worked(long bytes) {
        BYTES.addAndGet(bytes);
    }

    /** Bytes that the tasks of this process have read. */
    static long bytesWorked() {
        return BYTES.get();
    }

    /** From now on this many tasks get through. */
    static void limit(long places) {
        synchronized (INSTANCE) {
            INSTANCE.places = places;
            INSTANCE.notifyAll();
        }
    }

    static void pass() throws InterruptedException {
        INSTANCE.take();
    }

    /** Waits until so many tasks stand at the closed gate. */
    static void awaitHeld(int count) throws InterruptedException {
        synchronized (INSTANCE) {
            while (INSTANCE.held < count) {
                INSTANCE.wait();
            }
        }
    }

    private synchronized void take() throws InterruptedException {
        if (places > 0) {
            places--;
            return;
        }
        held++;
        notifyAll();
        try {
            while (places <= 0) {
                wait();
            }
            places--;
        } finally {
            held--;
        }
    }
}
