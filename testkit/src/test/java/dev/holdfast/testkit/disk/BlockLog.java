package dev.holdfast.testkit.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a {@link BlockRecorder} wrote down, and the disks that a power loss may leave of it: all that was written before the last
 * flush, and of what came after it any part, in any order, some of it torn. Of one thread.
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
    private final List<Entry> entries = new ArrayList<>();
    private final long imageBytes;

    /** The state at the last flush before the position that was asked for last. */
    private final Map<Long, byte[]> flushed;

    private int applied;

    private BlockLog(byte[] bytes, long imageBytes, Map<Long, byte[]> before) {
        this.bytes = bytes;
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
            return new BlockLog(Files.readAllBytes(log), file.length(), blocks);
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
        List<Long> all = entries.stream()
                .map(Entry::end)
                .filter(end -> end >= first && end <= last)
                .toList();
        return random.ints(count, 0, all.size()).sorted().mapToObj(all::get).toList();
    }

    /** Writes the image of a disk that has lost all that came after {@code position}, whatever it said of it since. */
    void writePast(long position, Path target) throws IOException {
        for (; applied < entries.size() && entries.get(applied).end() <= position; applied++) {
            apply(flushed, entries.get(applied), 0, Integer.MAX_VALUE);
        }
        write(Map.of(), target);
    }

    /** Writes the image that a loss of power at {@code position} may leave. Positions ascend from call to call. */
    void writeState(long position, SplittableRandom random, Path target) throws IOException {
        int end = applied;
        int lastFlush = applied;
        for (; end < entries.size() && entries.get(end).end() <= position; end++) {
            if (entries.get(end).flush()) {
                lastFlush = end + 1;
            }
        }
        for (; applied < lastFlush; applied++) {
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
