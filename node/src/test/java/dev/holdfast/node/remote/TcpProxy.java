package dev.holdfast.node.remote;

import dev.holdfast.replication.transport.PeerAddress;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Between a caller and a node, where connections can be cut in the middle of whatever they carry. */
final class TcpProxy implements AutoCloseable {

    private static final int CHUNK = 8 * 1024;

    private final PeerAddress target;
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean held;
    private final AtomicInteger accepted = new AtomicInteger();

    TcpProxy(PeerAddress target) throws IOException {
        this(target, 0);
    }

    /** On a port at which another one has been before. */
    TcpProxy(PeerAddress target, int port) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    PeerAddress address() {
        return new PeerAddress("127.0.0.1", listening.getLocalPort());
    }

    int accepted() {
        return accepted.get();
    }

    /** From here to the next {@link #cut} nothing that the node says arrives. */
    void holdAnswers() {
        held = true;
    }

    /** Ends all connections; new ones are taken. */
    void cut() {
        sockets.forEach(TcpProxy::closeQuietly);
        sockets.clear();
        held = false;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "test-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                Socket far = new Socket(target.host(), target.port());
                sockets.add(near);
                sockets.add(far);
                accepted.incrementAndGet();
                start(() -> pump(near, far, false));
                start(() -> pump(far, near, true));
            } catch (IOException e) {
                cut();
            }
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] chunk = new byte[CHUNK];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (!(answers && held)) {
                    out.write(chunk, 0, count);
                }
            }
        } catch (IOException e) {
            sockets.remove(from); // cut
        }
        sockets.remove(from);
        sockets.remove(to);
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
