package dev.holdfast.replication.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between somebody who connects and a transport, and does to single frames what a network does to nobody's liking:
 * delay, loss, repetition, damage, another order, silence in one direction. Knows where a frame ends, not what is in it, so it
 * needs connections without TLS. Handshakes pass untouched, but for the silence.
 *
 * <p>What it does is decided by its seed and the order in which frames come by.
 */
public final class FrameProxy implements AutoCloseable {

    private final PeerAddress target;
    private final ServerSocket server;
    private final SplittableRandom seeds;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Faults toTarget = Faults.NONE;
    private volatile Faults fromTarget = Faults.NONE;
    private volatile boolean closed;

    /**
     * What happens to frames in one direction; shares are from 0 (never) to 1 (always).
     *
     * @param delay of each
     * @param lost share that is swallowed
     * @param repeated share that comes twice
     * @param damaged share in which a bit is flipped
     * @param reordered share that lets the next one pass, where the transport promises no order between the two
     * @param silent everything is swallowed, handshakes too: a partition in this direction
     */
    public record Faults(
            Duration delay, double lost, double repeated, double damaged, double reordered, boolean silent) {

        public static final Faults NONE = new Faults(Duration.ZERO, 0, 0, 0, 0, false);
        public static final Faults SILENCE = new Faults(Duration.ZERO, 0, 0, 0, 0, true);

        public static Faults delaying(Duration delay) {
            return new Faults(delay, 0, 0, 0, 0, false);
        }

        public static Faults losing(double share) {
            return new Faults(Duration.ZERO, share, 0, 0, 0, false);
        }

        public static Faults repeating(double share) {
            return new Faults(Duration.ZERO, 0, share, 0, 0, false);
        }

        public static Faults damaging(double share) {
            return new Faults(Duration.ZERO, 0, 0, share, 0, false);
        }

        public static Faults reordering(double share) {
            return new Faults(Duration.ZERO, 0, 0, 0, share, false);
        }
    }

    /** Listens on a port of its own, and connects to {@code target} for each who connects. */
    public FrameProxy(PeerAddress target, long seed) throws IOException {
        this.target = target;
        this.seeds = new SplittableRandom(seed);
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    /** Where to connect to instead of the target. */
    public PeerAddress address() {
        return new PeerAddress("127.0.0.1", server.getLocalPort());
    }

    /** From the next frame on. */
    public void toTarget(Faults faults) {
        toTarget = faults;
    }

    /** From the next frame on. */
    public void fromTarget(Faults faults) {
        fromTarget = faults;
    }

    /** No faults any more; what was swallowed stays lost. */
    public void heal() {
        toTarget = Faults.NONE;
        fromTarget = Faults.NONE;
    }

    /** Ends all connections that there are; new ones may be made. */
    public void cutConnections() {
        sockets.forEach(FrameProxy::quietly);
        sockets.clear();
    }

    private void accept() {
        while (!closed) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                if (!closed) {
                    throw new IllegalStateException("The proxy accepts no more: target=" + target, e);
                }
            }
        }
    }

    private void connect(Socket client) {
        sockets.add(client);
        try {
            Socket up = new Socket(target.host(), target.port());
            sockets.add(up);
            client.setTcpNoDelay(true);
            up.setTcpNoDelay(true);
            new FramePump(client, up, () -> toTarget, seeds.split()).start();
            new FramePump(up, client, () -> fromTarget, seeds.split()).start();
        } catch (IOException e) {
            quietly(client); // nobody there: who connected is told by the end
        }
    }

    static void start(String what, Runnable work) {
        Thread thread = new Thread(work, "frame-proxy-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("A socket does not close: socket=" + socket, e);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        cutConnections();
    }
}
