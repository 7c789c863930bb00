package dev.holdfast.node.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.StaleTaskIdException;
import dev.holdfast.config.Config;
import dev.holdfast.node.codec.JavaTaskCodec;
import dev.holdfast.node.partition.PartitionAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoutingTest {

    private static final int CAPACITY = 100;

    private final List<LoadedPartition> loads =
            IntStream.range(0, 4).mapToObj(LoadedPartition::new).toList();
    private final JavaTaskCodec codec = new JavaTaskCodec(new Config());
    private final List<PartitionAccess> partitions = new ArrayList<>(loads);

    private StickyPartition sticky() {
        return new StickyPartition("", partitions, CAPACITY, 0);
    }

    @Test
    void keysKeepTheirPartitionForEver() {
        // Golden: stored tasks and idempotency keys rely on these.
        assertThat(KeyPartition.of(codec.encodeKey("customer-42"), 16).value()).isEqualTo(2);
        assertThat(KeyPartition.of(codec.encodeKey(42), 16).value()).isEqualTo(2);
        assertThat(KeyPartition.of(codec.encodeKey(42L), 16).value()).isEqualTo(10);
        assertThat(KeyPartition.of(new byte[0], 16).value()).isEqualTo(6);
        assertThat(KeyPartition.hash(new byte[] {1, 2, 3})).isEqualTo(0xfd97a838d02d3759L);
    }

    @Test
    void similarKeysSpreadEvenly() {
        int keys = 16_000;
        for (String prefix : List.of("", "customer-", "00000000-0000-0000-0000-")) {
            int[] counts = new int[16];
            for (int i = 0; i < keys; i++) {
                counts[KeyPartition.of(codec.encodeKey(prefix + i), 16).value()]++;
            }
            for (int count : counts) {
                assertThat(count).as("prefix=%s", prefix).isBetween(850, 1150);
            }
        }
    }

    @Test
    void itSticksWhileThePartitionHasRoom() {
        StickyPartition sticky = sticky();
        int first = sticky.pick(0);
        for (int i = 0; i < CAPACITY / 2 - 1; i++) {
            loads.get(first).load++;
            assertThat(sticky.pick(1)).isEqualTo(first);
        }
        loads.get(first).load++;
        int second = sticky.pick(1);
        assertThat(second).isNotEqualTo(first);
        assertThat(sticky.pick(1)).isEqualTo(second);
    }

    @Test
    void itChangesAfterTenMillisecondsIfAnotherHasLessToDo() {
        StickyPartition sticky = sticky();
        int first = sticky.pick(0);
        loads.get(first).load = 5;
        assertThat(sticky.pick(StickyPartition.CHANGE_NANOS - 1)).isEqualTo(first);
        assertThat(sticky.pick(StickyPartition.CHANGE_NANOS)).isNotEqualTo(first);
    }

    @Test
    void itStaysIfAllHaveAsMuchToDo() {
        StickyPartition sticky = sticky();
        int first = sticky.pick(0);
        loads.forEach(partition -> partition.load = 5);
        assertThat(sticky.pick(StickyPartition.CHANGE_NANOS)).isEqualTo(first);
        loads.forEach(partition -> partition.load = CAPACITY - 1);
        assertThat(sticky.pick(StickyPartition.CHANGE_NANOS)).isEqualTo(first);
    }

    @Test
    void itLeavesAFullPartitionAndOneThatRefuses() {
        StickyPartition sticky = sticky();
        int first = sticky.pick(0);
        loads.forEach(partition -> partition.load = CAPACITY - 1);
        loads.get(first).load = CAPACITY;
        int second = sticky.pick(0);
        assertThat(second).isNotEqualTo(first);
        loads.get(second).problem = "damaged";
        assertThat(sticky.pick(0)).isNotIn(first, second);
    }

    @Test
    void itPrefersWhatIsLedHereWhileThatHasRoom() {
        loads.forEach(partition -> partition.local = false);
        loads.get(2).local = true;
        loads.get(2).load = CAPACITY - 1;
        StickyPartition sticky = sticky();
        assertThat(sticky.pick(StickyPartition.CHANGE_NANOS)).isEqualTo(2);
        loads.get(2).load = CAPACITY;
        assertThat(sticky.pick(StickyPartition.CHANGE_NANOS)).isNotEqualTo(2);
        loads.get(2).load = 0;
        assertThat(sticky.pick(2 * StickyPartition.CHANGE_NANOS)).isEqualTo(2);
    }

    @Test
    void itChoosesAgainWhenAnotherIsLedHere() {
        loads.forEach(partition -> partition.local = false);
        loads.get(1).local = true;
        StickyPartition sticky = sticky();
        assertThat(sticky.pick(StickyPartition.CHANGE_NANOS)).isEqualTo(1);
        loads.get(1).local = false;
        loads.get(3).local = true;
        assertThat(sticky.pick(2 * StickyPartition.CHANGE_NANOS)).isEqualTo(3);
    }

    @Test
    void whatIsLedHereIsAskedBeforeTheRest() {
        loads.forEach(partition -> partition.local = false);
        loads.get(0).local = true;
        loads.get(2).local = true;
        Router.Route route = new Router("", partitions, codec, CAPACITY).route(null, null);
        List<Integer> asked = new ArrayList<>();
        for (PartitionAccess next = route.next(); next != null; next = route.next()) {
            asked.add(next.id().value());
        }
        assertThat(asked).hasSize(4);
        assertThat(asked.subList(0, 2)).containsExactlyInAnyOrder(0, 2);
    }

    @Test
    void noPartitionThatHasRoomIsMissed() {
        SplittableRandom random = new SplittableRandom(7);
        Router router = new Router("", partitions, codec, CAPACITY);
        for (int round = 0; round < 1000; round++) {
            loads.forEach(partition -> partition.load = random.nextInt(4) == 0 ? CAPACITY - 1 : CAPACITY);
            Router.Route route = router.route(null, null);
            List<PartitionAccess> asked = new ArrayList<>();
            for (PartitionAccess next = route.next(); next != null; next = route.next()) {
                asked.add(next);
            }
            assertThat(asked).as("seed=7, round=%d", round).doesNotHaveDuplicates();
            assertThat(asked)
                    .as("seed=7, round=%d", round)
                    .containsAll(loads.stream()
                            .filter(partition -> partition.load < CAPACITY)
                            .toList());
            assertThat(asked).isNotEmpty();
        }
    }

    @Test
    void aKeyHasOnePartition() {
        Router router = new Router("", partitions, codec, CAPACITY);
        Router.Route byKey = router.route("k", "ignored");
        PartitionAccess owner = byKey.next();
        assertThat(owner).isNotNull();
        assertThat(byKey.next()).isNull();
        assertThat(byKey.isKeyless()).isFalse();
        assertThat(router.route("k", "other").next()).isSameAs(owner);
        assertThat(router.route(null, "k").next()).isSameAs(owner);
    }

    @Test
    void idsNameTheirPartition() {
        Router router = new Router("jobs", partitions, codec, CAPACITY);
        assertThat(router.partitionOf((2L << 48) | 5)).isSameAs(partitions.get(2));
        for (long id : new long[] {0, -1, 4L << 48 | 1, Long.MAX_VALUE, 2L << 48}) {
            assertThatThrownBy(() -> router.partitionOf(id)).isInstanceOf(StaleTaskIdException.class);
            assertThat(router.find(id)).isNull();
        }
    }
}
