package dev.holdfast.node.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.execution.RunningAttempts;
import dev.holdfast.node.execution.RunningTask;
import dev.holdfast.node.execution.RunningTasks;
import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.node.partition.Execution;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionHost;
import dev.holdfast.node.partition.WaiterLimit;
import dev.holdfast.node.recovery.GatedLog;
import dev.holdfast.replication.SoloReplicaGroup;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of attempts when a partition comes and goes. */
class NodeTermsTest {

    private static final PartitionId PARTITION = new PartitionId(2);

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(1);
    private final RunningTasks running = new RunningTasks();
    private final NodeEvents events = new NodeEvents(running, threads, "memory", cause -> {});
    private final NodeTerms terms = new NodeTerms(events, running, cause -> {}, executor -> {});

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    /** The partition as it is led in one term. */
    private Partition term() {
        PartitionHost host = new PartitionHost(
                name -> new ExecutorLimits(1, 1, 1, 1, -1, false, 1, 1, 1),
                InstantSource.system(),
                threads,
                threads,
                threads,
                events,
                new WaiterLimit(1),
                Execution.NONE,
                1,
                1);
        return Partition.open(
                        PARTITION,
                        host,
                        new GatedLog(PARTITION)::reopen,
                        recovered ->
                                new SoloReplicaGroup(recovered.log(), new Epoch(1), SyncPolicy.OS, Optional.empty()))
                .partition();
    }

    /** The one thread that tells of the end may be overtaken by the other, which tells of the next beginning. */
    @Test
    void theEndOfATermThatIsToldLateAbandonsNothingOfTheNext() {
        Partition before = term();
        Partition now = term();
        RunningTask old = RunningAttempts.begin(running, before, 1);
        RunningTask fresh = RunningAttempts.begin(running, now, 2);
        terms.ended(before);
        assertThat(RunningAttempts.isAbandoned(old)).isTrue();
        assertThat(RunningAttempts.isAbandoned(fresh)).isFalse();
        assertThat(terms.isRunning(PARTITION)).isTrue();
    }
}
