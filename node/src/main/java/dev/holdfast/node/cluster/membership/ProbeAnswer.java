package dev.holdfast.node.cluster.membership;

import dev.holdfast.replication.control.BootstrapCodec;
import dev.holdfast.replication.control.BootstrapView;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.protocol.NodeId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a node answers to somebody who looks for a cluster. Big-endian:
 *
 * <pre>
 * u8 format, 1         i64 session of who asks, in the table; 0 unknown    u16 voters, n
 * text cluster name    u8 1: who asks was removed                          n times: text disk id, text host, i32 port
 * i64 i64 process      i32 min-in-sync                                     i32 bytes, the view as BootstrapCodec has it
 * </pre>
 *
 * @param process made by each process anew: whoever hears its own has asked itself
 * @param sessionOfAsker as the table of the answering member has it
 * @param askerWasRemoved whether who asks was a member and is none any more
 * @param minInSync of the table, or as configured before there is one
 * @param voters where the members that vote are reached, as far as the answering node knows
 */
record ProbeAnswer(
        String clusterName,
        UUID process,
        long sessionOfAsker,
        boolean askerWasRemoved,
        int minInSync,
        SortedMap<NodeId, NodeAddress> voters,
        BootstrapView view) {

    private static final int FORMAT = 1;
    private static final int MOST_VOTERS = 64;

    ProbeAnswer {
        voters = Collections.unmodifiableSortedMap(new TreeMap<>(voters));
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(FORMAT);
            out.writeUTF(clusterName);
            out.writeLong(process.getMostSignificantBits());
            out.writeLong(process.getLeastSignificantBits());
            out.writeLong(sessionOfAsker);
            out.writeBoolean(askerWasRemoved);
            out.writeInt(minInSync);
            int most = Math.min(voters.size(), MOST_VOTERS);
            out.writeShort(most);
            int written = 0;
            for (var voter : voters.entrySet()) {
                if (written++ < most) {
                    out.writeUTF(voter.getKey().diskId());
                    out.writeUTF(voter.getValue().host());
                    out.writeInt(voter.getValue().port());
                }
            }
            byte[] encoded = BootstrapCodec.encode(view);
            out.writeInt(encoded.length);
            out.write(encoded);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of memory
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException it is none, or of another version */
    static ProbeAnswer decode(byte[] bytes) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new IllegalArgumentException("Another version's: format=" + format + ", known=" + FORMAT);
            }
            String clusterName = in.readUTF();
            UUID process = new UUID(in.readLong(), in.readLong());
            long session = in.readLong();
            boolean removed = in.readBoolean();
            int minInSync = in.readInt();
            SortedMap<NodeId, NodeAddress> voters = new TreeMap<>();
            int count = in.readUnsignedShort();
            for (int i = 0; i < count; i++) {
                voters.put(new NodeId(in.readUTF()), new NodeAddress(in.readUTF(), in.readInt()));
            }
            int length = in.readInt();
            if (length < 0 || length > BootstrapCodec.MAX_BYTES || length != in.available()) {
                throw new IllegalArgumentException("Not an answer to a probe: bytes=" + length);
            }
            return new ProbeAnswer(
                    clusterName,
                    process,
                    session,
                    removed,
                    minInSync,
                    voters,
                    BootstrapCodec.decode(in.readAllBytes()));
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("Not an answer to a probe: cause=" + e, e);
        }
    }
}
