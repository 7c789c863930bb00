package dev.holdfast.node.admin;

import static dev.holdfast.node.admin.AdminProtocol.readNonNull;
import static dev.holdfast.node.admin.AdminProtocol.readText;
import static dev.holdfast.node.admin.AdminProtocol.writeText;

import dev.holdfast.DurableExecutorStats.Latency;
import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.node.admin.TaskView.LiveNode;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.storage.log.SnapshotItem.Counters;
import dev.holdfast.storage.log.TaskId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes, executors, selections, submissions and outcomes as bodies of frames; field after field, as they are declared. */
final class Frames {

    private static final long NO_TASK = 0;

    private Frames() {}

    static void writeNode(DataOutputStream out, LiveNode node) throws IOException {
        writeText(out, node.name());
        out.writeLong(node.pid());
        out.writeLong(node.session());
        out.writeBoolean(node.started());
        TaskId suspect = node.suspect();
        out.writeLong(suspect == null ? NO_TASK : suspect.value());
        out.writeInt(node.waitingSuspects());
    }

    static LiveNode readNode(DataInputStream in) throws IOException {
        String name = readNonNull(in);
        long pid = in.readLong();
        long session = in.readLong();
        boolean started = in.readBoolean();
        long suspect = in.readLong();
        return new LiveNode(name, pid, session, started, suspect == NO_TASK ? null : new TaskId(suspect), in.readInt());
    }

    static void writeSelection(DataOutputStream out, TaskSelection selection) throws IOException {
        TaskQuery query = selection.query();
        writeText(out, selection.executor());
        writeText(out, query.getLabel().orElse(null));
        writeText(out, query.getType().orElse(null));
        writeText(out, selection.key());
        int states = 0;
        for (TaskState state : query.getStates()) {
            states |= 1 << state.ordinal();
        }
        out.writeInt(states);
        out.writeLong(selection.submittedFromMillis());
        out.writeLong(selection.submittedBeforeMillis());
    }

    /** Without a limit: what comes is not in order yet. */
    static TaskSelection readSelection(DataInputStream in) throws IOException {
        String executor = readText(in);
        String label = readText(in);
        String type = readText(in);
        String key = readText(in);
        int states = in.readInt();
        TaskQuery query = TaskQuery.all();
        query = label == null ? query : query.label(label);
        query = type == null ? query : query.type(type);
        for (TaskState state : TaskState.values()) {
            query = (states & 1 << state.ordinal()) == 0 ? query : query.state(state);
        }
        return new TaskSelection(query, executor, key, in.readLong(), in.readLong());
    }

    static void writeSubmit(DataOutputStream out, SubmitRequest submit) throws IOException {
        writeText(out, submit.executor());
        writeText(out, submit.className());
        out.writeInt(submit.arguments().size());
        for (Map.Entry<String, String> argument : submit.arguments().entrySet()) {
            writeText(out, argument.getKey());
            writeText(out, argument.getValue());
        }
        writeText(out, submit.label());
        writeText(out, submit.key());
        writeText(out, submit.idempotencyKey());
        out.writeInt(submit.maxCrashes());
        out.writeLong(submit.resultTtlMillis());
    }

    static SubmitRequest readSubmit(DataInputStream in) throws IOException {
        String executor = readNonNull(in);
        String className = readNonNull(in);
        Map<String, String> arguments = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            arguments.put(readNonNull(in), readNonNull(in));
        }
        return new SubmitRequest(
                executor, className, arguments, readText(in), readText(in), readText(in), in.readInt(), in.readLong());
    }

    static void writeOutcome(DataOutputStream out, TaskOutcome outcome) throws IOException {
        out.writeLong(outcome.taskId());
        out.writeByte(outcome.kind().ordinal());
        writeText(out, outcome.detail());
    }

    static TaskOutcome readOutcome(DataInputStream in) throws IOException {
        return new TaskOutcome(
                in.readLong(), AdminProtocol.constant(TaskOutcome.Kind.values(), in.readByte()), readNonNull(in));
    }

    static void writeExecutor(DataOutputStream out, SeenExecutor executor) throws IOException {
        writeText(out, executor.name());
        out.writeBoolean(executor.shutdown());
        out.writeBoolean(executor.paused());
        out.writeLong(executor.waiting());
        out.writeLong(executor.running());
        out.writeLong(executor.held());
        out.writeLong(executor.results());
        Counters counters = executor.counters();
        out.writeLong(counters.completed());
        out.writeLong(counters.failed());
        out.writeLong(counters.cancelled());
        out.writeLong(counters.recovered());
        out.writeLong(counters.evicted());
        out.writeLong(counters.quarantined());
        out.writeLong(counters.parked());
        out.writeLong(counters.retried());
        SeenExecutor.Live live = executor.live();
        out.writeBoolean(live != null);
        if (live != null) {
            writeLive(out, live);
        }
    }

    static SeenExecutor readExecutor(DataInputStream in) throws IOException {
        return new SeenExecutor(
                readNonNull(in),
                in.readBoolean(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                new Counters(
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readLong(),
                        in.readLong()),
                in.readBoolean() ? readLive(in) : null);
    }

    private static void writeLive(DataOutputStream out, SeenExecutor.Live live) throws IOException {
        out.writeLong(live.rejected());
        out.writeInt(live.poolSize());
        out.writeInt(live.capacity());
        out.writeInt(live.maxHeld());
        out.writeLong(live.maxResults());
        out.writeLong(live.maxResultBytes());
        out.writeLong(live.ttlMillis());
        out.writeBoolean(live.rejectWhenFull());
        for (Latency latency : List.of(live.submitToStored(), live.submitToResult(), live.execution())) {
            out.writeLong(latency.count());
            for (Duration time : List.of(latency.median(), latency.p99(), latency.p999(), latency.max())) {
                out.writeLong(time.toNanos());
            }
        }
        out.writeInt(live.attempts().size());
        for (SeenExecutor.Attempt attempt : live.attempts()) {
            out.writeLong(attempt.task().value());
            out.writeInt(attempt.attempt());
            out.writeLong(attempt.startedAtMillis());
        }
    }

    private static SeenExecutor.@Nullable Live readLive(DataInputStream in) throws IOException {
        return new SeenExecutor.Live(
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                readLatency(in),
                readLatency(in),
                readLatency(in),
                readAttempts(in));
    }

    private static Latency readLatency(DataInputStream in) throws IOException {
        return new Latency(
                in.readLong(),
                Duration.ofNanos(in.readLong()),
                Duration.ofNanos(in.readLong()),
                Duration.ofNanos(in.readLong()),
                Duration.ofNanos(in.readLong()));
    }

    private static List<SeenExecutor.Attempt> readAttempts(DataInputStream in) throws IOException {
        List<SeenExecutor.Attempt> attempts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            attempts.add(new SeenExecutor.Attempt(new TaskId(in.readLong()), in.readInt(), in.readLong()));
        }
        return attempts;
    }

    static void writeOrder(DataOutputStream out, ClusterOrder order) throws IOException {
        out.writeByte(order.kind().ordinal());
        AdminProtocol.writeText(out, order.node());
        out.writeInt(order.partition());
        out.writeLong(order.epoch());
        AdminProtocol.writeText(out, order.operator());
        out.writeInt(order.waitMillis());
    }

    static ClusterOrder readOrder(DataInputStream in) throws IOException {
        ClusterOrder order = new ClusterOrder(
                AdminProtocol.constant(ClusterOrder.Kind.values(), in.readByte()),
                AdminProtocol.readNonNull(in),
                in.readInt(),
                in.readLong(),
                AdminProtocol.readNonNull(in),
                in.readInt());
        if (order.epoch() < 0) {
            throw new IOException("Not an epoch: epoch=" + order.epoch());
        }
        return order;
    }
}
