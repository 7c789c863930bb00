package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.Revision;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a member asks another one. A request is its kind (1 byte) and a body: of the first four kinds the message of Ratis
 * as it encodes it, of a proposal {@code client id (16), call (8), command}, for the leader or to be handed on to the leader, of
 * a question for the table the revision that is known (8). An answer is its status (1 byte) and a body: what was asked for, a reason in UTF-8, or the disk id of the leader in
 * UTF-8, if it is known.
 *
 * <p>Only messages between servers go over the wire: what Ratis has for its clients carries Java-serialised exceptions.
 */
final class Wire {

    static final byte REQUEST_VOTE = 1;
    static final byte APPEND_ENTRIES = 2;
    static final byte INSTALL_SNAPSHOT = 3;
    static final byte START_ELECTION = 4;
    static final byte PROPOSE = 5;
    static final byte TABLE = 6;
    static final byte RELAY = 7;

    static final byte DONE = 0;
    static final byte FAILED = 1;
    static final byte NOT_LEADER = 2;

    private static final int MAX_REASON_LENGTH = 1_000;
    private static final int CLIENT_ID_BYTES = 16;

    private Wire() {}

    static byte[] frame(byte first, byte[] body) {
        byte[] frame = new byte[1 + body.length];
        frame[0] = first;
        System.arraycopy(body, 0, frame, 1, body.length);
        return frame;
    }

    static byte[] failure(String reason) {
        String text = reason.length() > MAX_REASON_LENGTH ? reason.substring(0, MAX_REASON_LENGTH) : reason;
        return frame(FAILED, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] notLeader(String leaderDiskId) {
        return frame(NOT_LEADER, leaderDiskId.getBytes(StandardCharsets.UTF_8));
    }

    /** The first byte; of an empty frame one that no kind and no status has. */
    static byte first(byte[] frame) {
        return frame.length == 0 ? -1 : frame[0];
    }

    static byte[] body(byte[] frame) {
        return Arrays.copyOfRange(frame, Math.min(1, frame.length), frame.length);
    }

    static String text(byte[] frame) {
        return new String(body(frame), StandardCharsets.UTF_8);
    }

    /** Asks for the table, if it is newer than that; the answer has none in it if it is not. */
    static byte[] tableAfter(Revision known) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put(TABLE)
                .putLong(known.value())
                .array();
    }

    /** Of the body of {@link #tableAfter}; throws {@link IllegalArgumentException} if it is none. */
    static Revision known(byte[] body) {
        if (body.length != Long.BYTES) {
            throw new IllegalArgumentException("Not a question for the table: bytes=" + body.length);
        }
        return new Revision(ByteBuffer.wrap(body).getLong());
    }

    /**
     * A proposal on its way to the leader.
     *
     * @param clientId of the member that proposes, of this life
     * @param call the same for every attempt, so that Ratis knows a repetition
     */
    record Proposed(byte[] clientId, long call, byte[] command) {

        /** @param kind {@link #PROPOSE} or {@link #RELAY} */
        byte[] encode(byte kind) {
            ByteBuffer bytes = ByteBuffer.allocate(1 + CLIENT_ID_BYTES + Long.BYTES + command.length);
            return bytes.put(kind).put(clientId).putLong(call).put(command).array();
        }

        /** Of a request's body; throws {@link IllegalArgumentException} if it is too short. */
        static Proposed decode(byte[] body) {
            if (body.length < CLIENT_ID_BYTES + Long.BYTES) {
                throw new IllegalArgumentException("Too short a proposal: bytes=" + body.length);
            }
            ByteBuffer bytes = ByteBuffer.wrap(body);
            byte[] clientId = new byte[CLIENT_ID_BYTES];
            bytes.get(clientId);
            long call = bytes.getLong();
            byte[] command = new byte[bytes.remaining()];
            bytes.get(command);
            return new Proposed(clientId, call, command);
        }
    }
}
