package dev.holdfast.testkit.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a {@link BlockRecorder} wrote down, and the disks that a power loss may leave of it: all that was written before the last
 * flush, and of what came after it any part, in any order, some of it torn; and those of a disk that lies about its flushes. Of
 * one thread.
 *
 * <pre>
 * 1 kind, 'W' a write, 'F' a flush    8 offset on the device    4 length    bytes
 * </pre>
 *
 * A position is an offset in the log. What happened before a position was read has all its writes below it.
 */
final class BlockLog {

    static final int HEADER = 13;

    private static final int BLOCK = 4096;
    private static final int SECTOR = 512;

    /** Of what came after the last flush, so much of a hundred is whole, and so much more is torn. */
    private static final int WHOLE = 50;

    private static final int TORN = 20;

    private record Entry(long end, boolean flush, long offset, int from, int length) {}

    private final byte[] bytes;

    /** So many entries the disk keeps to itself, whatever it says when it is flushed; 0 if it does not lie. */
    private final int unkept;

    private final List<Entry> entries = new ArrayList<>();
    private final long imageBytes;

    /** What the disk has kept for certain at the position that was asked for last. */
    private final Map<Long, byte[]> flushed;

    private int applied;

    private BlockLog(byte[] bytes, long imageBytes, Map<Long, byte[]> before, int unkept) {
        this.bytes = bytes;
        this.unkept = unkept;
        this.imageBytes = imageBytes;
        this.flushed = before;
        ByteBuffer log = ByteBuffer.wrap(bytes);
        while (log.remaining() >= HEADER) {
            boolean flush = log.get() == 'F';
            long offset = log.getLong();
            int length = log.getInt();
            int from = log.position();
            log.position(from + length);
            entries.add(new Entry(log.position(), flush, offset, from, length));
        }
    }

    /**
     * Reads a log.
     *
     * @param image as it was before
     */
    static BlockLog read(Path log, Path image) throws IOException {
        return read(log, image, 0);
    }

    /**
     * Reads a log as one of a disk that does nothing when it is flushed.
     *
     * @param image as it was before
     * @param unkept so many entries have not left its cache when it loses its power
     */
    static BlockLog ofDiskThatLies(Path log, Path image, int unkept) throws IOException {
        return read(log, image, unkept);
    }

    private static BlockLog read(Path log, Path image, int unkept) throws IOException {
        Map<Long, byte[]> blocks = new HashMap<>();
        byte[] zeros = new byte[BLOCK];
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            byte[] block = new byte[BLOCK];
            for (long number = 0; number < file.length() / BLOCK; number++) {
                file.readFully(block);
                if (!Arrays.equals(block, zeros)) {
                    blocks.put(number, block.clone());
                }
            }
            return new BlockLog(Files.readAllBytes(log), file.length(), blocks, unkept);
        }
    }

    int writes() {
        return (int) entries.stream().filter(entry -> !entry.flush()).count();
    }

    int flushes() {
        return entries.size() - writes();
    }

    /** Ends of entries from {@code first} to {@code last}, so many, by chance, ascending. */
    List<Long> positions(long first, long last, int count, SplittableRandom random) {
        List<Long> all = endsWithin(first, last);
        return random.ints(count, 0, all.size()).sorted().mapToObj(all::get).toList();
    }

    /** The same, each within {@code distance} entries of one of {@code places}, by chance. */
    List<Long> positionsNear(
            List<Long> places, int distance, long first, long last, int count, SplittableRandom random) {
        List<Long> all = endsWithin(first, last);
        List<Long> near = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int found = Collections.binarySearch(all, places.get(random.nextInt(places.size())));
            int at = (found < 0 ? -found - 1 : found) + random.nextInt(-distance, distance + 1);
            near.add(all.get(Math.max(0, Math.min(all.size() - 1, at))));
        }
        Collections.sort(near);
        return near;
    }

    private List<Long> endsWithin(long first, long last) {
        return entries.stream()
                .map(Entry::end)
                .filter(end -> end >= first && end <= last)
                .toList();
    }

    /** Writes the image that a loss of power at {@code position} may leave. Positions ascend from call to call. */
    void writeState(long position, SplittableRandom random, Path target) throws IOException {
        int end = applied;
        int kept = applied;
        for (; end < entries.size() && entries.get(end).end() <= position; end++) {
            if (entries.get(end).flush()) {
                kept = end + 1;
            }
        }
        if (unkept > 0) {
            kept = Math.max(applied, end - unkept);
        }
        for (; applied < kept; applied++) {
            apply(flushed, entries.get(applied), 0, Integer.MAX_VALUE);
        }
        Map<Long, byte[]> state = new HashMap<>();
        for (Entry entry : entries.subList(applied, end)) {
            int choice = random.nextInt(100);
            if (choice < WHOLE) {
                applyAbove(state, entry, 0, Integer.MAX_VALUE);
            } else if (choice < WHOLE + TORN) {
                int sectors = entry.length() / SECTOR;
                int first = random.nextInt(sectors + 1);
                boolean head = random.nextBoolean();
                applyAbove(state, entry, head ? 0 : first, head ? first : sectors);
            }
        }
        write(state, target);
    }

    private void applyAbove(Map<Long, byte[]> state, Entry entry, int firstSector, int endSector) {
        if (entry.flush()) {
            return;
        }
        for (long number = entry.offset() / BLOCK; number * BLOCK < entry.offset() + entry.length(); number++) {
            state.computeIfAbsent(
                    number, n -> flushed.getOrDefault(n, new byte[BLOCK]).clone());
        }
        apply(state, entry, firstSector, endSector);
    }

    private void apply(Map<Long, byte[]> state, Entry entry, int firstSector, int endSector) {
        for (int sector = firstSector; sector < Math.min(endSector, entry.length() / SECTOR); sector++) {
            long at = entry.offset() + (long) sector * SECTOR;
            byte[] block = state.computeIfAbsent(at / BLOCK, n -> new byte[BLOCK]);
            System.arraycopy(bytes, entry.from() + sector * SECTOR, block, (int) (at % BLOCK), SECTOR);
        }
    }

    private void write(Map<Long, byte[]> above, Path target) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
            file.setLength(0);
            file.setLength(imageBytes);
            for (Map.Entry<Long, byte[]> block : flushed.entrySet()) {
                if (!above.containsKey(block.getKey())) {
                    file.seek(block.getKey() * BLOCK);
                    file.write(block.getValue());
                }
            }
            for (Map.Entry<Long, byte[]> block : above.entrySet()) {
                file.seek(block.getKey() * BLOCK);
                file.write(block.getValue());
            }
        }
    }
}
