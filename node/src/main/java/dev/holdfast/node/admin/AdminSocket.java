package dev.holdfast.node.admin;

import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.admin.AdminProtocol.Frame;
import dev.holdfast.node.admin.AdminProtocol.Kind;
import dev.holdfast.storage.log.TaskId;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's ear for the console: {@code admin.sock} in its data directory, for its own user, read only. One daemon thread,
 * {@code holdfast-admin}, serves one connection after the other and sleeps in between; a client that is silent or slow is
 * dropped after {@value #IDLE_MILLIS} ms. A node that can not have the socket runs without.
 */
public final class AdminSocket implements AutoCloseable {

    /** Name of the socket in the data directory. */
    public static final String FILE = "admin.sock";

    static final int IDLE_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);
    /** Those who wait while one is served. */
    private static final int BACKLOG = 8;
    /** Of {@code sockaddr_un}, with the zero at the end: 108 on Linux, 104 elsewhere. */
    private static final int MAX_PATH = 103;

    private static final int BUFFER = 64 << 10;
    private static final long END_MILLIS = 10_000;

    private final Path file;
    private final ServerSocketChannel server;
    private final LiveTasks tasks;
    private final Thread thread;
    private final Object lock = new Object();
    /** Under the lock. */
    private @Nullable TimedChannel current;

    private volatile boolean closed;

    /**
     * Listens. The caller holds the directory's lock, so that a socket that is there belongs to nobody.
     *
     * @return empty if that can not be; why is in the log
     */
    public static Optional<AdminSocket> open(Path directory, LiveTasks tasks) {
        Path file = directory.toAbsolutePath().normalize().resolve(FILE);
        int length = file.toString().getBytes(StandardCharsets.UTF_8).length;
        try {
            Files.deleteIfExists(file);
            if (length > MAX_PATH) {
                LOG.info(
                        "The console can not see this node while it runs, the path of its socket is too long: file={},"
                                + " bytes={}, limit={}",
                        file,
                        length,
                        MAX_PATH);
                return Optional.empty();
            }
            AdminSocket socket = new AdminSocket(file, listen(file), tasks);
            socket.thread.start();
            return Optional.of(socket);
        } catch (UnsupportedOperationException e) {
            LOG.info(
                    "The console can not see this node while it runs, there are no Unix domain sockets here: file={}",
                    file);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    ErrorCode.ADMIN_SOCKET_FAILED.says("The console can not see this node while it runs: file={}"),
                    file,
                    e);
        }
        return Optional.empty();
    }

    /** The directory is its owner's alone, so nobody else comes between the bind and the permissions. */
    private static ServerSocketChannel listen(Path file) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(file), BACKLOG);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private AdminSocket(Path file, ServerSocketChannel server, LiveTasks tasks) {
        this.file = file;
        this.server = server;
        this.tasks = tasks;
        this.thread = new Thread(this::run, "holdfast-admin");
        thread.setDaemon(true);
    }

    private void run() {
        while (true) {
            SocketChannel accepted;
            try {
                accepted = server.accept();
            } catch (IOException e) { // it would fail again at once
                if (!closed) {
                    LOG.warn(
                            ErrorCode.ADMIN_SOCKET_FAILED.says("The console can not see this node any more: file={}"),
                            file,
                            e);
                }
                return;
            }
            try {
                serve(accepted);
            } catch (IOException | RuntimeException e) {
                LOG.debug("A request of the console was not answered: file={}", file, e);
            }
        }
    }

    private void serve(SocketChannel accepted) throws IOException {
        try (accepted;
                TimedChannel channel = new TimedChannel(accepted, IDLE_MILLIS, IDLE_MILLIS)) {
            synchronized (lock) {
                if (closed) {
                    return;
                }
                current = channel;
            }
            OutputStream out = new BufferedOutputStream(channel.out(), BUFFER);
            try {
                answer(AdminProtocol.read(channel.in(), AdminProtocol.MAX_REQUEST), out);
                AdminProtocol.write(out, Kind.END, body -> {});
            } catch (IOException | RuntimeException e) {
                AdminProtocol.write(
                        out, Kind.ERROR, body -> AdminProtocol.writeText(body, String.valueOf(e.getMessage())));
                out.flush();
                throw e;
            }
            out.flush();
        }
    }

    private void answer(Frame request, OutputStream out) throws IOException {
        DataInputStream body = request.body();
        switch (request.kind()) {
            case NODE -> tellNode(out);
            case TASKS -> tellTasks(body, out);
            case TASK -> tellTask(new TaskId(body.readLong()), out);
            case PAYLOAD -> tellBytes(new TaskId(body.readLong()), false, out);
            case RESULT -> tellBytes(new TaskId(body.readLong()), true, out);
            default -> throw new IOException("Not a request: kind=" + request.kind());
        }
    }

    private void tellNode(OutputStream out) throws IOException {
        AdminProtocol.write(out, Kind.NODE, body -> {
            AdminProtocol.writeText(body, tasks.node().name());
            body.writeLong(tasks.node().pid());
            body.writeLong(tasks.node().session());
        });
        for (var partition : tasks.refusing().toList()) {
            AdminProtocol.write(out, Kind.PROBLEM, body -> {
                body.writeInt(partition.id().value());
                AdminProtocol.writeText(body, String.valueOf(partition.problem()));
            });
        }
    }

    private void tellTasks(DataInputStream request, OutputStream out) throws IOException {
        String executor = AdminProtocol.readText(request);
        String label = AdminProtocol.readText(request);
        String type = AdminProtocol.readText(request);
        int states = request.readInt();
        TaskQuery query = TaskQuery.all();
        query = label == null ? query : query.label(label);
        query = type == null ? query : query.type(type);
        for (TaskState state : TaskState.values()) {
            query = (states & 1 << state.ordinal()) == 0 ? query : query.state(state);
        }
        try (Stream<SeenTask> all = tasks.tasks(query, executor)) {
            Iterator<SeenTask> left = all.takeWhile(task -> !closed).iterator();
            while (left.hasNext()) {
                SeenTask task = left.next();
                AdminProtocol.write(out, Kind.FOUND, body -> AdminProtocol.writeTask(body, task));
            }
        }
        if (closed) {
            throw new IOException("The node is closing");
        }
    }

    private void tellTask(TaskId id, OutputStream out) throws IOException {
        Optional<SeenTask> found = tasks.find(id);
        if (found.isPresent()) {
            AdminProtocol.write(out, Kind.FOUND, body -> AdminProtocol.writeTask(body, found.get()));
        } else {
            int why = tasks.staleness(id).ordinal();
            AdminProtocol.write(out, Kind.MISSING, body -> body.writeByte(why));
        }
    }

    private void tellBytes(TaskId id, boolean result, OutputStream out) throws IOException {
        byte[] bytes = tasks.read(id, result);
        if (bytes == null) {
            throw new IOException("The task has changed meanwhile, ask again: taskId=" + id);
        }
        for (int from = 0; from < bytes.length; from += AdminProtocol.PIECE) {
            int start = from;
            int length = Math.min(AdminProtocol.PIECE, bytes.length - from);
            AdminProtocol.write(out, Kind.BYTES, body -> body.write(bytes, start, length));
        }
    }

    /** Ends the request under way, waits for the thread, removes the file. The thread is not interrupted: it may read a log. */
    @Override
    public void close() {
        try {
            synchronized (lock) {
                closed = true;
                if (current != null) {
                    current.close();
                }
            }
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn(
                    ErrorCode.ADMIN_SOCKET_FAILED.says("The console's socket was not closed in order: file={}"),
                    file,
                    e);
        }
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
