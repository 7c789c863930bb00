package dev.holdfast.node.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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
        ByteArrayInputStream source = new ByteArrayInputStream(bytes);
        DataInputStream in = new DataInputStream(source);
        int flags = in.readUnsignedByte();
        if ((flags & ~KNOWN) != 0) {
            throw new IOException("Unknown kind of payload: flags=" + flags);
        }
        List<String> names = new ArrayList<>(0);
        if ((flags & NAMES) != 0) {
            int count = in.readUnsignedShort();
            for (int i = 0; i < count; i++) {
                names.add(in.readUTF());
            }
        }
        return new TaskPayload((flags & RUN) != 0, (flags & RESULT) != 0, names, bytes.length - source.available());
    }
}
