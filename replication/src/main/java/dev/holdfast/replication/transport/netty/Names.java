package dev.holdfast.replication.transport.netty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Looks names up on a thread of its own, for that may take long; addresses need no look-up and no thread. */
final class Names {

    private static final int MOST_WAITING = 1024;

    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), Names::newThread);

    Names() {
        executor.allowCoreThreadTimeOut(true);
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "holdfast-net-names");
        thread.setDaemon(true);
        return thread;
    }

    /** Tells {@code then} what {@code host} is, or that nobody knows; here, if no look-up is needed. */
    void lookUp(String host, BiConsumer<@Nullable InetAddress, @Nullable Exception> then) {
        if (NetUtil.createByteArrayFromIpAddressString(host) != null) {
            find(host, then);
            return;
        }
        try {
            executor.execute(() -> find(host, then));
        } catch (RejectedExecutionException e) {
            then.accept(null, e);
        }
    }

    private static void find(String host, BiConsumer<@Nullable InetAddress, @Nullable Exception> then) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            then.accept(null, e);
            return;
        }
        then.accept(address, null);
    }

    void close() {
        executor.shutdownNow();
    }
}
