package dev.holdfast.node.admin;

import static dev.holdfast.node.admin.AdminProtocol.readNonNull;
import static dev.holdfast.node.admin.AdminProtocol.readText;
import static dev.holdfast.node.admin.AdminProtocol.writeText;

import dev.holdfast.TaskState;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.TaskSpec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tasks as bodies of frames; field after field, as they are declared. */
final class TaskFrames {

    private TaskFrames() {}

    static void writeTask(DataOutputStream out, SeenTask task) throws IOException {
        out.writeLong(task.taskId().value());
        writeText(out, task.executor());
        writeSpec(out, task.spec());
        out.writeByte(task.state().ordinal());
        out.writeInt(task.attempt());
        out.writeInt(task.crashes());
        out.writeLong(task.submittedAtMillis());
        out.writeLong(task.startedAtMillis());
        out.writeLong(task.finishedAtMillis());
        writeText(out, task.node());
        writeText(out, task.heldReason());
        out.writeInt(task.payloadBytes());
        writeText(out, task.resultCodec());
        out.writeInt(task.resultBytes());
        FailureInfo failure = task.failure();
        writeText(out, failure == null ? null : failure.className());
        writeText(out, failure == null ? null : failure.message());
        out.writeLong(task.ahead());
        out.writeBoolean(task.executorPaused());
        out.writeBoolean(task.attemptOpen());
    }

    static SeenTask readTask(DataInputStream in) throws IOException {
        return new SeenTask(
                new TaskId(in.readLong()),
                readNonNull(in),
                readSpec(in),
                AdminProtocol.constant(TaskState.values(), in.readByte()),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                readNonNull(in),
                readText(in),
                in.readInt(),
                readText(in),
                in.readInt(),
                readFailure(in),
                in.readLong(),
                in.readBoolean(),
                in.readBoolean());
    }

    private static @Nullable FailureInfo readFailure(DataInputStream in) throws IOException {
        String className = readText(in);
        String message = readText(in);
        return className == null ? null : new FailureInfo(className, message);
    }

    private static void writeSpec(DataOutputStream out, TaskSpec spec) throws IOException {
        writeText(out, spec.codec());
        writeText(out, spec.typeName());
        writeText(out, spec.fingerprint());
        writeText(out, spec.label());
        writeText(out, spec.key());
        writeText(out, spec.idempotencyKey());
        out.writeInt(spec.maxCrashes());
        out.writeLong(spec.resultTtlMillis());
        out.writeBoolean(spec.keepResult());
    }

    private static TaskSpec readSpec(DataInputStream in) throws IOException {
        return new TaskSpec(
                readNonNull(in),
                readNonNull(in),
                readText(in),
                readText(in),
                readText(in),
                readText(in),
                in.readInt(),
                in.readLong(),
                in.readBoolean());
    }
}
