package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ConfigTest {
    private final Config config = new Config();

    @Test
    void aNewConfigurationIsAnEmbeddedNodeWithTheDocumentedDefaults() {
        assertThat(config.getPartitionCount()).isEqualTo(16);
        assertThat(config.isAutoStart()).isTrue();
        assertThat(config.getShutdownGrace()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.getSubmitTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.getMaxPayload()).isEqualTo(16 << 20);
        assertThat(config.getMaxWaiters()).isEqualTo(100_000);
        assertThat(config.getNetworkConfig().isEnabled()).isFalse();
        assertThat(config.getStorageConfig().getDirectory()).isEqualTo(Path.of("./holdfast-data"));
        assertThat(config.getStorageConfig().getSync()).isEqualTo(SyncPolicy.OS);
        assertThat(config.getReplicationConfig().getMinInSync()).isOne();
        DurableExecutorConfig executor = config.findDurableExecutorConfig("any");
        assertThat(executor.getPoolSize()).isEqualTo(16);
        assertThat(executor.getDurability()).isOne();
        assertThat(executor.getCapacity()).isEqualTo(10_000);
        assertThat(executor.getMaxCrashes()).isEqualTo(3);
        assertThat(executor.getMaxHeld()).isEqualTo(10_000);
        assertThat(executor.isStatisticsEnabled()).isTrue();
        assertThat(executor.getSplitBrainProtectionName()).isNull();
        assertThat(executor.getResultRetention().getMaxResults()).isEqualTo(10_000);
        assertThat(executor.getResultRetention().getMaxBytes()).isEqualTo(256 << 20);
        assertThat(executor.getResultRetention().getTtl()).isNull();
        assertThat(executor.getResultRetention().getWhenFull()).isEqualTo(WhenFull.EVICT_OLDEST);
        assertThat(config.validate()).isSameAs(config);
    }

    @Test
    void theFormsOfTheContractMeanTheSame() {
        config.getDurableExecutorConfig("myDurableExecSvc")
                .setPoolSize(8)
                .setDurability(1)
                .setCapacity(1);
        Config xml = Config.fromXml(stream("""
                <holdfast>
                    <durable-executor-service name="myDurableExecSvc">
                        <pool-size>8</pool-size>
                        <durability>1</durability>
                        <capacity>1</capacity>
                    </durable-executor-service>
                </holdfast>"""));
        assertThat(xml.toYaml()).isEqualTo(config.toYaml());
    }

    @Test
    void theYamlOfTheContractLoads() {
        Config yaml = Config.fromYaml(stream("""
                holdfast:
                  cluster-name: dev
                  node-name: a
                  storage: {directory: ./holdfast-data, sync: os}
                  network: {enabled: true, host: 127.0.0.1, port: 5710, members: ["127.0.0.1:5710", "127.0.0.1:5711", "127.0.0.1:5712"]}
                  serialization: {allow: ["com.acme.**"]}
                  durable-executor-service:
                    myDurableExecSvc: {pool-size: 8, durability: 1, capacity: 1}
                """));
        config.setClusterName("dev").setNodeName("a");
        config.getNetworkConfig()
                .setEnabled(true)
                .setHost("127.0.0.1")
                .setPort(5710)
                .setMembers(List.of("127.0.0.1:5710", "127.0.0.1:5711", "127.0.0.1:5712"));
        config.getSerializationConfig().addAllowedClasses("com.acme.**");
        config.addDurableExecutorConfig(
                new DurableExecutorConfig("myDurableExecSvc").setPoolSize(8).setCapacity(1));
        assertThat(yaml.toYaml()).isEqualTo(config.toYaml());
    }

    @Test
    void theMostSpecificPatternWinsAndAnExactNameBeatsIt() {
        config.getDurableExecutorConfig("default").setPoolSize(1);
        config.addDurableExecutorConfig(new DurableExecutorConfig("orders-*").setPoolSize(2));
        config.addDurableExecutorConfig(new DurableExecutorConfig("orders-*-eu").setPoolSize(3));
        config.addDurableExecutorConfig(new DurableExecutorConfig("orders-x-eu").setPoolSize(4));

        assertThat(config.findDurableExecutorConfig("other").getPoolSize()).isEqualTo(1);
        assertThat(config.findDurableExecutorConfig("orders-us").getPoolSize()).isEqualTo(2);
        assertThat(config.findDurableExecutorConfig("orders-y-eu").getPoolSize())
                .isEqualTo(3);
        assertThat(config.findDurableExecutorConfig("orders-x-eu").getPoolSize())
                .isEqualTo(4);
        assertThat(config.findDurableExecutorConfig("orders-us").getName()).isEqualTo("orders-us");
        assertThat(config.getDurableExecutorConfigs()).hasSize(4);
    }

    @Test
    void aPatternOfAllBeatsTheDefault() {
        config.getDurableExecutorConfig("default").setPoolSize(1);
        config.getDurableExecutorConfig("*").setPoolSize(2);
        assertThat(config.findDurableExecutorConfig("a").getPoolSize()).isEqualTo(2);
    }

    @Test
    void aTieIsAnErrorUntilAnExactNameDecides() {
        config.getDurableExecutorConfig("eu-*").setPoolSize(2);
        config.getDurableExecutorConfig("*-hi").setPoolSize(3);
        config.validate();
        assertThat(config.findDurableExecutorConfig("eu-lo").getPoolSize()).isEqualTo(2);
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> config.findDurableExecutorConfig("eu-hi"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("durable-executor-service=eu-hi")
                    .hasMessageContaining("eu-*")
                    .hasMessageContaining("*-hi");
            assertThatThrownBy(() -> config.getDurableExecutorConfig("eu-hi"))
                    .isInstanceOf(ConfigurationException.class);
        }
        config.addDurableExecutorConfig(new DurableExecutorConfig("eu-hi").setPoolSize(4));
        assertThat(config.findDurableExecutorConfig("eu-hi").getPoolSize()).isEqualTo(4);
    }

    @Test
    void aTieInAFileNamesThePlace() {
        Config loaded = Config.fromYaml(stream("holdfast:\n  durable-executor-service:\n    a*: {}\n    '*a': {}\n"));
        assertThatThrownBy(() -> loaded.findDurableExecutorConfig("aba")).hasMessageContaining("yaml:3:5");
    }

    @Test
    void whatIsMadeOnDemandStartsFromThePatternAndIsItsOwn() {
        config.getDurableExecutorConfig("a*")
                .setPoolSize(2)
                .getResultRetention()
                .setMaxResults(5);
        DurableExecutorConfig made = config.getDurableExecutorConfig("ab").setCapacity(9);
        made.getResultRetention().setTtl(Duration.ofHours(1));

        assertThat(made.getPoolSize()).isEqualTo(2);
        assertThat(config.getDurableExecutorConfig("ab")).isSameAs(made);
        assertThat(config.findDurableExecutorConfig("ab").getCapacity()).isEqualTo(9);
        assertThat(config.findDurableExecutorConfig("ac").getCapacity()).isEqualTo(10_000);
        assertThat(config.findDurableExecutorConfig("ac").getResultRetention().getTtl())
                .isNull();
    }

    @Test
    void whatWasFoundIsACopy() {
        config.getDurableExecutorConfig("a");
        config.findDurableExecutorConfig("a").setPoolSize(99);
        assertThat(config.getDurableExecutorConfig("a").getPoolSize()).isEqualTo(16);
    }

    @Test
    void aCopyIsNotChangedByItsOriginalButSharesTheUserContext() {
        Consumer<Object> initialiser = task -> {};
        ClassLoader loader = new ClassLoader(null) {};
        config.setTaskInitializer(initialiser).setClassLoader(loader);
        config.getDurableExecutorConfig("a").setPoolSize(1);
        config.getSplitBrainProtectionConfig("p").setMinimumClusterSize(3);
        Config copy = config.copy();
        String before = copy.toYaml();
        assertThat(before).isEqualTo(config.toYaml());

        config.setNodeName("other").setAutoStart(false);
        config.getStorageConfig().setSync(SyncPolicy.ALWAYS).setDirectory(Path.of("x"));
        config.getNetworkConfig().setPort(1);
        config.getReplicationConfig().setMinInSync(2);
        config.getControlPlaneConfig().setVoters(5);
        config.getSerializationConfig().addAllowedClasses("a.B");
        config.getDurableExecutorConfig("a").setPoolSize(2).getResultRetention().setMaxBytes(1);
        config.getDurableExecutorConfig("b");
        config.getSplitBrainProtectionConfig("p").setMinimumClusterSize(4);
        config.getUserContext().put("late", "service");

        assertThat(copy.toYaml()).isEqualTo(before);
        assertThat(copy.getUserContext()).isSameAs(config.getUserContext());
        assertThat(copy.getTaskInitializer()).isSameAs(initialiser);
        assertThat(copy.getClassLoader()).isSameAs(loader);
    }

    @Test
    void theUserContextIsNeverPrinted() {
        config.getUserContext().put("password", "hunter2");
        assertThat(config.toString())
                .contains("node-1")
                .doesNotContain("hunter2")
                .doesNotContain("password");
        assertThat(config.toYaml()).doesNotContain("hunter2").doesNotContain("password");
        assertThat(config.getDurableExecutorConfig("a").toString())
                .startsWith("durable-executor-service[a]{pool-size=16");
    }

    @Test
    @SuppressWarnings("NullAway") // null is the point
    void settersRefuseNullAtOnce() {
        assertThatNullPointerException().isThrownBy(() -> config.setClusterName(null));
        assertThatNullPointerException().isThrownBy(() -> config.setShutdownGrace(null));
        assertThatNullPointerException()
                .isThrownBy(() -> config.getStorageConfig().setDirectory(null));
        assertThatNullPointerException()
                .isThrownBy(() -> config.getNetworkConfig().setMembers(null));
        assertThatNullPointerException().isThrownBy(() -> new DurableExecutorConfig(null));
        assertThatNullPointerException().isThrownBy(() -> config.getDurableExecutorConfig(null));
        assertThatNullPointerException().isThrownBy(() -> config.addDurableExecutorConfig(null));
    }

    @Test
    void namesThatNeedQuotesSurviveTheRoundTrip() {
        for (String name : List.of(
                "null", "~", "true", "007", "a: b", "- x", "{}", "'\"", "#", "käse ☕", "*", "a.b", "&a", "!t")) {
            config.getDurableExecutorConfig(name).setPoolSize(3).setSplitBrainProtectionName(name);
            config.getSplitBrainProtectionConfig(name).setMinimumClusterSize(7);
        }
        config.getStorageConfig().setDirectory(Path.of("~"));
        config.validate();
        Config again = Config.fromYaml(stream(config.toYaml()));
        assertThat(again.toYaml()).isEqualTo(config.toYaml());
        assertThat(again.getDurableExecutorConfigs().keySet())
                .isEqualTo(config.getDurableExecutorConfigs().keySet());
        assertThat(again.getStorageConfig().getDirectory()).isEqualTo(Path.of("~"));
    }

    @Test
    void whatIsPrintedIsPlain() {
        config.getDurableExecutorConfig("a").getResultRetention().setTtl(Duration.ofHours(24));
        assertThat(config.toYaml())
                .contains("max-references: 2000000\n", "max-payload: 16MiB\n", "sync: os\n", "ttl: 1d\n");
    }

    @Test
    void aProtectionThatIsLookedForIsNotMade() {
        assertThat(config.findSplitBrainProtectionConfig("p")).isEmpty();
        config.addSplitBrainProtectionConfig(
                new SplitBrainProtectionConfig("p").setProtectOn(SplitBrainProtectionOn.WRITE));
        assertThat(config.findSplitBrainProtectionConfig("p"))
                .get()
                .satisfies(protection ->
                        assertThat(protection.getProtectOn().protectsReads()).isFalse());
    }

    @Test
    void aClientNeedsAllFilesOfTlsOrNone() {
        ClientConfig client = new ClientConfig()
                .setTlsCertificates(Path.of("client.crt"))
                .setTlsTrusted(Path.of("trusted.crt"))
                .setInsecure(true);
        assertThatThrownBy(client::validate)
                .hasMessageContainingAll(
                        "2 mistakes", "tls-certificates=client.crt", "without tls-key", "all three of them, or none");
        client.setTlsKey(Path.of("client.key"));
        assertThat(client.validate().copy().toString()).isEqualTo(client.toString());
        assertThat(client.toString()).contains("client.key", "insecure");
    }

    @Test
    void aClientConfigurationIsCheckedAndCopied() {
        ClientConfig client = new ClientConfig().setClusterName("dev").setMembers(List.of("127.0.0.1:5710"));
        assertThat(client.validate().copy().toString()).isEqualTo(client.toString());
        client.setMembers(List.of())
                .setRequestTimeout(Duration.ZERO)
                .getSerializationConfig()
                .setMaxDepth(0);
        assertThatThrownBy(client::validate).hasMessageContaining("3 mistakes");
    }

    @Test
    void theExceptionCanBeSentAnywhere() throws IOException, ClassNotFoundException {
        ConfigurationException failure =
                new ConfigurationException(List.of(new Problem("here", "a.b", "1", "wrong", "2", null)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(failure);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(((ConfigurationException) in.readObject()).problems()).isEqualTo(failure.problems());
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
