package dev.holdfast;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Config;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The same contract, through a client. */
class ClientTaskControlContractTest extends TaskControlContractTest {

    @Override
    HoldfastInstance userOf(HoldfastInstance started, Config config) {
        return new ClientOfNode(started, config);
    }

    /** Counts are the cluster's, latencies the client's own: it executes nothing. */
    @Override
    @Test
    void statisticsCountWhatHappened() throws Exception {
        service().submit(() -> "ok").get(10, SECONDS);
        DurableExecutorServiceFuture<String> failing = service().submit(() -> {
            throw new IllegalStateException("it fails");
        });
        assertThatThrownBy(() -> failing.get(10, SECONDS)).isInstanceOf(ExecutionException.class);
        DurableExecutorStats stats = service().getStats();
        assertThat(List.of(stats.completed(), stats.failed(), stats.cancelled(), stats.rejected()))
                .containsExactly(1L, 1L, 0L, 0L);
        assertThat(stats.submitToStored().count()).isEqualTo(2);
        assertThat(stats.execution().count()).isZero();
    }
}
