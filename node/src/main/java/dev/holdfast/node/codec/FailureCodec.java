package dev.holdfast.node.codec;

import dev.holdfast.RemoteTaskException;
import dev.holdfast.storage.log.FailureInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Throwables. A description that needs no class always comes first; the throwable itself follows if it can be serialised
 * within the limit. So a failure can be told whatever becomes of its class.
 *
 * <pre>
 * byte 0     version, 1
 * text       class name, message with causes, u2 count of frames, each: class, method, file (may be empty), i4 line
 * ...        Java serialisation stream of the throwable, or nothing
 * </pre>
 */
final class FailureCodec {

    /** The stream; the description is far smaller. */
    private static final int MAX_STREAM_BYTES = 1024 * 1024 - 256 * 1024;

    /** What a ring keeps in memory of each failure. */
    private static final int MAX_INFO_CHARS = 2048;

    private static final int MAX_TEXT_CHARS = 16 * 1024;
    private static final int MAX_CAUSES = 8;

    /** As many as a JVM keeps of an overflown stack. */
    private static final int MAX_FRAMES = 1024;

    private static final int MAX_NAME_CHARS = 512;
    private static final int VERSION = 1;

    private final ObjectStreams streams;

    FailureCodec(ObjectStreams streams) {
        this.streams = streams;
    }

    TaskCodec.EncodedFailure encode(Throwable failure) {
        String className = failure.getClass().getName();
        String message = messageOf(failure);
        FailureInfo info = new FailureInfo(className, message == null ? null : shortened(message, MAX_INFO_CHARS));
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
            describe(failure, new DataOutputStream(bytes));
            byte[] description = bytes.toByteArray();
            return new TaskCodec.EncodedFailure(info, withStream(description, failure));
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            return new TaskCodec.EncodedFailure(info, new byte[0]); // a throwable that breaks whoever looks at it
        }
    }

    private byte[] withStream(byte[] description, Throwable failure) {
        try (ObjectStreams.Written written = streams.write(MAX_STREAM_BYTES, failure)) {
            return written.bytes(description);
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            return description;
        }
    }

    private static void describe(Throwable failure, DataOutputStream out) throws IOException {
        out.writeByte(VERSION);
        out.writeUTF(shortened(failure.getClass().getName(), MAX_NAME_CHARS));
        out.writeUTF(shortened(withCauses(failure), MAX_TEXT_CHARS));
        StackTraceElement[] stack = failure.getStackTrace();
        int frames = Math.min(stack.length, MAX_FRAMES);
        out.writeShort(frames);
        for (int i = 0; i < frames; i++) {
            StackTraceElement frame = stack[i];
            String file = frame.getFileName();
            out.writeUTF(shortened(frame.getClassName(), MAX_NAME_CHARS));
            out.writeUTF(shortened(frame.getMethodName(), MAX_NAME_CHARS));
            out.writeUTF(file == null ? "" : shortened(file, MAX_NAME_CHARS));
            out.writeInt(frame.getLineNumber());
        }
    }

    private static String withCauses(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable each = failure;
        for (int i = 0; each != null && i < MAX_CAUSES; i++) {
            String message = messageOf(each);
            text.append(i == 0 ? "" : "; caused by ").append(each.getClass().getName());
            if (message != null) {
                text.append(": ").append(shortened(message, MAX_INFO_CHARS));
            }
            each = each.getCause();
        }
        return text.toString();
    }

    private static @Nullable String messageOf(Throwable failure) {
        try {
            return failure.getMessage();
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            return "(its getMessage() threw " + e.getClass().getName() + ")";
        }
    }

    private static String shortened(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max) + "... (" + text.length() + " characters)";
    }

    Throwable decode(FailureInfo info, byte[] bytes) {
        ByteArrayInputStream source = new ByteArrayInputStream(bytes);
        RemoteTaskException described;
        try {
            described = described(new DataInputStream(source));
        } catch (IOException | RuntimeException e) {
            String message = info.message() == null ? info.className() : info.className() + ": " + info.message();
            return new RemoteTaskException(info.className(), message, new StackTraceElement[0]);
        }
        if (source.available() == 0) {
            return described;
        }
        try {
            Object original = streams.read(bytes, bytes.length - source.available(), 1)[0];
            if (original instanceof Throwable throwable) {
                return throwable;
            }
        } catch (Throwable e) { // user classes are read here
            described.addSuppressed(e);
        }
        return described;
    }

    private static RemoteTaskException described(DataInputStream in) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("Unknown version of a failure: version=" + version);
        }
        String className = in.readUTF();
        String message = in.readUTF();
        StackTraceElement[] stack = new StackTraceElement[in.readUnsignedShort()];
        for (int i = 0; i < stack.length; i++) {
            String type = in.readUTF();
            String method = in.readUTF();
            String file = in.readUTF();
            stack[i] = new StackTraceElement(type, method, file.isEmpty() ? null : file, in.readInt());
        }
        return new RemoteTaskException(className, message, stack);
    }
}
