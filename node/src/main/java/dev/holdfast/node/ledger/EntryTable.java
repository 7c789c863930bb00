package dev.holdfast.node.ledger;

import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jctools.maps.NonBlockingHashMapLong;
import org.jspecify.annotations.Nullable;

/**
 * Entries by their sequence. Sequences are given one after the other, so entries of the same time lie side by side, in blocks
 * of {@value #BLOCK}: what is looked up next is mostly in the block that was looked up last. A block goes with its last
 * entry; one entry that outlives its neighbours holds a block, some 350 bytes.
 *
 * <p>Whoever holds the partition writes; readers on any thread see each entry whole, and several of them as they are meanwhile.
 */
final class EntryTable {

    static final int BLOCK = 1 << Block.BITS;

    @SuppressWarnings("serial") // an array of references for its memory, never serialised
    private static final class Block extends AtomicReferenceArray<@Nullable StoredEntry> {

        static final int BITS = 6;

        /** Of the writer. */
        transient int size;

        /** Of the writer: a bit for each slot whose entry has not ended. */
        transient long open;

        Block() {
            super(BLOCK);
        }

        void mark(int slot, boolean isOpen) {
            long bit = 1L << slot;
            open = isOpen ? open | bit : open & ~bit;
        }
    }

    private final NonBlockingHashMapLong<Block> blocks = new NonBlockingHashMapLong<>();

    /** Of the writer. */
    private int size;

    private static long blockOf(long sequence) {
        return sequence >>> Block.BITS;
    }

    private static int slotOf(long sequence) {
        return (int) sequence & (BLOCK - 1);
    }

    /** Any thread. */
    @Nullable
    StoredEntry get(long sequence) {
        Block block = blocks.get(blockOf(sequence));
        return block == null ? null : block.get(slotOf(sequence));
    }

    void put(StoredEntry entry) {
        long number = blockOf(entry.sequence());
        Block block = blocks.get(number);
        if (block == null) {
            block = new Block();
            blocks.put(number, block);
        }
        int slot = slotOf(entry.sequence());
        if (block.getPlain(slot) == null) {
            block.size++;
            size++;
        }
        block.mark(slot, !entry.isTerminal());
        block.setRelease(slot, entry);
    }

    void remove(long sequence) {
        long number = blockOf(sequence);
        Block block = blocks.get(number);
        int slot = slotOf(sequence);
        if (block == null || block.getPlain(slot) == null) {
            return;
        }
        block.mark(slot, false);
        block.setRelease(slot, null);
        block.size--;
        size--;
        if (block.size == 0) {
            blocks.remove(number);
        }
    }

    /** For the writer. */
    boolean isEmpty() {
        return size == 0;
    }

    /** For the writer. */
    int size() {
        return size;
    }

    /** Oldest first, each as it is when the stream comes to it. Any thread. */
    Stream<StoredEntry> entries() {
        long[] numbers = numbers();
        return Arrays.stream(numbers).boxed().<StoredEntry>mapMulti((number, next) -> {
            Block block = blocks.get(number.longValue());
            if (block != null) {
                hand(block, next);
            }
        });
    }

    /**
     * Those that have not ended, oldest first: however many results there are, what is opened after a failover waits for no walk over
     * them. For the writer, who may replace and remove what it is handed.
     */
    Stream<StoredEntry> open() {
        return Arrays.stream(numbers()).boxed().<StoredEntry>mapMulti((number, next) -> {
            Block block = blocks.get(number.longValue());
            for (long left = block == null ? 0 : block.open; left != 0; left &= left - 1) {
                StoredEntry entry = block.getPlain(Long.numberOfTrailingZeros(left));
                if (entry != null) {
                    next.accept(entry);
                }
            }
        });
    }

    /** Of the blocks that stay meanwhile, and some of those that come or go; ascending. */
    private long[] numbers() {
        long[] numbers = new long[Math.max(8, blocks.size())];
        int count = 0;
        for (Iterator<Long> each = blocks.keySet().iterator(); each.hasNext(); ) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = each.next();
        }
        Arrays.sort(numbers, 0, count);
        return Arrays.copyOf(numbers, count);
    }

    private static void hand(Block block, Consumer<StoredEntry> next) {
        for (int slot = 0; slot < BLOCK; slot++) {
            StoredEntry entry = block.get(slot);
            if (entry != null) {
                next.accept(entry);
            }
        }
    }
}
