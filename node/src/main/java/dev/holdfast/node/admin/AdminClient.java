package dev.holdfast.node.admin;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.admin.AdminProtocol.Body;
import dev.holdfast.node.admin.AdminProtocol.Frame;
import dev.holdfast.node.admin.AdminProtocol.Kind;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.service.TaskAction;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A running node, asked through its {@code admin.sock}; each call asks anew. What comes is held whole before it
 * is given on: a reader that pauses does not hold the node. One thread.
 *
 * <p>All calls throw {@link NodeUnreachableException} if the node does not answer, {@link AdminFailure} if it says no.
 */
public final class AdminClient implements TaskView, NodeControl {

    /** For what a node answers from memory: one that is stopped or stuck is told from one that works, in time. */
    private static final long GREETING_MILLIS = 5_000;

    private static final long IDLE_MILLIS = 60_000;

    /** The node waits for each of its calls as long as its submit-timeout says, then it needs time to tell. */
    private static final long BEYOND_SUBMIT_TIMEOUT_MILLIS = 30_000;

    private static final long WHOLE_MILLIS = 600_000;

    /** Calls of an executor that one request takes at most, one after the other. */
    private static final long CALLS = NodeControl.MAX_IDS / LocalControl.SLICE + 1;

    private final Path directory;
    private final Map<PartitionId, String> problems = new TreeMap<>();

    /** The same of those that nobody led when tasks were asked for last. */
    private final Map<PartitionId, String> missing = new TreeMap<>();

    private LiveNode node = new LiveNode("", 0, 0, false, null, 0);
    private long submitTimeoutMillis;

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
            node = Frames.readNode(frame.body());
            // one of the release before does not tell it
            submitTimeoutMillis =
                    frame.body().available() < Long.BYTES ? 0 : frame.body().readLong();
        } else if (frame.kind() == Kind.PROBLEM) {
            readProblem(frame, problems);
        }
    }

    private static void readProblem(Frame frame, Map<PartitionId, String> into) throws IOException {
        PartitionId partition = new PartitionId(frame.body().readInt());
        into.put(partition, String.valueOf(AdminProtocol.readText(frame.body())));
    }

    @Override
    public Optional<Path> directory() {
        return Optional.of(directory);
    }

    @Override
    public Optional<LiveNode> node() {
        return Optional.of(node);
    }

    @Override
    public Map<PartitionId, String> problems() {
        Map<PartitionId, String> all = new TreeMap<>(problems);
        all.putAll(missing);
        return all;
    }

    @Override
    public Stream<SeenTask> tasks(TaskSelection selection) {
        missing.clear();
        List<SeenTask> found = askTasks(Kind.TASKS, body -> Frames.writeSelection(body, selection));
        return found.stream().sorted(BY_SUBMISSION).limit(selection.query().getLimit());
    }

    @Override
    public List<SeenExecutor> executors() {
        return askExecutors(Kind.EXECUTORS, body -> AdminProtocol.writeText(body, null));
    }

    private List<SeenExecutor> askExecutors(Kind kind, Body request) {
        List<SeenExecutor> found = new ArrayList<>();
        asking(kind, request, frame -> {
            if (frame.kind() == Kind.EXECUTOR) {
                found.add(Frames.readExecutor(frame.body()));
            }
        });
        return found;
    }

    @Override
    public Optional<SeenExecutor> operate(String executor, ExecutorOperation operation) {
        return askExecutors(Kind.OPERATE, body -> {
                    AdminProtocol.writeText(body, executor);
                    body.writeByte(operation.ordinal());
                })
                .stream()
                .findFirst();
    }

    @Override
    public void act(TaskAction action, List<TaskId> ids, Consumer<TaskOutcome> outcomes) {
        asking(
                Kind.ACT,
                body -> {
                    body.writeByte(action.ordinal());
                    body.writeInt(ids.size());
                    for (TaskId id : ids) {
                        body.writeLong(id.value());
                    }
                },
                frame -> {
                    if (frame.kind() == Kind.OUTCOME) {
                        outcomes.accept(Frames.readOutcome(frame.body()));
                    }
                });
    }

    @Override
    public TaskId submit(SubmitRequest request) {
        List<TaskId> stored = new ArrayList<>();
        asking(Kind.SUBMIT, body -> Frames.writeSubmit(body, request), frame -> {
            if (frame.kind() == Kind.STORED) {
                stored.add(new TaskId(frame.body().readLong()));
            }
        });
        return stored.get(0);
    }

    /**
     * Up to where everything is whole in the files of the copy of a partition that is there; empty if it refuses, so that nobody
     * writes it.
     *
     * @throws IOException the node does not answer; the cause is a {@link NodeUnreachableException}
     * @throws AdminFailure it does, but the partition did not tell in time
     */
    public Optional<LogEnd> writtenEnd(PartitionId partition) throws IOException {
        List<LogEnd> ends = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        try {
            asking(Kind.WRITTEN_END, body -> body.writeInt(partition.value()), frame -> {
                if (frame.kind() == Kind.WRITTEN_END) {
                    ends.add(new LogEnd(
                            new Lsn(frame.body().readLong()),
                            new Epoch(frame.body().readLong()),
                            frame.body().readLong()));
                } else if (frame.kind() == Kind.PROBLEM) {
                    frame.body().readInt();
                    refusals.add(String.valueOf(AdminProtocol.readText(frame.body())));
                }
            });
        } catch (NodeUnreachableException silent) {
            throw new IOException(silent.getMessage(), silent);
        }
        if (ends.isEmpty() && refusals.isEmpty()) {
            throw new IOException("The node told neither an end nor a problem: partition=" + partition);
        }
        return ends.stream().findFirst();
    }

    /** The cluster as the node sees it; of a node alone, itself. */
    public ClusterReport report() {
        try {
            return ClusterReport.of(bytes(Kind.CLUSTER, body -> {}));
        } catch (IllegalArgumentException e) {
            throw new AdminFailure(
                    AdminFailure.Reason.FAILED,
                    "The node's report is not understood: " + e.getMessage() + "; use the console of its release",
                    e);
        }
    }

    /** Has the node carry {@code order} out; what it says of it. */
    public String order(ClusterOrder order) {
        List<String> said = new ArrayList<>();
        asking(Kind.ORDER, body -> Frames.writeOrder(body, order), frame -> {
            if (frame.kind() == Kind.ORDERED) {
                said.add(String.valueOf(AdminProtocol.readText(frame.body())));
            }
        });
        return String.join("; ", said);
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
                found.add(TaskFrames.readTask(frame.body()));
            } else if (frame.kind() == Kind.PROBLEM) {
                readProblem(frame, missing);
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
        return bytes(Kind.PAYLOAD, body -> body.writeLong(task.taskId().value()));
    }

    @Override
    public byte[] result(SeenTask task) {
        return bytes(Kind.RESULT, body -> body.writeLong(task.taskId().value()));
    }

    private byte[] bytes(Kind kind, Body request) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        asking(kind, request, frame -> {
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
        } catch (IOException e) {
            throw new NodeUnreachableException(
                    ErrorCode.NODE_NOT_ANSWERING.says("The node did not answer: node=" + node.name() + ", pid="
                            + node.pid() + ", request=" + kind + ", cause=" + e.getMessage()),
                    e);
        }
    }

    private void ask(Kind kind, Body request, Reader reader) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        AdminProtocol.write(whole, kind, request);
        if (whole.size() - Integer.BYTES > AdminProtocol.MAX_REQUEST) {
            throw new AdminFailure(
                    AdminFailure.Reason.USAGE,
                    "The request is too large: bytes=" + whole.size() + ", limit=" + AdminProtocol.MAX_REQUEST);
        }
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(directory.resolve(AdminSocket.FILE)));
            long idleMillis = idleMillis(kind, submitTimeoutMillis);
            try (TimedChannel channel =
                    new TimedChannel(socket, idleMillis, Math.max(WHOLE_MILLIS, CALLS * idleMillis))) {
                InputStream in = new BufferedInputStream(channel.in());
                send(whole.toByteArray(), channel, in);
                receive(in, reader);
            }
        }
    }

    /** Longer than the node may take for its next word: what is given up here goes on there. */
    static long idleMillis(Kind kind, long submitTimeoutMillis) {
        if (kind == Kind.NODE) {
            return GREETING_MILLIS;
        }
        long day = TimeUnit.DAYS.toMillis(1);
        return Math.max(IDLE_MILLIS, Math.min(submitTimeoutMillis, day) + BEYOND_SUBMIT_TIMEOUT_MILLIS);
    }

    /** A node that refuses a connection may have closed it before it was asked; what it said can be read all the same. */
    private static void send(byte[] request, TimedChannel channel, InputStream in) throws IOException {
        try {
            channel.out().write(request);
        } catch (IOException closed) {
            try {
                receive(in, frame -> {});
            } catch (IOException nothingSaid) {
                closed.addSuppressed(nothingSaid);
            }
            throw closed;
        }
    }

    private static void receive(InputStream in, Reader reader) throws IOException {
        Frame frame = AdminProtocol.read(in, AdminProtocol.MAX_ANSWER);
        while (frame.kind() != Kind.END) {
            if (frame.kind() == Kind.ERROR) {
                throw AdminProtocol.readError(frame.body());
            }
            reader.read(frame);
            frame = AdminProtocol.read(in, AdminProtocol.MAX_ANSWER);
        }
    }

    /** Nothing is open between two calls. */
    @Override
    public void close() {}
}
