package dev.holdfast.node.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What stands before the serialisation stream of a task. The names are outside the stream because they are needed before it
 * may be read: reading a lambda already runs code of its class.
 *
 * <pre>
 * byte 0        flags: 1 it is to be run(), not to be called; 2 a result follows the task in the stream; 4 names follow
 * if 4: u2      count of names
 *       utf...  names of the classes that the fingerprint covers, sorted
 * ...           Java serialisation stream: the task, with 2 its result
 * </pre>
 */
record TaskPayload(boolean isRun, boolean hasResult, List<String> fingerprinted, int streamOffset) {

    private static final int RUN = 1;
    private static final int RESULT = 2;
    private static final int NAMES = 4;
    private static final int KNOWN = RUN | RESULT | NAMES;
    private static final byte[][] PLAIN = {{0}, {RUN}, {RESULT}, {RUN | RESULT}};

    static byte[] header(boolean isRun, boolean hasResult, Collection<String> fingerprinted) throws IOException {
        int flags = (isRun ? RUN : 0) | (hasResult ? RESULT : 0);
        if (fingerprinted.isEmpty()) {
            return PLAIN[flags];
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(flags | NAMES);
        out.writeShort(fingerprinted.size());
        for (String name : fingerprinted) {
            out.writeUTF(name);
        }
        return bytes.toByteArray();
    }

    static TaskPayload parse(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            throw new EOFException();
        }
        int flags = bytes[0] & 0xff;
        if ((flags & ~KNOWN) != 0) {
            throw new IOException("Unknown kind of payload: flags=" + flags);
        }
        boolean isRun = (flags & RUN) != 0;
        boolean hasResult = (flags & RESULT) != 0;
        if ((flags & NAMES) == 0) {
            return new TaskPayload(isRun, hasResult, List.of(), 1);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        try {
            int count = in.getShort() & 0xffff;
            List<String> names = new ArrayList<>(1);
            for (int i = 0; i < count; i++) {
                names.add(name(in));
            }
            return new TaskPayload(isRun, hasResult, names, in.position());
        } catch (BufferUnderflowException e) {
            throw (IOException) new EOFException().initCause(e);
        }
    }

    /** As {@link DataInputStream#readUTF}, which costs more than all the rest; nearly every name is ASCII. */
    private static String name(ByteBuffer in) throws IOException {
        int start = in.position();
        byte[] text = new byte[in.getShort() & 0xffff];
        in.get(text);
        for (byte each : text) {
            if (each <= 0) {
                return new DataInputStream(new ByteArrayInputStream(in.array(), start, text.length + 2)).readUTF();
            }
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
