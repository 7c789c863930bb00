package dev.holdfast.node.assembly;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.config.Config;
import dev.holdfast.node.recovery.GatedStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EmbeddedNodeTest {

    private final GatedStore store = new GatedStore();
    private EmbeddedNode node = start(new Config());

    private EmbeddedNode start(Config config) {
        return EmbeddedNode.start(config, store.next());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aTaskIsStoredRunsAndItsResultIsServed() throws Exception {
        DurableExecutorService service = node.getDurableExecutorService("a");
        DurableExecutorServiceFuture<Integer> future = service.submit(() -> 6 * 7);
        assertThat(future.get(10, SECONDS)).isEqualTo(42);
        assertThat(service.<Integer>retrieveResult(future.getTaskId()).get(10, SECONDS))
                .isEqualTo(42);
    }

    @Test
    void aResultIsServedAgainAfterARestart() throws Exception {
        long id = node.getDurableExecutorService("a").submit(() -> "kept").getTaskId();
        assertThat(node.getDurableExecutorService("a")
                        .<String>retrieveResult(id)
                        .get(10, SECONDS))
                .isEqualTo("kept");
        node.close();
        node = start(new Config());
        assertThat(node.getDurableExecutorService("a")
                        .<String>retrieveResult(id)
                        .get(10, SECONDS))
                .isEqualTo("kept");
        assertThat(node.report().results()).isEqualTo(1);
    }
}
