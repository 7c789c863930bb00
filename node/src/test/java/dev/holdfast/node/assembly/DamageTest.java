package dev.holdfast.node.assembly;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.TaskState;
import dev.holdfast.config.Config;
import dev.holdfast.node.recovery.GatedStore;
import dev.holdfast.node.recovery.LogStore;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SequenceRange;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts that do not find everything as it was left. */
@Timeout(60)
class DamageTest {

    /** Passes on to a gated store, but for what a test changes. */
    private static class Changed implements LogStore {
        private final GatedStore store;

        Changed(GatedStore store) {
            this.store = store.next();
        }

        @Override
        public String place() {
            return store.place();
        }

        @Override
        public String id() {
            return store.id();
        }

        @Override
        public long session() {
            return store.session();
        }

        @Override
        public RecoveredLog openPartition(PartitionId partition, ReplayHandler handler) {
            return store.openPartition(partition, handler);
        }

        @Override
        public void markClean() {
            store.markClean();
        }

        @Override
        public void markAsFound() {
            store.markAsFound();
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private static Config config() {
        return new Config().setPartitionCount(3);
    }

    @Test
    void aDamagedPartitionRefusesAndTheOthersServe() throws Exception {
        LogStore damaged = new Changed(new GatedStore()) {
            @Override
            public RecoveredLog openPartition(PartitionId partition, ReplayHandler handler) {
                if (partition.value() == 1) {
                    throw new LogDamagedException(
                            new LogDamage(partition, Path.of("segment-000004", "x.cq4"), 4711, "a record", "zeroes"));
                }
                return super.openPartition(partition, handler);
            }
        };
        try (EmbeddedNode node = EmbeddedNode.start(config(), damaged)) {
            assertThat(node.report().refusing()).isEqualTo(1);
            assertThat(node.getCluster().partitions().get(1)).satisfies(partition -> {
                assertThat(partition.serving()).isFalse();
                assertThat(partition.problem()).contains("segment-000004").contains("offset=4711");
            });
            DurableExecutorService service = node.getDurableExecutorService("a");
            for (int i = 0; i < 20; i++) {
                assertThat(service.submit(() -> 1).get(20, SECONDS)).isEqualTo(1);
            }
            long unknowable = (1L << 48) + 5;
            assertThatThrownBy(() -> service.retrieveResult(unknowable).get(20, SECONDS))
                    .hasMessageContainingAll("segment-000004", "[HF-0401]");
            String key = keyOf(node, 1);
            assertThatThrownBy(() -> service.submitToKeyOwner(() -> 1, key))
                    .hasMessageContainingAll("segment-000004", "[HF-0401]");
        }
    }

    private static String keyOf(EmbeddedNode node, int partition) {
        for (int i = 0; ; i++) {
            if (node.getCluster().partitionOf("a", "key-" + i).id() == partition) {
                return "key-" + i;
            }
        }
    }

    @Test
    void lostIdsAnswerLostAndAreReported() throws Exception {
        LogStore lossy = new Changed(new GatedStore()) {
            @Override
            public RecoveredLog openPartition(PartitionId partition, ReplayHandler handler) {
                RecoveredLog sound = super.openPartition(partition, handler);
                return new RecoveredLog(
                        sound.log(),
                        sound.sequences(),
                        100,
                        Optional.of(new SequenceRange(10, 100)),
                        true,
                        Optional.of("a torn tail"),
                        sound.recordsReplayed());
            }
        };
        try (EmbeddedNode node = EmbeddedNode.start(config(), lossy)) {
            assertThat(node.report().lost()).isEqualTo(3 * 90);
            assertThat(node.report().toString()).contains("lostIds=270");
            DurableExecutorService service = node.getDurableExecutorService("a");
            assertThatThrownBy(() -> service.retrieveResult(50).get(20, SECONDS))
                    .hasMessageContaining("LOST");
            assertThatThrownBy(() -> service.retrieveResult(5).get(20, SECONDS)).hasMessageContaining("UNKNOWN");
            long id = service.submit(() -> 1).getTaskId();
            assertThat(id & ((1L << 48) - 1)).isGreaterThanOrEqualTo(100);
        }
    }

    /** Loads a task that nothing on the class path knows. */
    private static URLClassLoader withTask(Path directory) throws Exception {
        Path source = directory.resolve("Vanishing.java");
        Files.writeString(source, """
                public class Vanishing implements java.util.concurrent.Callable<String>, java.io.Serializable {
                    private static final long serialVersionUID = 1L;
                    public String call() { return "back"; }
                }
                """);
        int failures = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", directory.toString(), source.toString());
        assertThat(failures).isZero();
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, DamageTest.class.getClassLoader());
    }

    private static Callable<?> vanishing(ClassLoader loader) throws Exception {
        return (Callable<?>) loader.loadClass("Vanishing").getConstructor().newInstance();
    }

    @Test
    void aTaskWhoseClassIsMissingIsParkedAndRunsWhenItIsBack(@TempDir Path directory) throws Exception {
        GatedStore store = new GatedStore();
        Config with = config().setClassLoader(withTask(directory));
        long id;
        try (EmbeddedNode node = EmbeddedNode.start(with.copy().setAutoStart(false), store.next())) {
            id = node.getDurableExecutorService("a")
                    .submit(vanishing(requireNonNull(with.getClassLoader())))
                    .getTaskId();
        }
        try (EmbeddedNode node = EmbeddedNode.start(config(), store.next())) {
            DurableExecutorService service = node.getDurableExecutorService("a");
            await().until(() -> service.getTask(id).orElseThrow().state() == TaskState.PARKED);
            assertThat(service.getTask(id).orElseThrow().failure()).contains("Vanishing");
        }
        try (EmbeddedNode node = EmbeddedNode.start(config(), store.next())) {
            assertThat(node.report().parked()).isEqualTo(1);
            assertThat(node.getDurableExecutorService("a").submit(() -> 1).get(20, SECONDS))
                    .isEqualTo(1);
            assertThat(node.getDurableExecutorService("a")
                            .getTask(id)
                            .orElseThrow()
                            .state())
                    .isEqualTo(TaskState.PARKED);
        }
        try (EmbeddedNode node = EmbeddedNode.start(with, store.next())) {
            DurableExecutorServiceFuture<String> future =
                    node.getDurableExecutorService("a").retrieveResult(id);
            assertThat(future.get(20, SECONDS)).isEqualTo("back");
        }
    }
}
