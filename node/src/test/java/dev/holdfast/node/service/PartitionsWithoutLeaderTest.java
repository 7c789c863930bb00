package dev.holdfast.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableCallable;
import dev.holdfast.HoldfastException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.config.Config;
import dev.holdfast.node.service.TaskOutcome.Kind;
import dev.holdfast.storage.log.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code tasks}, and actions on many tasks, while some partitions have nobody who answers for them. */
class PartitionsWithoutLeaderTest {

    private static final int PARTITIONS = 4;

    private final FakeNode node = new FakeNode(new Config().setSubmitTimeout(Duration.ofMillis(100)), PARTITIONS, 100);
    private final DurableExecutorServiceImpl service = new DurableExecutorServiceImpl("jobs", node);
    private final List<Integer> seen = new ArrayList<>();
    private final List<Long> ids = new ArrayList<>();

    PartitionsWithoutLeaderTest() {
        for (int i = 0; i < 40; i++) {
            ids.add(service.submit(
                            (DurableCallable<String>) () -> "unused",
                            TaskOptions.create().key(i))
                    .getTaskId());
        }
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void see(TaskInfo task) {
        seen.add(new TaskId(task.taskId()).partition().value());
    }

    @Test
    void theTasksOfAllOthersAreGivenBeforeItIsSaidWhichAreMissing() {
        node.fakes().get(0).leaderless = true;
        node.fakes().get(2).leaderless = true;
        assertThatThrownBy(() -> service.tasks(TaskQuery.all()).forEach(this::see))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContainingAll("[HF-0612]", "partitions=[0, 2]", "timeout=PT0.1S");
        assertThat(seen).contains(1, 3).doesNotContain(0, 2).isSorted();
    }

    @Test
    void aPartitionThatIsLedInTimeComesAfterThoseThatNeedNotBeWaitedFor() {
        FakePartition late = node.fakes().get(0);
        late.leaderless = true;
        late.onWait = () -> late.leaderless = false;
        service.tasks(TaskQuery.all()).forEach(this::see);
        assertThat(seen).hasSize(40).startsWith(1).endsWith(0);
    }

    @Test
    void whoWantsNoMoreThanTheOthersHaveWaitsForNobody() {
        FakePartition never = node.fakes().get(0);
        never.leaderless = true;
        never.onWait = () -> {
            throw new AssertionError("waited for");
        };
        assertThat(service.tasks(TaskQuery.all().limit(3))).hasSize(3);
    }

    @Test
    void anActionOnManyTasksTellsWhatItDidAndWaitsOnceForAPartitionWithoutLeader() {
        AtomicInteger waits = new AtomicInteger();
        FakePartition without = node.fakes().get(1);
        without.leaderless = true;
        without.onWait = waits::incrementAndGet;

        List<TaskOutcome> outcomes = new TaskActions(node, name -> service).perform(TaskAction.CANCEL, ids);

        assertThat(outcomes).extracting(TaskOutcome::taskId).isEqualTo(ids);
        assertThat(outcomes).allSatisfy(outcome -> {
            boolean isLed = !new TaskId(outcome.taskId()).partition().equals(without.id());
            assertThat(outcome.kind()).isEqualTo(isLed ? Kind.DONE : Kind.FAILED);
            assertThat(outcome.detail()).contains(isLed ? "" : "[HF-0612]");
        });
        assertThat(outcomes).extracting(TaskOutcome::kind).contains(Kind.DONE, Kind.FAILED);
        assertThat(waits).hasValue(1);
    }
}
