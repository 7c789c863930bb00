package dev.holdfast.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BeaconsTest extends TransportFixture {

    private static final MessageKind BEACON = MessageKind.of(1, "beacon", Role.CONTROL);

    private final LoopbackNetwork network = new LoopbackNetwork();
    private final AtomicLong clockNanos = new AtomicLong(1000);
    private Partitions primary;
    private Partitions backup;
    private Peer toBackup;
    private Beacons sending;
    private Beacons receiving;

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return network.start(settings, surroundings);
    }

    private static final class Partitions implements Beacons.Node {
        final Map<Peer, List<PartitionEpoch>> duties = new ConcurrentHashMap<>();
        final Set<PartitionId> stuck = ConcurrentHashMap.newKeySet();
        final List<PartitionEpoch> ended = new CopyOnWriteArrayList<>();
        final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public Map<Peer, List<PartitionEpoch>> duties() {
            return duties;
        }

        @Override
        public boolean isStuck(PartitionId partition) {
            return stuck.contains(partition);
        }

        @Override
        public List<PartitionEpoch> received(Identity from, List<PartitionEpoch> beacon, long receivedNanos) {
            seen.add(from.name() + " " + words(beacon) + " at " + receivedNanos);
            return beacon.stream().filter(entry -> !ended.contains(entry)).toList();
        }

        @Override
        public void acknowledged(Peer by, List<PartitionEpoch> what, long sentNanos) {
            seen.add("acknowledged " + words(what) + " of " + sentNanos);
        }

        private static String words(List<PartitionEpoch> entries) {
            return entries.stream()
                    .map(entry -> entry.partition() + "/" + entry.epoch().value())
                    .toList()
                    .toString();
        }
    }

    @BeforeEach
    void connectTwo() {
        TestNode a = node("a");
        TestNode b = node("b");
        primary = new Partitions();
        backup = new Partitions();
        toBackup = b.as(Role.CONTROL);
        sending = new Beacons(a.transport, a.inbound, BEACON, primary, LONG, clockNanos::get);
        receiving = new Beacons(b.transport, b.inbound, BEACON, backup, LONG, () -> 7);
        primary.duties.put(toBackup, List.of(entry(3, 5), entry(4, 9)));
    }

    @AfterEach
    void closeBeacons() {
        sending.close();
        receiving.close();
    }

    private static PartitionEpoch entry(int partition, long epoch) {
        return new PartitionEpoch(new PartitionId(partition), new Epoch(epoch));
    }

    @Test
    void oneBeaconHasAllPartitionsAndCountsFromWhenItWasSent() {
        sending.round();
        clockNanos.set(99_000);
        await().untilAsserted(() -> assertThat(primary.seen).containsExactly("acknowledged [3/5, 4/9] of 1000"));
        assertThat(backup.seen).containsExactly("a [3/5, 4/9] at 7");
    }

    @Test
    void whatMakesNoProgressIsLeftOutAndWhatHasEndedIsNotAcknowledged() {
        primary.stuck.add(new PartitionId(3));
        sending.round();
        await().untilAsserted(() -> assertThat(primary.seen).containsExactly("acknowledged [4/9] of 1000"));
        primary.stuck.clear();
        backup.ended.add(entry(4, 9));
        sending.round();
        await().untilAsserted(() -> assertThat(primary.seen).endsWith("acknowledged [3/5] of 1000"));
        primary.stuck.addAll(Set.of(new PartitionId(3), new PartitionId(4)));
        sending.round();
        primary.stuck.clear();
        sending.round();
        await().untilAsserted(() -> assertThat(primary.seen).hasSize(3));
        assertThat(backup.seen).as("nothing healthy, no beacon").hasSize(3);
    }

    @Test
    void theyGoOnUntilTheyAreClosedAndLeaveNoThread() {
        sending.start(Duration.ofMillis(1));
        await().until(() -> primary.seen.size() > 20);
        sending.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.isAlive() && thread.getName().equals("holdfast-beacon")));
    }

    @Test
    void whatIsNoBeaconIsRefused() {
        for (int bytes : new int[] {0, 1, 3, 11, 13}) {
            assertThatThrownBy(
                            () -> BeaconCodec.decode(ByteBuffer.allocate(bytes).putShort(0, (short) 1)))
                    .isInstanceOf(RuntimeException.class);
        }
        Body empty = BeaconCodec.encode(List.of());
        assertThat(empty.sizeBytes()).isEqualTo(2);
    }
}
