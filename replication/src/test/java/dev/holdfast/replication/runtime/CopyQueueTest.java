package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.runtime.CopyQueue.Copy;
import dev.holdfast.replication.runtime.CopyQueue.Due;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** In virtual time: reads take none. */
class CopyQueueTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long CHUNK = 256 << 10;
    private static final long RATE = 8 << 20;

    private static final LongSupplier NOTHING = () -> 0;

    private final CopyQueue queue = new CopyQueue(RATE, 0);
    private final List<Copy> order = new ArrayList<>();
    private final Map<Copy, Long> got = new TreeMap<>();
    private Session session = new Session(1);
    private long now;

    private static Copy copy(int partition) {
        return new Copy(new PartitionId(partition), new NodeId("learner"));
    }

    private void ask(Copy copy, LongSupplier appended) {
        queue.ask(copy, session, appended, () -> CHUNK, now);
    }

    /** Reads until {@code untilNanos}; each copy asks again as soon as it has got something. */
    private void run(long untilNanos, Map<Copy, LongSupplier> copies) {
        while (now < untilNanos) {
            Optional<Due> due = queue.next(now);
            if (due.isPresent()) {
                Copy copy = due.get().copy();
                long bytes = due.get().read().run();
                queue.done(due.get(), bytes, now);
                order.add(copy);
                got.merge(copy, bytes, Long::sum);
                LongSupplier appended = copies.get(copy);
                if (appended != null) {
                    ask(copy, appended);
                }
            } else {
                now += Math.max(1_000, queue.nanosToWait(now));
            }
        }
    }

    private double rateOf(Copy copy, long sinceNanos) {
        return got.getOrDefault(copy, 0L) / ((now - sinceNanos) / (double) SECOND);
    }

    @Test
    void whatWasAppendedWhileACopyWasAwayIsNotMadeUpForAtOnce() {
        AtomicLong appended = new AtomicLong();
        Copy copy = copy(1);
        LongSupplier grown = appended::get;
        ask(copy, grown);
        run(SECOND, Map.of());
        appended.addAndGet(100 * CHUNK);
        session = new Session(2);
        ask(copy, grown);
        got.clear();
        long began = now;
        run(began + SECOND, Map.of(copy, grown));
        assertThat(rateOf(copy, began)).isLessThan(RATE * 1.1);
    }

    @Test
    void allCopiesTogetherKeepToTheRateAndShareItEvenly() {
        Map<Copy, LongSupplier> copies = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            copies.put(copy(i), NOTHING);
        }
        copies.forEach(this::ask);
        run(20 * SECOND, copies);
        long all = got.values().stream().mapToLong(Long::longValue).sum();
        assertThat(all / 20.0).isBetween(RATE * 0.99, RATE * 1.03);
        assertThat(order.subList(0, 8))
                .containsExactly(copy(0), copy(1), copy(2), copy(3), copy(0), copy(1), copy(2), copy(3));
    }

    @Test
    void aCopyMayAlwaysHaveTwiceWhatIsAppendedToItsLogWhateverTheOthersTake() {
        AtomicLong appended = new AtomicLong();
        LongSupplier busy = () -> {
            appended.set(now * 3 * RATE / SECOND); // three times the limit
            return appended.get();
        };
        Map<Copy, LongSupplier> copies = new TreeMap<>(Map.of(copy(0), NOTHING, copy(1), NOTHING, copy(2), busy));
        copies.forEach(this::ask);
        run(10 * SECOND, copies);
        assertThat(rateOf(copy(2), 0)).isBetween(5.9 * RATE, 6.4 * RATE);
        assertThat(rateOf(copy(0), 0) + rateOf(copy(1), 0)).isGreaterThan(0.6 * RATE);
    }

    @Test
    void ofWhatACopyMayHaveOfItsOwnLittleIsKept() {
        AtomicLong appended = new AtomicLong();
        LongSupplier log = appended::get;
        ask(copy(0), log);
        appended.set(1L << 40); // while the copy wants nothing, for a long time
        run(SECOND, Map.of());
        ask(copy(0), log);
        got.clear();
        run(2 * SECOND, Map.of(copy(0), log));
        assertThat(got.get(copy(0))).isLessThan((32L << 20) + 2 * RATE);
    }

    @Test
    void whatIsAskedAgainTakesThePlaceOfWhatWaits() {
        List<String> done = new ArrayList<>();
        for (String each : List.of("first", "second")) {
            queue.ask(
                    copy(0),
                    session,
                    NOTHING,
                    () -> {
                        done.add(each);
                        return CHUNK;
                    },
                    now);
            ask(copy(1), NOTHING);
        }
        run(SECOND, Map.of());
        assertThat(done).containsExactly("second");
        assertThat(order).containsExactly(copy(0), copy(1));
    }

    @Test
    void whatIsForgottenIsNotDoneAndCostsNothing() {
        ask(copy(0), NOTHING);
        ask(copy(1), NOTHING);
        queue.forget(copy(0));
        run(SECOND, Map.of());
        assertThat(order).containsExactly(copy(1));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void whileSomethingWaitsItsLogIsLookedAtOften() {
        ask(copy(0), NOTHING);
        Due due = queue.next(now).orElseThrow();
        queue.done(due, 100 * RATE, now);
        ask(copy(0), NOTHING);
        assertThat(queue.next(now)).isEmpty();
        assertThat(queue.nanosToWait(now)).isEqualTo(CopyQueue.LOOK_NANOS);
    }
}
