package dev.holdfast;

import static dev.holdfast.CodeOf.code;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.config.Surroundings;
import dev.holdfast.config.SyncPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A node over a data directory. */
@Timeout(120)
class HoldfastTest {

    @TempDir
    Path directory;

    private Config config() {
        Config config = new Config().setPartitionCount(4);
        config.getStorageConfig().setDirectory(directory.resolve("data"));
        return config;
    }

    @ParameterizedTest
    @EnumSource(SyncPolicy.class)
    void resultsAreServedAfterARestartAndUnfinishedTasksRun(SyncPolicy sync) throws Exception {
        Config config = config();
        config.getStorageConfig().setSync(sync);
        List<Long> ids = new ArrayList<>();
        long large;
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            DurableExecutorService service = node.getDurableExecutorService("a");
            for (int i = 0; i < 200; i++) {
                int value = i;
                ids.add(service.submit(() -> value * value).getTaskId());
            }
            large = service.submit(() -> new byte[1 << 20]).getTaskId();
            for (int i = 0; i < 200; i++) {
                assertThat(service.<Integer>retrieveResult(ids.get(i)).get(20, SECONDS))
                        .isEqualTo(i * i);
            }
            assertThat(service.<byte[]>retrieveResult(large).get(20, SECONDS)).hasSize(1 << 20);
        }
        long unfinished;
        try (HoldfastInstance node = Holdfast.newInstance(config.copy().setAutoStart(false))) {
            DurableExecutorService service = node.getDurableExecutorService("a");
            for (int i = 0; i < 200; i++) {
                assertThat(service.<Integer>retrieveResult(ids.get(i)).get(20, SECONDS))
                        .isEqualTo(i * i);
            }
            unfinished = service.submit(() -> "later").getTaskId();
        }
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            DurableExecutorService service = node.getDurableExecutorService("a");
            assertThat(service.<String>retrieveResult(unfinished).get(20, SECONDS))
                    .isEqualTo("later");
            assertThat(service.<byte[]>retrieveResult(large).get(20, SECONDS)).hasSize(1 << 20);
        }
    }

    @Test
    void whatVariablesAndPropertiesDecidedCountsAndIsLoggedAtTheStart() {
        Config config = new Config(Surroundings.of(
                Map.of("HOLDFAST_NODE_NAME", "from-variable", "HOLDFAST_PARTITION_COUNT", "3"),
                Map.of("holdfast.partition-count", "2", "holdfast.durable-executor-service.lat*.capacity", "1")));
        config.getStorageConfig().setDirectory(directory.resolve("data"));
        Logger logger = (Logger) LoggerFactory.getLogger(Holdfast.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        try (HoldfastInstance node = Holdfast.newInstance(config.setAutoStart(false))) {
            assertThat(node.getName()).isEqualTo("from-variable");
            assertThat(node.getCluster().partitions()).hasSize(2);
            DurableExecutorService later = node.getDurableExecutorService("later");
            later.executeOnKeyOwner(() -> {}, "key");
            assertThatThrownBy(() -> later.submitToKeyOwner(() -> 1, "key")).hasMessageContaining("capacity=1");
        } finally {
            logger.detachAppender(appender);
        }
        assertThat(appender.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Configured: node-name=from-variable from HOLDFAST_NODE_NAME, overrides the default node-1",
                        "Configured: partition-count=2 from -Dholdfast.partition-count,"
                                + " overrides 3 from HOLDFAST_PARTITION_COUNT, and the default 16",
                        "Configured: durable-executor-service.lat*.capacity=1 from"
                                + " -Dholdfast.durable-executor-service.lat*.capacity, overrides the default 10000");
    }

    @Test
    void aSecondNodeOnTheSameDirectoryFailsAtOnce() throws Exception {
        Config config = config();
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            assertThatThrownBy(() -> Holdfast.newInstance(config))
                    .isInstanceOf(HoldfastException.class)
                    .has(code(ErrorCode.DIRECTORY_IN_USE))
                    .hasMessageContaining(directory.resolve("data").toString())
                    .hasMessageContaining("pid");
            assertThat(node.getDurableExecutorService("a").submit(() -> 1).get(20, SECONDS))
                    .isEqualTo(1);
        }
        Holdfast.newInstance(config).close();
    }

    @Test
    void idsAreUniqueOverFiftyQuickRestarts() throws Exception {
        Config config = config().setPartitionCount(2);
        Set<Long> ids = new HashSet<>();
        for (int restart = 0; restart < 50; restart++) {
            try (HoldfastInstance node = Holdfast.newInstance(config)) {
                DurableExecutorService service = node.getDurableExecutorService("a");
                for (int i = 0; i < 3; i++) {
                    long id = service.submit(() -> 1).getTaskId();
                    assertThat(id).isPositive();
                    assertThat(ids.add(id)).as("restart=%s, id=%s", restart, id).isTrue();
                    if (i == 0) {
                        service.retrieveAndDisposeResult(id).get(20, SECONDS);
                    }
                }
            }
        }
    }

    /** A thread whose interrupt flag comes and goes submits and reads: no channel of the node may be closed by that. */
    @Test
    void interruptsOfCallersDoNotHarmTheNode() throws Exception {
        Config config = config().setPartitionCount(1).setMaxPayload(1 << 20);
        config.getStorageConfig().setSegmentSize(4 << 20);
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            DurableExecutorService service = node.getDurableExecutorService("a");
            AtomicBoolean over = new AtomicBoolean();
            Thread victim = Thread.currentThread();
            Thread interrupter = new Thread(() -> {
                while (!over.get()) {
                    victim.interrupt();
                    Thread.yield();
                }
            });
            interrupter.start();
            List<Long> ids = new ArrayList<>();
            try {
                for (int i = 0; i < 300; i++) {
                    byte[] payload = new byte[100_000];
                    Arrays.fill(payload, (byte) i);
                    ids.add(service.submit(() -> payload).getTaskId());
                }
            } finally {
                over.set(true);
                while (interrupter.isAlive()) {
                    Thread.interrupted();
                    Thread.onSpinWait();
                }
                Thread.interrupted();
            }
            for (int i = 0; i < ids.size(); i++) {
                assertThat(service.<byte[]>retrieveResult(ids.get(i)).get(20, SECONDS))
                        .as("i=%s", i)
                        .hasSize(100_000)
                        .contains((byte) i);
            }
            assertThat(node.getCluster().partitions()).allMatch(Cluster.Partition::serving);
        }
    }

    @Test
    void everyMistakeInAConfigurationIsReported() {
        Config config = config().setCallbackPoolSize(0).setMaxWaiters(-1);
        assertThatThrownBy(() -> Holdfast.newInstance(config))
                .isInstanceOf(ConfigurationException.class)
                .has(code(ErrorCode.CONFIGURATION_WRONG))
                .hasMessageContaining("callback-pool-size")
                .hasMessageContaining("max-waiters");
    }

    @Test
    void aNodeWithAPortIsAClusterOfItself() throws Exception {
        Config config = config();
        config.getNetworkConfig().setEnabled(true).setPort(0);
        config.getSerializationConfig().addAllowedClasses("dev.holdfast.**");
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            Cluster.Member self = node.getCluster().localMember();
            assertThat(self.address()).startsWith("127.0.0.1:").doesNotEndWith(":0");
            assertThat(node.getCluster().members()).containsExactly(self);
            assertThat(node.getDurableExecutorService("a").submit(() -> "done").get(60, SECONDS))
                    .isEqualTo("done");
        }
    }

    @Test
    void theSameNameGivesTheSameExecutor() {
        try (HoldfastInstance node = Holdfast.newInstance(config())) {
            assertThat(node.getDurableExecutorService("a")).isSameAs(node.getDurableExecutorService("a"));
            assertThatThrownBy(() -> node.getDurableExecutorService("")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> node.getDurableExecutorService("x".repeat(257)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(node.getCluster().members()).hasSize(1);
            assertThat(node.getCluster().partitions()).hasSize(4).allMatch(Cluster.Partition::serving);
            assertThat(node.getCluster().partitionOf("a", "key"))
                    .isEqualTo(node.getCluster().partitionOf("b", "key"));
        }
    }
}
