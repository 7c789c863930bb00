package dev.holdfast.cli.console;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C as the regular end of something endless: the thread that does it is interrupted, says its last word, and the
 * process ends with that thread's exit code in place of the signal's. In the shell, which takes Ctrl-C itself and interrupts
 * the thread, the process goes on.
 */
final class Interruption {

    private static final long LAST_WORD_SECONDS = 5;

    private final Thread hook;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean signalled;
    private volatile int exitCode;

    private Interruption(Thread thread) {
        hook = new Thread(() -> onSignal(thread), "holdfast-stop");
    }

    /** Until {@link #end}. */
    static Interruption ofThisThread() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void onSignal(Thread thread) {
        signalled = true;
        thread.interrupt();
        try {
            if (!ended.await(LAST_WORD_SECONDS, TimeUnit.SECONDS)) {
                return; // the process then ends as the signal says
            }
        } catch (InterruptedException e) {
            return;
        }
        // only halt changes the exit code of a process that a signal ends
        Runtime.getRuntime().halt(exitCode);
    }

    /** False if it was interrupted. */
    boolean sleep(Duration time) {
        try {
            return !new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether what just failed did so because it was to end. */
    boolean came() {
        return signalled || Thread.currentThread().isInterrupted();
    }

    /** Everything is said. */
    void end(int code) {
        exitCode = code;
        Thread.interrupted();
        if (signalled) {
            ended.countDown();
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException theProcessEnds) {
            ended.countDown();
        }
    }
}
