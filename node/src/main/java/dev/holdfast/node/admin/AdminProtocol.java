package dev.holdfast.node.admin;

import dev.holdfast.TaskState;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.TaskSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is spoken on {@code admin.sock}. A connection carries one request and its answer. Both are made of frames, all
 * numbers big-endian:
 *
 * <pre>
 * frame     int length of what follows | byte version (1) | byte kind | body
 * text      int bytes (-1: null) | UTF-8
 *
 * request   NODE
 *           TASKS    text executor, label, type | int states, a bit per ordinal; 0: all
 *           TASK     long taskId
 *           PAYLOAD  long taskId
 *           RESULT   long taskId
 * answer    NODE     text name | long pid | long session; then PROBLEM for each partition that can not be read; END
 *           TASKS    a FOUND for each match, in no order; END
 *           TASK     FOUND, or MISSING with a byte, the ordinal of why; END
 *           PAYLOAD, RESULT    BYTES, in pieces; END
 *           or, in place of the rest of any: ERROR with a text
 * </pre>
 *
 * A request has at most {@value #MAX_REQUEST} bytes, a frame of an answer {@value #MAX_ANSWER}. A version that is not known
 * is refused: node and console are of one release, or nearly.
 */
final class AdminProtocol {

    static final int VERSION = 1;
    static final int MAX_REQUEST = 64 << 10;
    static final int MAX_ANSWER = 16 << 20;
    /** Bytes of a body in one frame. */
    static final int PIECE = 1 << 20;

    /** First byte of a frame after the version. The ordinals are the protocol: append only. */
    enum Kind {
        NODE,
        TASKS,
        TASK,
        PAYLOAD,
        RESULT,
        FOUND,
        MISSING,
        PROBLEM,
        BYTES,
        END,
        ERROR
    }

    /** A frame that was read whole. */
    record Frame(Kind kind, DataInputStream body) {}

    /** Writes a body. */
    interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private AdminProtocol() {}

    static void write(OutputStream out, Kind kind, Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream frame = new DataOutputStream(bytes);
        frame.writeByte(VERSION);
        frame.writeByte(kind.ordinal());
        body.writeTo(frame);
        if (bytes.size() > MAX_ANSWER) {
            throw new IOException("Too large to be told: bytes=" + bytes.size() + ", limit=" + MAX_ANSWER);
        }
        DataOutputStream whole = new DataOutputStream(out);
        whole.writeInt(bytes.size());
        bytes.writeTo(whole);
    }

    /** @throws IOException the connection ended, or what came is no frame, or is larger than {@code limit} */
    static Frame read(InputStream in, int limit) throws IOException {
        int length = new DataInputStream(in).readInt();
        if (length < 2 || length > limit) {
            throw new IOException("Not a frame of this protocol: length=" + length + ", limit=" + limit);
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("The connection ended within a frame: bytes=" + bytes.length + " of " + length);
        }
        Kind[] kinds = Kind.values();
        if (bytes[0] != VERSION || bytes[1] < 0 || bytes[1] >= kinds.length) {
            throw new IOException("Not of this version: version=" + bytes[0] + ", kind=" + bytes[1] + ", known version="
                    + VERSION + "; use the console of the node's release");
        }
        return new Frame(kinds[bytes[1]], new DataInputStream(new ByteArrayInputStream(bytes, 2, length - 2)));
    }

    static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static @Nullable String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > in.available()) {
            throw new IOException("Not a text: length=" + length + ", left=" + in.available());
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static String readNonNull(DataInputStream in) throws IOException {
        String text = readText(in);
        if (text == null) {
            throw new IOException("A text is missing in a frame");
        }
        return text;
    }

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
    }

    static SeenTask readTask(DataInputStream in) throws IOException {
        return new SeenTask(
                new TaskId(in.readLong()),
                readNonNull(in),
                readSpec(in),
                state(in.readByte()),
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
                in.readBoolean());
    }

    private static @Nullable FailureInfo readFailure(DataInputStream in) throws IOException {
        String className = readText(in);
        String message = readText(in);
        return className == null ? null : new FailureInfo(className, message);
    }

    private static TaskState state(int ordinal) throws IOException {
        if (ordinal < 0 || ordinal >= TaskState.values().length) {
            throw new IOException("Not a state: ordinal=" + ordinal);
        }
        return TaskState.values()[ordinal];
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
