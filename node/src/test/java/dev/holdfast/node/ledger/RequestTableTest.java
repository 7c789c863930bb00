package dev.holdfast.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is remembered of remote callers, and for how long. */
class RequestTableTest {

    private static final RequestLimits LIMITS = new RequestLimits(3, 5, 4, 1_000);

    private final RequestTable table = new RequestTable(LIMITS);

    private static RequestId id(long caller, long number, long lowestUnanswered) {
        return new RequestId(new UUID(0, caller), number, lowestUnanswered);
    }

    private void record(RequestId request, long atMillis) {
        table.apply(new LogRecord.Cancelled(100 + request.number(), atMillis, request));
    }

    private boolean knows(long caller, long number) {
        return table.find(id(caller, number, 1)) != null;
    }

    private List<SnapshotItem> items() {
        return table.snapshot().toList();
    }

    @Test
    void whatIsAnsweredIsForgottenWithTheNextRecord() {
        record(id(1, 1, 1), 0);
        record(id(1, 2, 1), 0);
        record(id(1, 3, 2), 0);
        assertThat(knows(1, 1)).isFalse();
        assertThat(table.find(id(1, 2, 1))).isEqualTo(new SnapshotItem.Call(2, SnapshotItem.Caused.CANCELLED, 102));
        assertThat(table.isOver(id(1, 1, 1))).isTrue();
        assertThat(table.isOver(id(1, 2, 1))).isFalse();
        assertThat(table.isOver(id(2, 1, 1))).isFalse();
    }

    /** Two calls may come in another order than their caller made them. */
    @Test
    void anOlderBoundDoesNotTakeBackANewerOne() {
        record(id(1, 7, 5), 0);
        record(id(1, 6, 2), 0);
        assertThat(knows(1, 7)).isTrue();
        assertThat(knows(1, 6)).isTrue();
        assertThat(table.isOver(id(1, 4, 1))).isTrue();
    }

    @Test
    void aSilentCallerIsForgottenByAnyRecordThatIsLateEnough() {
        record(id(1, 1, 1), 5_000);
        table.apply(new LogRecord.Evicted(9, 5_999));
        assertThat(knows(1, 1)).isTrue();
        table.apply(new LogRecord.Evicted(9, 6_000));
        assertThat(knows(1, 1)).isFalse();
        assertThat(items()).isEmpty();
    }

    @Test
    void aCallerThatGoesOnIsNotForgotten() {
        record(id(1, 1, 1), 0);
        record(id(2, 1, 1), 0);
        record(id(1, 2, 1), 900);
        record(id(1, 3, 1), 1_800);
        assertThat(knows(1, 1)).isTrue();
        assertThat(knows(2, 1)).isFalse();
    }

    @Test
    void aClockThatIsSetBackShortensNoMemory() {
        record(id(1, 1, 1), 5_000);
        record(id(2, 1, 1), 100);
        table.apply(new LogRecord.Evicted(9, 5_999));
        assertThat(knows(1, 1)).isTrue();
        assertThat(knows(2, 1)).isTrue();
    }

    @Test
    void aCallerMayHaveSoManyUnansweredCalls() {
        record(id(1, 1, 1), 0);
        record(id(1, 2, 1), 0);
        assertThat(table.isFull(id(1, 3, 1))).isFalse();
        record(id(1, 3, 1), 0);
        assertThat(table.isFull(id(1, 4, 1))).isTrue();
        assertThat(table.isFull(id(1, 4, 2)))
                .as("the call itself says that one is answered")
                .isFalse();
        assertThat(table.isFull(id(2, 1, 1))).isFalse();
    }

    @Test
    void allCallersTogetherMayHaveSoManyUnansweredCalls() {
        record(id(1, 1, 1), 0);
        record(id(1, 2, 1), 0);
        record(id(1, 3, 1), 0);
        record(id(2, 1, 1), 0);
        assertThat(table.isFull(id(2, 2, 1))).isFalse();
        record(id(2, 2, 1), 0);
        assertThat(table.isFull(id(3, 1, 1))).isTrue();
        assertThat(table.isFull(id(2, 3, 2))).isFalse();
        record(id(1, 4, 4), 0);
        assertThat(table.isFull(id(3, 1, 1))).isFalse();
    }

    @Test
    void forOneCallerTooManyTheOneIsForgottenThatIsSilentForLongest() {
        for (long caller = 1; caller <= 4; caller++) {
            record(id(caller, 1, 1), caller);
        }
        record(id(1, 2, 2), 5);
        record(id(5, 1, 1), 6);
        assertThat(knows(2, 1)).isFalse();
        assertThat(knows(1, 2)).isTrue();
        assertThat(items()).hasSize(4);
    }

    @Test
    void aCallerWithoutUnansweredCallsKeepsItsBound() {
        record(id(1, 1, 1), 0);
        table.apply(new LogRecord.Cancelled(5, 1, id(1, 9, 9)));
        RequestTable restored = new RequestTable(LIMITS);
        items().forEach(item -> restored.install((SnapshotItem.Caller) item));
        assertThat(restored.isOver(id(1, 8, 1))).isTrue();
        assertThat(restored.snapshot().toList()).isEqualTo(items());
    }

    @Test
    void aCopyGoesItsOwnWay() {
        record(id(1, 1, 1), 0);
        RequestTable copy = new RequestTable(table);
        assertThat(copy.changes()).isEqualTo(table.changes());
        record(id(1, 2, 2), 0);
        record(id(2, 1, 1), 0);
        assertThat(copy.find(id(1, 1, 1))).isNotNull();
        assertThat(copy.find(id(2, 1, 1))).isNull();
        assertThat(copy.changes()).isNotEqualTo(table.changes());
    }

    @Test
    void aSnapshotIsThatOfItsMoment() {
        record(id(1, 1, 1), 7);
        Stream<SnapshotItem> snapshot = table.snapshot();
        record(id(1, 2, 2), 8);
        assertThat(snapshot)
                .containsExactly(new SnapshotItem.Caller(
                        new UUID(0, 1), 1, 7, List.of(new SnapshotItem.Call(1, SnapshotItem.Caused.CANCELLED, 101))));
    }

    /** The bound moves by little and by much, past what is known and what is not. */
    @Test
    void theCallsOfACallerAreThoseOfAMap() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CallerCalls calls = new CallerCalls();
            Map<Long, Long> map = new HashMap<>();
            long lowest = 1;
            for (int i = 0; i < 600; i++) {
                if (random.nextInt(10) == 0) {
                    lowest += random.nextInt(4) == 0 ? random.nextInt(600) : random.nextInt(20);
                    long bound = lowest;
                    calls.answeredBelow(bound, i);
                    map.keySet().removeIf(number -> number < bound);
                }
                long number = lowest + random.nextInt(500);
                long packed = CallerCalls.pack(random.nextInt(5), random.nextLong(1, 1L << 48));
                calls.add(number, packed);
                map.put(number, packed);
                long asked = lowest + random.nextInt(500);
                assertThat(calls.find(asked)).as("seed=%d", seed).isEqualTo(map.getOrDefault(asked, CallerCalls.NONE));
                assertThat(calls.size()).as("seed=%d", seed).isEqualTo(map.size());
            }
        }
    }

    @Test
    void limitsThatCannotHoldAreRefused() {
        assertThatThrownBy(() -> new RequestLimits(0, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestLimits(2, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestLimits(1, 1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestLimits(1, 1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
