package dev.holdfast.replication.transport;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Body of a beacon, and of its answer, which has those of the beacon that are acknowledged:
 *
 * <pre>
 *  0  u16  how many follow
 *  2  u16  partition     )
 *  4  u64  epoch         )  of each
 * </pre>
 */
final class BeaconCodec {

    private static final int COUNT_BYTES = 2;
    private static final int ENTRY_BYTES = 10;

    private BeaconCodec() {}

    static Body encode(Collection<PartitionEpoch> entries) {
        ByteBuffer body = ByteBuffer.allocate(COUNT_BYTES + ENTRY_BYTES * entries.size());
        body.putShort((short) entries.size());
        for (PartitionEpoch entry : entries) {
            body.putShort((short) entry.partition().value());
            body.putLong(entry.epoch().value());
        }
        return Body.of(body.flip());
    }

    /** @throws IllegalArgumentException if it is no such body */
    static List<PartitionEpoch> decode(ByteBuffer body) {
        int count = body.remaining() < COUNT_BYTES ? -1 : body.getShort(body.position()) & 0xFFFF;
        if (count < 0 || body.remaining() != COUNT_BYTES + ENTRY_BYTES * count) {
            throw new IllegalArgumentException("Not a beacon: bytes=" + body.remaining() + ", count=" + count);
        }
        List<PartitionEpoch> entries = new ArrayList<>(count);
        int at = body.position() + COUNT_BYTES;
        for (int i = 0; i < count; i++, at += ENTRY_BYTES) {
            PartitionId partition = new PartitionId(body.getShort(at) & 0xFFFF);
            entries.add(new PartitionEpoch(partition, new Epoch(body.getLong(at + 2))));
        }
        return entries;
    }
}
