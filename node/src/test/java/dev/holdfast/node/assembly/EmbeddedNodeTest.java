package dev.holdfast.node.assembly;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.HoldfastException;
import dev.holdfast.config.Config;
import dev.holdfast.node.recovery.GatedStore;
import dev.holdfast.node.recovery.LogStore;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import java.util.concurrent.atomic.AtomicBoolean;
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

    @Test
    void aStoreOfANewerVersionIsRefusedWithTheReasonAndLetGo() {
        AtomicBoolean closed = new AtomicBoolean();
        LogStore newer = new LogStore() {
            @Override
            public String place() {
                return "newer";
            }

            @Override
            public String id() {
                return "newer";
            }

            @Override
            public long session() {
                return 1;
            }

            @Override
            public RecoveredLog openPartition(PartitionId partition, ReplayHandler handler) {
                throw new UnreadableRecordException("Written by a newer Holdfast: use the version that wrote it");
            }

            @Override
            public void markClean() {
                throw new AssertionError("nothing ended in order");
            }

            @Override
            public void markAsFound() {
                throw new AssertionError("nothing ended in order");
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        assertThatThrownBy(() -> EmbeddedNode.start(new Config(), newer))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("use the version that wrote it");
        assertThat(closed).isTrue();
    }
}
