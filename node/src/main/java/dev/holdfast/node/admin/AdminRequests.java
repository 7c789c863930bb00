package dev.holdfast.node.admin;

import dev.holdfast.node.admin.AdminFailure.Reason;
import dev.holdfast.node.admin.AdminProtocol.Frame;
import dev.holdfast.node.admin.AdminProtocol.Kind;
import dev.holdfast.node.partition.PartitionSweep;
import dev.holdfast.node.service.TaskAction;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Answers the console's requests, each on its connection's thread. */
final class AdminRequests {

    private final AdminHost host;
    private final LiveTasks tasks;
    private final LocalControl control;
    private final BooleanSupplier closed;

    AdminRequests(AdminHost host, BooleanSupplier closed) {
        this.host = host;
        this.tasks = new LiveTasks(host);
        this.control = new LocalControl(host);
        this.closed = closed;
    }

    void answer(Frame request, OutputStream out) throws IOException {
        DataInputStream body = request.body();
        switch (request.kind()) {
            case NODE -> tellNode(out);
            case TASKS -> tellTasks(Frames.readSelection(body), out);
            case TASK -> tellTask(new TaskId(body.readLong()), out);
            case PAYLOAD -> tellBytes(new TaskId(body.readLong()), false, out);
            case RESULT -> tellBytes(new TaskId(body.readLong()), true, out);
            case EXECUTORS -> tellExecutors(AdminProtocol.readText(body), out);
            case OPERATE -> operate(body, out);
            case ACT -> act(body, out);
            case SUBMIT -> {
                TaskId stored = control.submit(Frames.readSubmit(body));
                AdminProtocol.write(out, Kind.STORED, frame -> frame.writeLong(stored.value()));
            }
            case WRITTEN_END -> tellWrittenEnd(body.readInt(), out);
            case CLUSTER -> tellPieces(host.report().toBytes(), out);
            case ORDER -> {
                String done = host.order(Frames.readOrder(body));
                AdminProtocol.write(out, Kind.ORDERED, frame -> AdminProtocol.writeText(frame, done));
            }
            default -> throw new IOException("Not a request: kind=" + request.kind());
        }
    }

    private void tellNode(OutputStream out) throws IOException {
        long submitTimeoutMillis = host.context().config().getSubmitTimeout().toMillis();
        AdminProtocol.write(out, Kind.NODE, body -> {
            Frames.writeNode(body, host.describe());
            body.writeLong(submitTimeoutMillis);
        });
        for (var partition : tasks.refusing().toList()) {
            tellProblem(partition.id().value(), String.valueOf(partition.problem()), out);
        }
    }

    private static void tellProblem(int partition, String problem, OutputStream out) throws IOException {
        AdminProtocol.write(out, Kind.PROBLEM, body -> {
            body.writeInt(partition);
            AdminProtocol.writeText(body, problem);
        });
    }

    private void tellTasks(TaskSelection selection, OutputStream out) throws IOException {
        PartitionSweep<SeenTask> sweep = tasks.tasks();
        try (Stream<SeenTask> all = sweep.stream().filter(selection::matches)) {
            Iterator<SeenTask> left =
                    all.takeWhile(task -> !closed.getAsBoolean()).iterator();
            while (left.hasNext()) {
                SeenTask task = left.next();
                AdminProtocol.write(out, Kind.FOUND, body -> TaskFrames.writeTask(body, task));
            }
        }
        if (closed.getAsBoolean()) {
            throw new IOException("The node is closing");
        }
        for (Map.Entry<Integer, String> missing : sweep.missing().entrySet()) {
            tellProblem(missing.getKey(), missing.getValue(), out);
        }
    }

    private void tellTask(TaskId id, OutputStream out) throws IOException {
        Optional<SeenTask> found = tasks.find(id);
        if (found.isPresent()) {
            AdminProtocol.write(out, Kind.FOUND, body -> TaskFrames.writeTask(body, found.get()));
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
        tellPieces(bytes, out);
    }

    private static void tellPieces(byte[] bytes, OutputStream out) throws IOException {
        for (int from = 0; from < bytes.length; from += AdminProtocol.PIECE) {
            int start = from;
            int length = Math.min(AdminProtocol.PIECE, bytes.length - from);
            AdminProtocol.write(out, Kind.BYTES, body -> body.write(bytes, start, length));
        }
    }

    private void tellExecutors(@org.jspecify.annotations.Nullable String name, OutputStream out) throws IOException {
        for (SeenExecutor executor : control.executors()) {
            if (name == null || name.equals(executor.name())) {
                AdminProtocol.write(out, Kind.EXECUTOR, body -> Frames.writeExecutor(body, executor));
            }
        }
    }

    private void operate(DataInputStream request, OutputStream out) throws IOException {
        String name = AdminProtocol.readNonNull(request);
        ExecutorOperation operation = AdminProtocol.constant(ExecutorOperation.values(), request.readByte());
        Optional<SeenExecutor> after = control.operate(name, operation);
        if (after.isPresent()) {
            AdminProtocol.write(out, Kind.EXECUTOR, body -> Frames.writeExecutor(body, after.get()));
        }
    }

    private void act(DataInputStream request, OutputStream out) throws IOException {
        TaskAction action = AdminProtocol.constant(TaskAction.values(), request.readByte());
        int count = request.readInt();
        if (count < 0 || count > NodeControl.MAX_IDS) {
            throw new AdminFailure(
                    Reason.USAGE,
                    "Not a number of tasks: count=" + count + ", allowed are 0 to " + NodeControl.MAX_IDS);
        }
        List<TaskId> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(new TaskId(request.readLong()));
        }
        List<TaskOutcome> outcomes = new ArrayList<>();
        for (int from = 0; from < count; from += LocalControl.SLICE) {
            if (closed.getAsBoolean()) {
                throw new IOException("The node is closing");
            }
            outcomes.clear();
            control.act(action, ids.subList(from, Math.min(from + LocalControl.SLICE, count)), outcomes::add);
            for (TaskOutcome outcome : outcomes) {
                AdminProtocol.write(out, Kind.OUTCOME, body -> Frames.writeOutcome(body, outcome));
            }
            out.flush(); // who asked sees that it goes on; if nobody is there any more, it does not
        }
    }

    private void tellWrittenEnd(int number, OutputStream out) throws IOException {
        if (number < 0 || number >= host.partitions().size()) {
            throw new AdminFailure(Reason.NOT_FOUND, "No such partition: partition=" + number);
        }
        Optional<LogEnd> end = host.writtenEnd(new PartitionId(number));
        if (end.isEmpty()) {
            String problem = host.partitions().get(number).problem();
            tellProblem(number, problem == null ? "it is not written here" : problem, out);
            return;
        }
        AdminProtocol.write(out, Kind.WRITTEN_END, body -> {
            body.writeLong(end.get().lsn().value());
            body.writeLong(end.get().epoch().value());
            body.writeLong(end.get().hash());
        });
    }
}
