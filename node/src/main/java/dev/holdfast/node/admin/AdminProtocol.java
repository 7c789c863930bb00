package dev.holdfast.node.admin;

import dev.holdfast.node.admin.AdminFailure.Reason;
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
 * frame     int length of what follows | byte version (2) | byte kind | body
 * text      int bytes (-1: null) | UTF-8
 *
 * request   NODE
 *           TASKS      a selection, see {@link Frames}
 *           TASK       long taskId
 *           PAYLOAD    long taskId
 *           RESULT     long taskId
 *           EXECUTORS  text name (null: all)
 *           OPERATE    text name | byte operation
 *           ACT        byte action | int count | long taskId, each
 *           SUBMIT     a request, see {@link Frames}
 *           WRITTEN_END int partition
 *           CLUSTER
 *           ORDER      byte kind | text node | int partition | text operator | int milliseconds
 * answer    NODE       a node, see {@link Frames} | long submit-timeout in ms; then PROBLEM for each partition that can not be read; END
 *           TASKS      a FOUND for each match, in no order; END
 *           TASK       FOUND, or MISSING with a byte, the ordinal of why; END
 *           PAYLOAD, RESULT    BYTES, in pieces; END
 *           EXECUTORS  an EXECUTOR for each; END
 *           OPERATE    EXECUTOR as it is afterwards, or nothing if there is none; END
 *           ACT        an OUTCOME for each id, in order; END
 *           SUBMIT     STORED with long taskId; END
 *           WRITTEN_END WRITTEN_END with long lsn, epoch, hash, or PROBLEM; END
 *           CLUSTER    BYTES, in pieces: a report as kind 35 has it on the network; END
 *           ORDER      ORDERED with a text; END
 *           or, in place of the rest of any: ERROR with a text | byte reason
 * </pre>
 *
 * A request has at most {@value #MAX_REQUEST} bytes, a frame of an answer {@value #MAX_ANSWER}. A version that is not known
 * is refused: node and console are of one release, or nearly. So that both sides can say so, every version keeps the frame,
 * and ERROR as kind 10 whose body begins with a text; a node refuses in the version it was asked in.
 */
final class AdminProtocol {

    static final int VERSION = 3;
    static final int MAX_REQUEST = 64 << 10;
    static final int MAX_ANSWER = 16 << 20;
    /** Bytes of a body in one frame. */
    static final int PIECE = 1 << 20;

    private static final int MIN_FRAME = 2;

    /** Second byte of a frame. The ordinals are the protocol: append only. */
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
        ERROR,
        EXECUTORS,
        EXECUTOR,
        OPERATE,
        ACT,
        OUTCOME,
        SUBMIT,
        STORED,
        WRITTEN_END,
        CLUSTER,
        ORDER,
        ORDERED
    }

    /** A frame that was read whole. */
    record Frame(Kind kind, DataInputStream body) {}

    /** Writes a body. */
    interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    /** The other side is of another release. */
    static final class OtherVersionException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int version;

        OtherVersionException(int version, String message) {
            super(message);
            this.version = version;
        }

        int version() {
            return version;
        }
    }

    private AdminProtocol() {}

    static void write(OutputStream out, Kind kind, Body body) throws IOException {
        write(out, VERSION, kind, body);
    }

    private static void write(OutputStream out, int version, Kind kind, Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream frame = new DataOutputStream(bytes);
        frame.writeByte(version);
        frame.writeByte(kind.ordinal());
        body.writeTo(frame);
        if (bytes.size() > MAX_ANSWER) {
            throw new IOException("Too large to be told: bytes=" + bytes.size() + ", limit=" + MAX_ANSWER);
        }
        DataOutputStream whole = new DataOutputStream(out);
        whole.writeInt(bytes.size());
        bytes.writeTo(whole);
    }

    /** Says no, in the version of the other side if that is known. */
    static void writeError(OutputStream out, Throwable failure) throws IOException {
        int version = failure instanceof OtherVersionException other ? other.version() : VERSION;
        Reason reason = failure instanceof AdminFailure known ? known.reason() : Reason.FAILED;
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        write(out, version, Kind.ERROR, body -> {
            writeText(body, message);
            body.writeByte(reason.ordinal());
        });
    }

    static AdminFailure readError(DataInputStream body) throws IOException {
        String message = String.valueOf(readText(body));
        int reason = body.available() == 0 ? 0 : body.readByte();
        Reason[] reasons = Reason.values();
        return new AdminFailure(reason >= 0 && reason < reasons.length ? reasons[reason] : Reason.FAILED, message);
    }

    /**
     * Reads a frame.
     *
     * @throws OtherVersionException it is of another version; with the other side's words if it is an ERROR
     * @throws IOException the connection ended, or what came is no frame, or is larger than {@code limit}
     */
    static Frame read(InputStream in, int limit) throws IOException {
        int length = new DataInputStream(in).readInt();
        if (length < MIN_FRAME || length > limit) {
            throw new IOException("Not a frame of this protocol: length=" + length + ", limit=" + limit);
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("The connection ended within a frame: bytes=" + bytes.length + " of " + length);
        }
        DataInputStream body = new DataInputStream(new ByteArrayInputStream(bytes, MIN_FRAME, length - MIN_FRAME));
        if (bytes[0] != VERSION) {
            boolean said = bytes[1] == Kind.ERROR.ordinal();
            throw new OtherVersionException(
                    bytes[0],
                    "The console and the node are of different releases: the version spoken here is " + VERSION
                            + ", the other side's is " + bytes[0] + (said ? " (" + readText(body) + ")" : "")
                            + "; use the console of the node's release");
        }
        Kind[] kinds = Kind.values();
        if (bytes[1] < 0 || bytes[1] >= kinds.length) {
            throw new IOException("Not a kind of frame: kind=" + bytes[1] + ", version=" + VERSION);
        }
        return new Frame(kinds[bytes[1]], body);
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

    static String readNonNull(DataInputStream in) throws IOException {
        String text = readText(in);
        if (text == null) {
            throw new IOException("A text is missing in a frame");
        }
        return text;
    }

    /** The constant of an ordinal that was read. */
    static <E extends Enum<E>> E constant(E[] constants, int ordinal) throws IOException {
        if (ordinal < 0 || ordinal >= constants.length) {
            throw new IOException(
                    "Not one of " + constants[0].getDeclaringClass().getSimpleName() + ": ordinal=" + ordinal);
        }
        return constants[ordinal];
    }
}
