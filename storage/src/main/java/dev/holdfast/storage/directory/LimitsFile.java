package dev.holdfast.storage.directory;

import dev.holdfast.storage.log.LogFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Limits that must never go back: what {@link #write} returned for is what the next start reads, or the next start reads
 * nothing. Two checksummed slots ({@link LimitsSlot}) at offsets 0 and 4096; a write fills and forces one, then the
 * other, the same content in both; it begins with the one that is damaged or older, so that a whole one is there always. So the damage of one slot costs nothing: either it was torn by a write that never
 * returned, or the other slot has the same or a newer content. (Writing to one slot in turn could not tell a torn write
 * from a newest slot that rotted, and would hand out ids twice.)
 *
 * <p>What was read at opening may come from a write that never returned and is not forced yet: write before relying on it.
 *
 * <p>Thread-safe; {@link #write} takes two forces and is not interruptible.
 */
public final class LimitsFile implements AutoCloseable {

    /** Owner of the node's own file; a partition's file has the number of its partition. */
    public static final int NODE = -1;

    private final Path file;
    private final int owner;
    private final SlotDevice device;
    private final int slotWrittenFirst;
    /** On the medium. */
    private volatile LimitsSlot current;

    private final boolean oneSlotDamaged;
    private boolean failed;

    LimitsFile(Path file, int owner, SlotDevice device) throws IOException {
        this.file = file;
        this.owner = owner;
        this.device = device;
        Optional<LimitsSlot> first = LimitsSlot.decode(device.read(0), owner, file);
        Optional<LimitsSlot> second = LimitsSlot.decode(device.read(1), owner, file);
        this.current = newest(first, second);
        this.slotWrittenFirst = first.isPresent() && first.get().equals(current) ? 1 : 0;
        this.oneSlotDamaged = first.isEmpty() || second.isEmpty();
    }

    /** Makes the file, whole or not at all. One that is there is replaced. */
    public static void create(Path file, int owner, Limits first) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(FileSlotDevice.FILE_BYTES);
        for (int slot = 0; slot < 2; slot++) {
            content.position(slot * FileSlotDevice.SLOT_DISTANCE);
            content.put(new LimitsSlot(1, first).encode(owner));
        }
        DurableFiles.replace(file, content.clear());
    }

    /**
     * Opens a file that is there.
     *
     * @throws DamagedFileException both slots are damaged, or belong to another owner
     * @throws NewerFormatException it was written by a newer version
     */
    public static LimitsFile open(Path file, int owner) throws IOException {
        FileSlotDevice device = FileSlotDevice.open(file, false);
        try {
            return new LimitsFile(file, owner, device);
        } catch (IOException | RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /** Reads a file and changes nothing; what it throws is as for {@link #open}. */
    public static Reading read(Path file, int owner) throws IOException {
        try (FileSlotDevice device = FileSlotDevice.open(file, true)) {
            LimitsFile limits = new LimitsFile(file, owner, device);
            return new Reading(limits.current(), limits.oneSlotDamaged(), Files.size(file));
        }
    }

    /** What {@link #read} found. */
    public record Reading(Limits limits, boolean oneSlotDamaged, long fileBytes) {}

    /** Never waits for {@link #write}. */
    public Limits current() {
        return current.limits();
    }

    /** Whether one slot was unreadable at opening; nothing is lost, and the next write makes it whole. */
    public boolean oneSlotDamaged() {
        return oneSlotDamaged;
    }

    /**
     * Replaces the limits; returns when both slots are on the medium.
     *
     * @throws LogFailedException a write or force failed, now or before: whether the limits are stored is not known, and
     *     this file is never written again (a retried force succeeds with the data gone)
     */
    public synchronized void write(Limits next) {
        if (failed) {
            throw new LogFailedException("The limits file failed before and is not written again: file=" + file
                    + "; check the disk and restart the node");
        }
        LimitsSlot slot = new LimitsSlot(current.generation() + 1, next);
        try {
            device.writeAndForce(slotWrittenFirst, slot.encode(owner));
            device.writeAndForce(1 - slotWrittenFirst, slot.encode(owner));
        } catch (IOException e) {
            failed = true;
            throw new LogFailedException(
                    "Cannot force the limits file: file=" + file + "; check the disk and restart the node", e);
        }
        current = slot;
    }

    /** Closes the file without writing. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        failed = true;
        device.close();
    }

    private LimitsSlot newest(Optional<LimitsSlot> first, Optional<LimitsSlot> second) {
        if (first.isEmpty() && second.isEmpty()) {
            throw new DamagedFileException(file, 0, "a whole slot of owner=" + owner, "two damaged slots");
        }
        if (first.isEmpty() || second.isEmpty()) {
            return first.or(() -> second).orElseThrow();
        }
        long apart = first.get().generation() - second.get().generation();
        boolean sameContent = first.get().limits().equals(second.get().limits());
        // a write ends with both equal, and a start goes on from the newer one: anything else was never written like
        // this
        if (apart == 0 ? !sameContent : Math.abs(apart) != 1) {
            throw new DamagedFileException(
                    file, 0, "two slots at most one generation apart", first.get() + " and " + second.get());
        }
        return apart >= 0 ? first.get() : second.get();
    }
}
