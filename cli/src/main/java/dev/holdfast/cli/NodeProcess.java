package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastException;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node that is this process: Ctrl-C and SIGTERM close it in order, and before it is there, as long as it waits for other members, they
 * end the wait. Either way the process ends with 0: being asked to stop, and stopping, is no failure.
 */
final class NodeProcess {

    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
    private static final long END_SECONDS = 10;

    private final Thread starter = Thread.currentThread();
    private final CountDownLatch started = new CountDownLatch(1);
    private final Object lock = new Object();
    private boolean stopping;
    private volatile @Nullable HoldfastInstance node;

    private NodeProcess() {}

    /** Starts the node; it ends with the process. A signal meanwhile is not returned from. */
    static HoldfastInstance start(Config config) throws InterruptedException {
        NodeProcess process = new NodeProcess();
        Runtime.getRuntime().addShutdownHook(new Thread(process::stop, "holdfast-stop"));
        HoldfastInstance started;
        try {
            started = Holdfast.newInstance(config);
        } catch (HoldfastException e) {
            process.ended();
            if (process.isStopping()) {
                new CountDownLatch(1).await(); // the hook ends the process
            }
            throw e;
        } catch (RuntimeException | Error e) {
            process.ended();
            throw e;
        }
        process.node = started;
        process.ended();
        return started;
    }

    private void ended() {
        synchronized (lock) {
            started.countDown();
            Thread.interrupted(); // a signal that came too late to interrupt the start
        }
    }

    private boolean isStopping() {
        synchronized (lock) {
            return stopping;
        }
    }

    /**
     * Runs in the shutdown hook. A JVM that a signal ends reports 128 and the signal's number, and only {@code halt} changes
     * that. A start that has failed, and ends the process itself, is left alone.
     */
    private void stop() {
        boolean waits;
        synchronized (lock) {
            waits = started.getCount() > 0;
            stopping = waits;
            if (waits) {
                starter.interrupt();
            }
        }
        try {
            if (!started.await(END_SECONDS, TimeUnit.SECONDS)) {
                return; // the process ends as the signal says
            }
        } catch (InterruptedException e) {
            return;
        }
        HoldfastInstance running = node;
        if (running != null) {
            Runtime.getRuntime().halt(close(running));
        } else if (waits) {
            Runtime.getRuntime().halt(ExitCodes.OK);
        }
    }

    private static int close(HoldfastInstance node) {
        try {
            node.close();
            return ExitCodes.OK;
        } catch (RuntimeException e) {
            LOG.error(ErrorCode.CLOSE_NOT_FORCED.says("The node did not close in order"), e);
            return ExitCodes.FAILED;
        }
    }
}
