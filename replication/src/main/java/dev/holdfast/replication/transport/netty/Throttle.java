package dev.holdfast.replication.transport.netty;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Keeps who comes again every second from filling the log: the same thing about the same host once a minute. Any thread. */
final class Throttle {

    private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_REMEMBERED = 256;

    private final LongSupplier nanoClock;
    private final Map<String, Long> saidAtNanos = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    Throttle(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Whether {@code what} is to be said now of who is at the other end; then it is taken for said. */
    boolean isNews(String what, Channel channel) {
        String host = channel.remoteAddress() instanceof InetSocketAddress address ? address.getHostString() : "";
        long nowNanos = nanoClock.getAsLong();
        String key = what + " " + host;
        synchronized (saidAtNanos) {
            Long last = saidAtNanos.get(key);
            if (last != null && nowNanos - last < AGAIN_NANOS) {
                return false;
            }
            saidAtNanos.put(key, nowNanos);
            return true;
        }
    }
}
