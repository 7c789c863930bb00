package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplicatedRun;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Collects frames into a {@link ReplicatedRun}: whole records, of one epoch, about as many bytes as were asked for. One
 * thread, for one run.
 */
public final class RunCopy implements FrameScan.FrameTaker {

    private final LogEnd before;
    private final int maxBytes;
    private ByteBuffer documents;
    private LogEnd reached;
    private LogEnd whole;
    private int wholeLength;
    private boolean full;

    public RunCopy(LogEnd before, int maxBytes) {
        this.before = before;
        this.maxBytes = maxBytes;
        this.documents = allocate(Math.min(Math.max(maxBytes, 256), 64 * 1024));
        this.reached = before;
        this.whole = before;
    }

    @Override
    public void take(ByteBuffer buffer, int start, int length) {
        Epoch epoch = new Epoch(buffer.getLong(start + Frame.EPOCH));
        long position = buffer.getLong(start + Frame.POSITION);
        if (full || position <= before.lsn().value()) {
            return;
        }
        if (documents.position() > 0 && !epoch.equals(reached.epoch())) {
            endWhole(); // chunks without an end, if there are any, are void from here on, on every replica
            full = true;
            return;
        }
        int size = Math.toIntExact(Frame.documentBytes(length));
        if (documents.remaining() < size) {
            grow(documents.position() + size);
        }
        documents.putInt(length);
        documents.put(buffer.duplicate().limit(start + length).position(start));
        while ((documents.position() & 3) != 0) {
            documents.put((byte) 0);
        }
        reached = new LogEnd(new Lsn(position), epoch, buffer.getLong(start + Frame.HASH));
    }

    /** The frames taken last end a record. */
    public void recordEnded() {
        if (full) {
            return;
        }
        if (wholeLength > 0 && documents.position() > maxBytes) {
            full = true;
            return;
        }
        endWhole();
        full = wholeLength >= maxBytes;
    }

    /** Whether nothing more is taken. */
    public boolean isFull() {
        return full;
    }

    /** The whole records taken; empty if there are none. */
    public Optional<ReplicatedRun> run() {
        return wholeLength == 0
                ? Optional.empty()
                : Optional.of(new ReplicatedRun(before, whole, Arrays.copyOf(documents.array(), wholeLength)));
    }

    private void endWhole() {
        whole = reached;
        wholeLength = documents.position();
    }

    private void grow(int needed) {
        ByteBuffer larger = allocate(Math.max(needed, Math.multiplyExact(2, documents.capacity())));
        larger.put(documents.flip());
        documents = larger;
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
