package dev.holdfast.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In virtual time. */
class TakeoverPauseTest {

    private static final NodeId SELF = new NodeId("disk-self");
    private static final NodeId LOST = new NodeId("disk-lost");
    private static final NodeId ANOTHER = new NodeId("disk-another");
    private static final NodeId FOURTH = new NodeId("disk-fourth");

    private record Due(long atNanos, Runnable work) {}

    private final List<Due> due = new ArrayList<>();
    private final List<Boolean> told = new ArrayList<>();
    private long now;

    private final TakeoverPause pause = new TakeoverPause(
            SELF, () -> now, (nanos, work) -> due.add(new Due(now + nanos, work)), Runnable::run, told::add);

    private void passMillis(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        List<Due> over = due.stream().filter(each -> each.atNanos() <= now).toList();
        due.removeAll(over);
        over.forEach(each -> each.work().run());
    }

    private boolean isHeld() {
        return !told.isEmpty() && told.get(told.size() - 1);
    }

    /** A row for each list: who is in sync, the first of them leading. */
    @SafeVarargs
    private static ClusterState rows(List<NodeId>... inSync) {
        SortedMap<PartitionId, PartitionRow> rows = new TreeMap<>();
        for (List<NodeId> each : inSync) {
            PartitionId id = new PartitionId(rows.size());
            rows.put(
                    id,
                    new PartitionRow(
                            id,
                            each,
                            new TreeSet<>(each),
                            new TreeSet<>(),
                            Optional.of(each.get(0)),
                            new Epoch(1),
                            new RowVersion(1),
                            0));
        }
        ClusterState empty = ClusterState.EMPTY;
        return new ClusterState(
                empty.revision(),
                empty.founding(),
                empty.minInSync(),
                empty.members(),
                rows,
                empty.executors(),
                empty.recoveries(),
                empty.departed());
    }

    @Test
    void startsAreHeldFromTheLossOfAPrimaryUntilThisNodeLeadsInItsPlaceAndAsLongAgain() {
        pause.gone(LOST, rows(List.of(LOST, SELF)));
        assertThat(isHeld()).isTrue();
        passMillis(70);
        pause.tableChanged(rows(List.of(LOST, SELF))); // something else has changed
        assertThat(isHeld()).isTrue();
        passMillis(30);
        pause.tableChanged(rows(List.of(SELF)));
        passMillis(99);
        assertThat(isHeld()).isTrue();
        passMillis(1);
        assertThat(isHeld()).isFalse();
        passMillis(1_000);
        assertThat(told).containsExactly(true, false);
    }

    @Test
    void aBackupForWhichCommitsWaitIsPutInOrderAsWell() {
        pause.gone(LOST, rows(List.of(SELF, LOST)));
        assertThat(isHeld()).isTrue();
        pause.tableChanged(rows(List.of(SELF)));
        passMillis(0);
        assertThat(isHeld()).isFalse();
    }

    @Test
    void afterHalfASecondTasksAreBegunWhateverTheTableSays() {
        pause.gone(LOST, rows(List.of(LOST, SELF)));
        passMillis(400);
        pause.tableChanged(rows(List.of(SELF))); // as long again would be too long
        passMillis(99);
        assertThat(isHeld()).isTrue();
        passMillis(1);
        assertThat(isHeld()).isFalse();
        passMillis(1_000);
        assertThat(told).containsExactly(true, false);
    }

    @Test
    void aLossThatIsForOthersToPutInOrderHoldsNothing() {
        pause.gone(LOST, rows(List.of(LOST, ANOTHER), List.of(SELF, ANOTHER)));
        pause.tableChanged(rows(List.of(ANOTHER), List.of(SELF, ANOTHER)));
        passMillis(1_000);
        assertThat(told).isEmpty();
    }

    @Test
    void anotherLossMeanwhileIsPutInOrderTooButMakesNoPauseLongerThanHalfASecond() {
        ClusterState all = rows(List.of(LOST, SELF), List.of(FOURTH, SELF));
        pause.gone(LOST, all);
        passMillis(100);
        pause.tableChanged(rows(List.of(SELF), List.of(FOURTH, SELF)));
        passMillis(50);
        pause.gone(FOURTH, rows(List.of(SELF), List.of(FOURTH, SELF)));
        passMillis(100);
        assertThat(isHeld()).isTrue();
        passMillis(250);
        assertThat(isHeld()).isFalse();
        passMillis(1_000);
        assertThat(told).containsExactly(true, false);
    }

    @Test
    void aLaterLossIsAPauseOfItsOwn() {
        pause.gone(LOST, rows(List.of(LOST, SELF)));
        passMillis(499);
        pause.tableChanged(rows(List.of(SELF)));
        passMillis(1);
        pause.gone(FOURTH, rows(List.of(FOURTH, SELF)));
        passMillis(499); // the end that was due for the first is due now
        assertThat(isHeld()).isTrue();
        passMillis(1);
        assertThat(told).containsExactly(true, false, true, false);
    }
}
