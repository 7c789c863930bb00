package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EntryTableTest {

    private static final TaskSpec SPEC = new TaskSpec("java", "Type", null, null, null, null, 3, TaskSpec.NO_TTL, true);

    private static final State[] STATES = State.values();

    private final EntryTable table = new EntryTable();

    private static StoredEntry entry(long sequence) {
        return draft(sequence).build();
    }

    private static StoredEntry entry(long sequence, State state) {
        return draft(sequence).state(state).build();
    }

    private static EntryDraft draft(long sequence) {
        return new EntryDraft(sequence, "executor", 0, SPEC, null);
    }

    @Test
    void behavesAsASortedMapDoes() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        TreeMap<Long, StoredEntry> model = new TreeMap<>();
        for (int step = 0; step < 50_000; step++) {
            long sequence = 1 + random.nextLong(random.nextBoolean() ? 200 : 1L << 47);
            if (random.nextInt(3) == 0) {
                table.remove(sequence);
                model.remove(sequence);
            } else {
                StoredEntry entry = entry(sequence, STATES[random.nextInt(STATES.length)]);
                table.put(entry);
                model.put(sequence, entry);
            }
            assertThat(table.get(sequence)).as("seed=%d", seed).isSameAs(model.get(sequence));
            assertThat(table.size()).as("seed=%d", seed).isEqualTo(model.size());
        }
        assertThat(table.entries()).as("seed=%d", seed).containsExactlyElementsOf(model.values());
        assertThat(table.open())
                .as("seed=%d", seed)
                .containsExactlyElementsOf(model.values().stream()
                        .filter(each -> !each.isTerminal())
                        .toList());
        List.copyOf(model.keySet()).forEach(table::remove);
        assertThat(table.isEmpty()).as("seed=%d", seed).isTrue();
        assertThat(table.entries()).as("seed=%d", seed).isEmpty();
        assertThat(table.open()).as("seed=%d", seed).isEmpty();
    }

    @Test
    void whatHasNotEndedMayBeReplacedOrRemovedWhileItIsWalked() {
        long last = 3L * EntryTable.BLOCK;
        for (long sequence = 1; sequence <= last; sequence++) {
            table.put(entry(sequence, sequence % 3 == 0 ? State.COMPLETED : State.UNFINISHED));
        }
        List<Long> seen = new ArrayList<>();
        table.open().forEach(each -> {
            seen.add(each.sequence());
            if (each.sequence() % 3 == 1) {
                table.remove(each.sequence());
                table.remove(each.sequence() + 1);
            }
        });
        assertThat(seen)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, last)
                        .filter(sequence -> sequence % 3 == 1)
                        .boxed()
                        .toList());
        assertThat(table.open()).isEmpty();
        assertThat(table.entries()).hasSize(EntryTable.BLOCK);
    }

    @Test
    void anEntryMayBeReplacedOrRemovedWhileItsBlockIsWalked() {
        for (long sequence = 1; sequence <= 3 * EntryTable.BLOCK; sequence++) {
            table.put(entry(sequence));
        }
        List<Long> seen = new ArrayList<>();
        table.entries().forEach(each -> {
            seen.add(each.sequence());
            if (each.sequence() % 2 == 0) {
                table.remove(each.sequence());
            } else {
                table.put(entry(each.sequence()));
            }
        });
        assertThat(seen).hasSize(3 * EntryTable.BLOCK).isSorted();
        assertThat(table.entries()).allMatch(each -> each.sequence() % 2 == 1);
    }

    /** The window slides as ids are issued and results are evicted: a reader never misses what stays. */
    @Test
    void aReaderFindsWhatIsThereAllTheWhile() throws Exception {
        long kept = 5;
        table.put(entry(kept));
        AtomicBoolean missed = new AtomicBoolean();
        AtomicBoolean ended = new AtomicBoolean();
        Thread reader = new Thread(() -> {
            while (!ended.get()) {
                missed.compareAndSet(false, table.get(kept) == null);
            }
        });
        reader.start();
        for (long sequence = 6; sequence < 200_000; sequence++) {
            table.put(entry(sequence));
            table.remove(sequence - 3 <= kept ? -1 : sequence - 3);
        }
        ended.set(true);
        reader.join();
        assertThat(missed).isFalse();
    }

    /** Blocks come and go while a reader lists them: what stays is listed once, nothing twice. */
    @Test
    void aReaderThatListsFindsEachOnceWhileBlocksComeAndGo() throws Exception {
        int staying = 40;
        for (long sequence = 1; sequence <= staying; sequence++) {
            table.put(entry(sequence));
        }
        AtomicBoolean ended = new AtomicBoolean();
        AtomicReference<List<Long>> wrong = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            while (!ended.get() && wrong.get() == null) {
                List<Long> seen = table.entries().map(StoredEntry::sequence).toList();
                if (seen.stream().distinct().count() != seen.size()
                        || seen.stream().filter(each -> each <= staying).count() != staying) {
                    wrong.set(seen);
                }
            }
        });
        reader.start();
        for (long round = 0; round < 20_000 && wrong.get() == null; round++) {
            for (long block = 1; block <= 20; block++) {
                long sequence = (1 + (round + block) % 40) * EntryTable.BLOCK;
                if (table.get(sequence) == null) {
                    table.put(entry(sequence));
                } else {
                    table.remove(sequence);
                }
            }
        }
        ended.set(true);
        reader.join();
        assertThat(wrong.get()).isNull();
    }
}
