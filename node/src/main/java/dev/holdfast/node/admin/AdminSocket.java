package dev.holdfast.node.admin;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.admin.AdminFailure.Reason;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's ear for the console: {@code admin.sock} in its data directory, for its own user. A daemon thread, {@code
 * holdfast-admin}, accepts; each connection has one of its own, {@code holdfast-admin-<n>}, at most {@value
 * #MAX_CONNECTIONS}: one that is slow holds up nobody. More are refused at once, with words. A client that sends no request
 * for {@value #REQUEST_MILLIS} ms, or takes nothing of its answer for {@value #IDLE_MILLIS} ms, is dropped. A node that can
 * not have the socket runs without.
 */
public final class AdminSocket implements AutoCloseable {

    /** Name of the socket in the data directory. */
    public static final String FILE = SocketFile.NAME;

    static final int MAX_CONNECTIONS = 16;
    static final int REQUEST_MILLIS = 2_000;
    static final int IDLE_MILLIS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);
    /** Those who wait for the thread that accepts, which never waits for anybody. */
    private static final int BACKLOG = 64;

    private static final int BUFFER = 64 << 10;
    private static final long THREAD_IDLE_SECONDS = 10;
    private static final long END_MILLIS = 10_000;

    private final Path file;
    private final ServerSocketChannel server;
    private final AdminRequests requests;
    private final Thread acceptor;
    private final ThreadPoolExecutor connections;
    private final Object lock = new Object();
    /** Under the lock. */
    private final Set<TimedChannel> open = new HashSet<>();

    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * Listens. The caller holds the directory's lock, so that a socket that is there belongs to nobody.
     *
     * @return empty if that can not be; why is in the log
     */
    public static Optional<AdminSocket> open(Path directory, AdminHost host) {
        Path file = directory.toAbsolutePath().normalize().resolve(FILE);
        try {
            Files.deleteIfExists(file);
            if (!SocketFile.fits(file)) {
                LOG.info(
                        "The console can not see this node while it runs, the path of its socket is too long: file={},"
                                + " bytes={}, limit={}",
                        file,
                        SocketFile.length(file),
                        SocketFile.MAX_PATH);
                return Optional.empty();
            }
            AdminSocket socket = new AdminSocket(file, SocketFile.bind(file, BACKLOG), host);
            socket.acceptor.start();
            return Optional.of(socket);
        } catch (UnsupportedOperationException e) {
            LOG.info(
                    "The console can not see this node while it runs, there are no Unix domain sockets here, or no POSIX"
                            + " permissions to keep others out: file={}, cause={}",
                    file,
                    e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    ErrorCode.ADMIN_SOCKET_FAILED.says("The console can not see this node while it runs: file={}"),
                    file,
                    e);
        }
        return Optional.empty();
    }

    private AdminSocket(Path file, ServerSocketChannel server, AdminHost host) {
        this.file = file;
        this.server = server;
        this.requests = new AdminRequests(host, this::isClosed);
        this.acceptor = daemon(this::accept, "holdfast-admin");
        AtomicInteger number = new AtomicInteger();
        this.connections = new ThreadPoolExecutor(
                0,
                MAX_CONNECTIONS,
                THREAD_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> daemon(task, "holdfast-admin-" + number.incrementAndGet()));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    // ---- the thread that accepts

    private void accept() {
        try {
            new AcceptLoop(file, server::accept, this::hand, closing).run();
        } finally {
            if (!isClosed()) { // nobody would be served: better refused by the system than left waiting
                LOG.warn(
                        ErrorCode.ADMIN_SOCKET_FAILED.says("The console can not see this node any more: file={}"),
                        file);
                removeSocket();
            }
        }
    }

    private void hand(SocketChannel accepted) {
        try {
            connections.execute(() -> serve(accepted));
        } catch (RejectedExecutionException tooMany) {
            refuse(
                    accepted,
                    isClosed()
                            ? "The node is closing"
                            : "Too many consoles ask this node at the same time: connections=" + MAX_CONNECTIONS
                                    + "; nothing was done, try again");
        } catch (OutOfMemoryError noThread) { // the system's limit of threads may be reached
            refuse(
                    accepted,
                    "The node has no thread for a console: cause=" + noThread.getMessage()
                            + "; nothing was done, try again");
        }
    }

    /** Waits for nothing: what does not go at once is left out. */
    private void refuse(SocketChannel accepted, String why) {
        try (accepted) {
            accepted.configureBlocking(false);
            // a connection that is closed with bytes unread is reset, and the words might be lost
            accepted.read(ByteBuffer.allocate(AdminProtocol.MAX_REQUEST));
            ByteArrayOutputStream words = new ByteArrayOutputStream();
            AdminProtocol.writeError(words, new AdminFailure(Reason.REFUSED, why));
            accepted.write(ByteBuffer.wrap(words.toByteArray()));
        } catch (IOException | RuntimeException e) {
            LOG.debug("A console could not be told that it is refused: file={}", file, e);
        }
    }

    // ---- a connection's thread

    private void serve(SocketChannel accepted) {
        try (accepted;
                TimedChannel channel = new TimedChannel(accepted, IDLE_MILLIS, REQUEST_MILLIS)) {
            synchronized (lock) {
                if (isClosed()) {
                    return;
                }
                open.add(channel);
            }
            try {
                converse(channel);
            } finally {
                synchronized (lock) {
                    open.remove(channel);
                }
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.debug("A request of the console was not answered: file={}", file, e);
        }
    }

    private void converse(TimedChannel channel) throws IOException {
        OutputStream out = new BufferedOutputStream(channel.out(), BUFFER);
        try {
            requests.answer(AdminProtocol.read(channel.in(), AdminProtocol.MAX_REQUEST), out);
            AdminProtocol.write(out, AdminProtocol.Kind.END, body -> {});
        } catch (IOException | RuntimeException | LinkageError e) {
            AdminProtocol.writeError(out, e);
            out.flush();
            throw e;
        }
        out.flush();
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    /** Ends the requests under way, waits for the threads, removes the file. No thread is interrupted: it may read a log. */
    @Override
    public void close() {
        synchronized (lock) {
            closing.countDown();
            open.forEach(this::quietly);
        }
        removeSocket();
        connections.shutdown();
        boolean interrupted = Thread.interrupted();
        try {
            acceptor.join(END_MILLIS);
            if (!connections.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        ErrorCode.ADMIN_SOCKET_FAILED.says(
                                "Requests of the console still run after the close: file={}"),
                        file);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What fails here hinders nothing of the rest. */
    private void removeSocket() {
        quietly(server);
        quietly(() -> Files.deleteIfExists(file));
    }

    private void quietly(Closeable step) {
        try {
            step.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    ErrorCode.ADMIN_SOCKET_FAILED.says("The console's socket was not closed in order: file={}"),
                    file,
                    e);
        }
    }
}
