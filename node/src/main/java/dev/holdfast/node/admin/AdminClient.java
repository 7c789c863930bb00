package dev.holdfast.node.admin;

import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.admin.AdminProtocol.Body;
import dev.holdfast.node.admin.AdminProtocol.Frame;
import dev.holdfast.node.admin.AdminProtocol.Kind;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a running node, asked through its {@code admin.sock}; each call asks anew. What comes is held whole before it
 * is given on: a reader that pauses does not hold the node. One thread.
 *
 * <p>All calls throw {@link NodeUnreachableException} if the node does not answer, {@link UncheckedIOException} if it can not.
 */
public final class AdminClient implements TaskView {

    private static final long IDLE_MILLIS = 30_000;
    private static final long WHOLE_MILLIS = 600_000;

    private final Path directory;
    private final Map<PartitionId, String> problems = new TreeMap<>();
    private LiveNode node = new LiveNode("", 0, 0);

    private AdminClient(Path directory) {
        this.directory = directory;
    }

    /** @throws IOException nobody listens in {@code directory}, or who does gives no answer that can be understood */
    public static AdminClient connect(Path directory) throws IOException {
        AdminClient client = new AdminClient(directory.toAbsolutePath().normalize());
        try {
            client.ask(Kind.NODE, body -> {}, client::readNode);
        } catch (UnsupportedOperationException noSuchSockets) {
            throw new IOException("There are no Unix domain sockets here", noSuchSockets);
        }
        return client;
    }

    private void readNode(Frame frame) throws IOException {
        if (frame.kind() == Kind.NODE) {
            String name = String.valueOf(AdminProtocol.readText(frame.body()));
            node = new LiveNode(name, frame.body().readLong(), frame.body().readLong());
        } else if (frame.kind() == Kind.PROBLEM) {
            PartitionId partition = new PartitionId(frame.body().readInt());
            problems.put(partition, String.valueOf(AdminProtocol.readText(frame.body())));
        }
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public Optional<LiveNode> node() {
        return Optional.of(node);
    }

    @Override
    public Map<PartitionId, String> problems() {
        return Collections.unmodifiableMap(problems);
    }

    @Override
    public Stream<SeenTask> tasks(TaskQuery query, @Nullable String executor) {
        int states = 0;
        for (TaskState state : query.getStates()) {
            states |= 1 << state.ordinal();
        }
        int wanted = states;
        List<SeenTask> found = askTasks(Kind.TASKS, body -> {
            AdminProtocol.writeText(body, executor);
            AdminProtocol.writeText(body, query.getLabel().orElse(null));
            AdminProtocol.writeText(body, query.getType().orElse(null));
            body.writeInt(wanted);
        });
        return found.stream().sorted(BY_SUBMISSION).limit(query.getLimit());
    }

    @Override
    public Optional<SeenTask> find(TaskId taskId) {
        return askTasks(Kind.TASK, body -> body.writeLong(taskId.value())).stream()
                .findFirst();
    }

    private List<SeenTask> askTasks(Kind kind, Body request) {
        List<SeenTask> found = new ArrayList<>();
        asking(kind, request, frame -> {
            if (frame.kind() == Kind.FOUND) {
                found.add(AdminProtocol.readTask(frame.body()));
            }
        });
        return found;
    }

    @Override
    public Staleness staleness(TaskId taskId) {
        List<Staleness> why = new ArrayList<>();
        asking(Kind.TASK, body -> body.writeLong(taskId.value()), frame -> {
            if (frame.kind() == Kind.MISSING) {
                int ordinal = frame.body().readUnsignedByte();
                why.add(ordinal < Staleness.values().length ? Staleness.values()[ordinal] : Staleness.UNKNOWN);
            }
        });
        return why.isEmpty() ? Staleness.UNKNOWN : why.get(0);
    }

    @Override
    public byte[] payload(SeenTask task) {
        return bytes(Kind.PAYLOAD, task.taskId());
    }

    @Override
    public byte[] result(SeenTask task) {
        return bytes(Kind.RESULT, task.taskId());
    }

    private byte[] bytes(Kind kind, TaskId taskId) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        asking(kind, body -> body.writeLong(taskId.value()), frame -> {
            if (frame.kind() == Kind.BYTES) {
                frame.body().transferTo(bytes);
            }
        });
        return bytes.toByteArray();
    }

    private interface Reader {
        void read(Frame frame) throws IOException;
    }

    private void asking(Kind kind, Body request, Reader reader) {
        try {
            ask(kind, request, reader);
        } catch (RefusedByNode e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (IOException e) {
            throw new NodeUnreachableException(
                    ErrorCode.NODE_NOT_ANSWERING.says("The node did not answer: node=" + node.name() + ", pid="
                            + node.pid() + ", request=" + kind + ", cause=" + e.getMessage()),
                    e);
        }
    }

    private void ask(Kind kind, Body request, Reader reader) throws IOException {
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(directory.resolve(AdminSocket.FILE)));
            try (TimedChannel channel = new TimedChannel(socket, IDLE_MILLIS, WHOLE_MILLIS)) {
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                AdminProtocol.write(whole, kind, request);
                channel.out().write(whole.toByteArray());
                InputStream in = new BufferedInputStream(channel.in());
                Frame frame = AdminProtocol.read(in, AdminProtocol.MAX_ANSWER);
                while (frame.kind() != Kind.END) {
                    if (frame.kind() == Kind.ERROR) {
                        throw new RefusedByNode(AdminProtocol.readText(frame.body()));
                    }
                    reader.read(frame);
                    frame = AdminProtocol.read(in, AdminProtocol.MAX_ANSWER);
                }
            }
        }
    }

    /** It answered, and can not do it. */
    private static final class RefusedByNode extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedByNode(@Nullable String message) {
            super("The node answers: " + message);
        }
    }

    /** Nothing is open between two calls. */
    @Override
    public void close() {}
}
