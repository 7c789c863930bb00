package dev.holdfast.replication.transport.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.TransportSettings.Versions;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Bodies of the frames of a handshake. A later version may add to the end of them and may not change what is there: whoever
 * is refused for its version has to be able to read that.
 *
 * <pre>
 * HELLO, WELCOME                                  REFUSAL
 *  0  u16  lowest version                          0  u16  code
 *  2  u16  highest version                         2  u16  bytes of the message
 *  4  u8   role                                    4       message, UTF-8
 *  5  u8   1: the cluster is known, 0: not
 *  6  u16  0
 *  8  16   UUID of the cluster, or zeros
 * 24  u64  session
 * 32  u32  largest frame
 * 36  u16  bytes of the disk id, then they, UTF-8
 *     u16  bytes of the name, then they, UTF-8
 * </pre>
 */
public final class HandshakeCodec {

    private static final int GREETING_BYTES = 36;
    private static final int MAX_TEXT_BYTES = 4 * Identity.MAX_NAME_CHARS;
    private static final int MAX_MESSAGE_BYTES = 8 * 1024;

    private HandshakeCodec() {}

    public static Body encode(Greeting greeting) {
        Identity identity = greeting.identity();
        byte[] disk = identity.node().diskId().getBytes(UTF_8);
        byte[] name = identity.name().getBytes(UTF_8);
        ByteBuffer body = ByteBuffer.allocate(GREETING_BYTES + 4 + disk.length + name.length);
        body.putShort((short) greeting.versions().lowest());
        body.putShort((short) greeting.versions().highest());
        body.put((byte) identity.role().code());
        body.put((byte) (identity.cluster().isPresent() ? 1 : 0));
        body.putShort((short) 0);
        UUID cluster = identity.cluster().orElse(new UUID(0, 0));
        body.putLong(cluster.getMostSignificantBits());
        body.putLong(cluster.getLeastSignificantBits());
        body.putLong(identity.session());
        body.putInt(greeting.maxFrameBytes());
        body.putShort((short) disk.length).put(disk);
        body.putShort((short) name.length).put(name);
        return Body.of(body.flip());
    }

    /** @throws RefusedException if it is no greeting, or of a role that is not known */
    public static Greeting decode(ByteBuffer bytes) throws RefusedException {
        ByteBuffer body = bytes.duplicate();
        try {
            Versions versions = new Versions(body.getShort() & 0xFFFF, body.getShort() & 0xFFFF);
            int roleCode = body.get() & 0xFF;
            boolean known = body.get() == 1;
            body.getShort();
            UUID cluster = new UUID(body.getLong(), body.getLong());
            long session = body.getLong();
            int maxFrameBytes = body.getInt();
            NodeId node = new NodeId(text(body));
            String name = text(body);
            Role role = Role.ofCode(roleCode).orElseThrow(() -> unknownRole(roleCode, name));
            Identity identity =
                    new Identity(known ? Optional.of(cluster) : Optional.empty(), role, node, session, name);
            if (maxFrameBytes < Frame.HEADER_BYTES) {
                throw new IllegalArgumentException("Not a largest frame: bytes=" + maxFrameBytes);
            }
            return new Greeting(versions, identity, maxFrameBytes);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new RefusedException(new Refusal(
                    Refusal.Code.MALFORMED,
                    "Not a greeting: bytes=" + bytes.remaining() + ", found=" + e.getMessage()
                            + "; the first frame has to be a HELLO as docs/wire-protocol.md draws it"));
        }
    }

    private static RefusedException unknownRole(int code, String name) {
        String known = Arrays.stream(Role.values())
                .map(role -> role + "(" + role.code() + ")")
                .collect(Collectors.joining(", "));
        return new RefusedException(new Refusal(
                Refusal.Code.UNKNOWN_ROLE,
                "Unknown role: role=" + code + ", node-name=" + name + "; known here are " + known
                        + "; a newer version may connect only after this node is upgraded"));
    }

    private static String text(ByteBuffer body) {
        int bytes = body.getShort() & 0xFFFF;
        if (bytes > MAX_TEXT_BYTES || bytes > body.remaining()) {
            throw new IllegalArgumentException("a text of " + bytes + " bytes");
        }
        byte[] text = new byte[bytes];
        body.get(text);
        return new String(text, UTF_8);
    }

    public static Body encode(Refusal refusal) {
        return words(refusal.code().code(), refusal.message());
    }

    public static Refusal decodeRefusal(ByteBuffer body) {
        Words words = words(body);
        return new Refusal(Refusal.Code.ofCode(words.code()), words.text());
    }

    /** Body of a FAILURE; a message that is too long is cut. */
    public static Body encode(FailureCode code, String message) {
        return words(code.code(), message);
    }

    /** Of a FAILURE. */
    public static FailureCode failureCode(ByteBuffer body) {
        return FailureCode.ofCode(words(body).code());
    }

    /** Of a FAILURE. */
    public static String failureMessage(ByteBuffer body) {
        return words(body).text();
    }

    private record Words(int code, String text) {}

    private static Body words(int code, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        int length = Math.min(bytes.length, MAX_MESSAGE_BYTES);
        ByteBuffer body = ByteBuffer.allocate(4 + length);
        body.putShort((short) code).putShort((short) length).put(bytes, 0, length);
        return Body.of(body.flip());
    }

    /** Lenient: the other side is about to go, and what it says is for people. */
    private static Words words(ByteBuffer bytes) {
        ByteBuffer body = bytes.duplicate();
        if (body.remaining() < 4) {
            return new Words(0, "no reason was given");
        }
        int code = body.getShort() & 0xFFFF;
        byte[] text = new byte[Math.min(body.getShort() & 0xFFFF, body.remaining())];
        body.get(text);
        return new Words(code, new String(text, UTF_8));
    }
}
