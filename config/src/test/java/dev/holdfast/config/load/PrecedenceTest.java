package dev.holdfast.config.load;

import static dev.holdfast.config.load.Sample.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.EffectiveSetting;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.SplitBrainProtectionOn;
import dev.holdfast.config.Surroundings;
import dev.holdfast.config.SyncPolicy;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrecedenceTest {
    private static final String FILE = """
            holdfast:
              node-name: file
              cluster-name: file
              storage: {sync: interval}
              durable-executor-service:
                default: {pool-size: 2}
                orders-*: {pool-size: 3, capacity: 30}
                exact: {pool-size: 4, capacity: 40}
            """;

    private static Surroundings environment(String... pairs) {
        return surroundings(Map.of(), pairs);
    }

    private static Surroundings properties(String... pairs) {
        Map<String, String> properties = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put("holdfast." + pairs[i], pairs[i + 1]);
        }
        return Surroundings.of(Map.of(), properties);
    }

    private static Surroundings surroundings(Map<String, String> properties, String... pairs) {
        Map<String, String> variables = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            variables.put("HOLDFAST_" + pairs[i], pairs[i + 1]);
        }
        return Surroundings.of(variables, properties);
    }

    private static Config load(Surroundings surroundings) {
        return Config.fromYaml(stream(FILE), surroundings);
    }

    private static DurableExecutorConfig find(Surroundings surroundings, String name) {
        return load(surroundings).findDurableExecutorConfig(name);
    }

    @Test
    void aPropertyWinsOverAVariableOverTheFileOverTheDefaultAndASetterOverAll(@TempDir Path folder) throws IOException {
        Surroundings both = surroundings(
                Map.of("holdfast.node-name", "property"), "NODE_NAME", "variable", "CLUSTER_NAME", "variable");
        Path file = Files.writeString(folder.resolve("holdfast.yaml"), FILE);
        try (URLClassLoader nothing = new URLClassLoader(new URL[0], null);
                URLClassLoader classPath =
                        new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            for (Config config : List.of(
                    load(both),
                    Config.load(file, both),
                    Config.loadDefault(folder, nothing, both),
                    Config.loadDefault(folder.resolve("none"), classPath, both),
                    Config.fromXml(stream("<holdfast node-name='file'/>"), both))) {
                assertThat(config.getNodeName()).isEqualTo("property");
                assertThat(config.getClusterName()).isEqualTo("variable");
                assertThat(config.copy().getNodeName()).isEqualTo("property");
                assertThat(config.setNodeName("setter").copy().getNodeName()).isEqualTo("setter");
            }
        }
        Config config = new Config(both);
        assertThat(config.getNodeName()).isEqualTo("property");
        assertThat(config.getStorageConfig().getSync()).isEqualTo(SyncPolicy.OS);
        assertThat(load(both).getStorageConfig().getSync()).isEqualTo(SyncPolicy.INTERVAL);
    }

    static List<Sample> samples() {
        return Sample.all();
    }

    /** File and variable say the sample's value, the property the default; then a setter the sample's again. */
    @ParameterizedTest
    @MethodSource("samples")
    void everySettingFollowsTheOrder(Sample sample) {
        EffectiveSetting setting = setting(sample.programmatic(), sample);
        String byDefault = setting.overridden().isEmpty()
                ? setting.value()
                : setting.overridden().get(setting.overridden().size() - 1).value();
        Map<String, String> property = Map.of("holdfast." + sample, byDefault == null ? "none" : byDefault);
        Map<String, String> variables = sample.environment().environment();

        Config config = Config.fromYaml(sample.yaml(), Surroundings.of(variables, property));
        assertThat(setting(config, sample).value()).as("property").isEqualTo(byDefault);
        assertThat(setting(Config.fromYaml(stream("holdfast:"), Surroundings.of(variables, Map.of())), sample)
                        .value())
                .as("variable")
                .isEqualTo(setting.value());
        sample.setter().accept(config);
        assertThat(setting(config.copy(), sample).value()).as("setter").isEqualTo(setting.value());
    }

    private static EffectiveSetting setting(Config config, Sample sample) {
        return config.settings().stream()
                .filter(one -> one.setting().equals(sample.toString()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyConfigurationLooksAtItsProcess() {
        String property = "holdfast.max-waiters";
        System.setProperty(property, "77");
        try {
            assertThat(new Config().getMaxWaiters()).isEqualTo(77);
            assertThat(Config.fromYaml(stream(FILE)).getMaxWaiters()).isEqualTo(77);
            assertThat(Config.fromXml(stream("<holdfast/>")).getMaxWaiters()).isEqualTo(77);
            assertThat(Config.loadDefault().getMaxWaiters()).isEqualTo(77);
            assertThat(new Config(Surroundings.none()).getMaxWaiters()).isEqualTo(100_000);
        } finally {
            System.clearProperty(property);
        }
    }

    @Test
    void anExecutorOfTheFileIsOverriddenSettingBySetting() {
        DurableExecutorConfig exact = find(environment("DURABLE_EXECUTOR_SERVICE__EXACT__CAPACITY", "5"), "exact");
        assertThat(exact.getCapacity()).isEqualTo(5);
        assertThat(exact.getPoolSize()).isEqualTo(4);
    }

    @Test
    void anExecutorThatOnlyAPropertyNamesKeepsWhatItsPatternSays() {
        Config config = load(properties("durable-executor-service.orders-eu.capacity", "5"));
        assertThat(config.findDurableExecutorConfig("orders-eu").getCapacity()).isEqualTo(5);
        assertThat(config.findDurableExecutorConfig("orders-eu").getPoolSize()).isEqualTo(3);
        assertThat(config.findDurableExecutorConfig("orders-us").getCapacity()).isEqualTo(30);

        config.getDurableExecutorConfig("orders-*").setPoolSize(9);
        assertThat(config.findDurableExecutorConfig("orders-eu").getPoolSize())
                .as("a later setter of the pattern")
                .isEqualTo(9);
    }

    @Test
    void thePropertyOfAPatternWinsOverTheFileForEveryExecutorItMatches() {
        Config config = load(properties("durable-executor-service.*.capacity", "5"));
        for (String name : List.of("exact", "orders-eu", "other", "default")) {
            assertThat(config.findDurableExecutorConfig(name).getCapacity())
                    .as(name)
                    .isEqualTo(5);
        }
        assertThat(config.findDurableExecutorConfig("exact").getPoolSize()).isEqualTo(4);
    }

    @Test
    void theSourceDecidesBeforeTheNameAndTheNameWithinTheSource() {
        Surroundings both = surroundings(
                Map.of(
                        "holdfast.durable-executor-service.orders-*.capacity", "7",
                        "holdfast.durable-executor-service.*.capacity", "8"),
                "DURABLE_EXECUTOR_SERVICE__ORDERS_EU__CAPACITY",
                "6",
                "DURABLE_EXECUTOR_SERVICE__ORDERS_EU__POOL_SIZE",
                "6");
        assertThat(find(both, "orders-eu").getCapacity()).isEqualTo(7);
        assertThat(find(both, "orders-eu").getPoolSize()).isEqualTo(6);
        assertThat(find(both, "exact").getCapacity()).isEqualTo(8);
    }

    @Test
    void whatIsSaidAboutDefaultReachesOnlyWhatNothingElseMatches() {
        Config config = load(properties("durable-executor-service.default.capacity", "5"));
        assertThat(config.findDurableExecutorConfig("other").getCapacity()).isEqualTo(5);
        assertThat(config.findDurableExecutorConfig("other").getPoolSize()).isEqualTo(2);
        assertThat(config.findDurableExecutorConfig("orders-eu").getCapacity()).isEqualTo(30);
        assertThat(config.findDurableExecutorConfig("exact").getCapacity()).isEqualTo(40);
        assertThat(new Config(properties("durable-executor-service.default.capacity", "5"))
                        .findDurableExecutorConfig("other")
                        .getCapacity())
                .isEqualTo(5);
    }

    @Test
    void anExecutorThatTheProgramMakesLaterGetsWhatItsSettersDoNotSay() {
        Surroundings both = surroundings(
                Map.of("holdfast.durable-executor-service.reports.result-retention.ttl", "1h"),
                "DURABLE_EXECUTOR_SERVICE__REPORTS__CAPACITY",
                "5",
                "DURABLE_EXECUTOR_SERVICE__REPORTS__POOL_SIZE",
                "6");
        Config config = new Config(both);
        assertThat(config.getDurableExecutorConfig("reports").getCapacity()).isEqualTo(5);
        config.addDurableExecutorConfig(new DurableExecutorConfig("reports")
                .setPoolSize(16) // the default, said by a setter
                .setResultRetention(new ResultRetentionConfig().setMaxResults(10)));

        DurableExecutorConfig found = config.copy().copy().findDurableExecutorConfig("reports");
        assertThat(found.getPoolSize()).isEqualTo(16);
        assertThat(found.getCapacity()).isEqualTo(5);
        assertThat(found.getResultRetention().getMaxResults()).isEqualTo(10);
        assertThat(found.getResultRetention().getTtl()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aSetterOfAPatternWinsOverThePropertyOfAnExecutorThatItMatches() {
        Config config = new Config(properties("durable-executor-service.orders-eu.capacity", "5"));
        config.getDurableExecutorConfig("orders-*").setCapacity(9);
        assertThat(config.findDurableExecutorConfig("orders-eu").getCapacity()).isEqualTo(9);
    }

    @Test
    void anObjectOfTheApplicationIsNeverChanged() {
        ResultRetentionConfig shared = new ResultRetentionConfig();
        DurableExecutorConfig mine = new DurableExecutorConfig("a").setResultRetention(shared);
        Config first = new Config(properties(
                        "durable-executor-service.a.result-retention.ttl", "1h",
                        "durable-executor-service.a.capacity", "5",
                        "split-brain-protection.p.minimum-cluster-size", "3"))
                .addDurableExecutorConfig(mine);
        Config second = new Config(Surroundings.none()).addDurableExecutorConfig(mine);
        SplitBrainProtectionConfig protection = new SplitBrainProtectionConfig("p");
        first.addSplitBrainProtectionConfig(protection);

        assertThat(first.copy().validate().findDurableExecutorConfig("a").getCapacity())
                .isEqualTo(5);
        assertThat(first.copy().getSplitBrainProtectionConfig("p").getMinimumClusterSize())
                .isEqualTo(3);
        assertThat(second.copy().validate().findDurableExecutorConfig("a").getCapacity())
                .isEqualTo(10_000);
        assertThat(mine.getCapacity()).isEqualTo(10_000);
        assertThat(shared.getTtl()).isNull();
        assertThat(protection.getMinimumClusterSize()).isEqualTo(2);
    }

    @Test
    void aProtectionIsMadeByAPropertyAndKeepsItsSetters() {
        Config config = new Config(properties("split-brain-protection.two.minimum-cluster-size", "3"));
        config.getDurableExecutorConfig("a").setSplitBrainProtectionName("two");
        config.validate();
        config.addSplitBrainProtectionConfig(
                new SplitBrainProtectionConfig("two").setProtectOn(SplitBrainProtectionOn.WRITE));
        SplitBrainProtectionConfig two = config.copy().getSplitBrainProtectionConfig("two");
        assertThat(two.getMinimumClusterSize()).isEqualTo(3);
        assertThat(two.getProtectOn()).isEqualTo(SplitBrainProtectionOn.WRITE);
    }

    @Test
    void twoPatternsThatSayTheSameAreATie() {
        Config config = new Config(
                properties("durable-executor-service.a-*.capacity", "5", "durable-executor-service.*-b.capacity", "6"));
        assertThatThrownBy(() -> config.findDurableExecutorConfig("a-b"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("-Dholdfast.durable-executor-service.*-b.capacity")
                .hasMessageContaining("*-b and a-* match this name equally well");
        assertThat(config.findDurableExecutorConfig("a-c").getCapacity()).isEqualTo(5);
    }

    @Test
    void everyNameCanBeWritten() {
        Map<String, String> names = Map.of(
                "durable-executor-service.a.b-*.c.capacity", "a.b-*.c",
                "durable-executor-service.capacity.capacity", "capacity",
                "durable-executor-service.result-retention.capacity", "result-retention",
                "durable-executor-service.with space.capacity", "with space");
        names.forEach((property, name) -> assertThat(new Config(properties(property, "5"))
                        .getDurableExecutorConfig(name)
                        .getCapacity())
                .as(property)
                .isEqualTo(5));
        for (String[] one : new String[][] {
            {"reports", "reports"},
            {"REPORTS", "reports"},
            {"ORDERS_EU", "orders-eu"},
            {"myDurableExecSvc", "myDurableExecSvc"},
            {"a__b", "a__b"},
            {"orders_eu", "orders_eu"}
        }) {
            Config config = new Config(environment("DURABLE_EXECUTOR_SERVICE__" + one[0] + "__CAPACITY", "5"));
            assertThat(config.validate().getDurableExecutorConfig(one[1]).getCapacity())
                    .as(one[0])
                    .isEqualTo(5);
        }
        Config named = new Config(environment(
                "DURABLE_EXECUTOR_SERVICE__1__NAME", "Orders.EU-*",
                "DURABLE_EXECUTOR_SERVICE__1__RESULT_RETENTION__TTL", "1h",
                "DURABLE_EXECUTOR_SERVICE__1__RESULT_RETENTION_MAX_BYTES", "1MiB",
                "STORAGE__SYNC", "always"));
        ResultRetentionConfig retention =
                named.validate().findDurableExecutorConfig("Orders.EU-1").getResultRetention();
        assertThat(retention.getTtl()).isEqualTo(Duration.ofHours(1));
        assertThat(retention.getMaxBytes()).isEqualTo(1 << 20);
        assertThat(named.getStorageConfig().getSync()).isEqualTo(SyncPolicy.ALWAYS);
    }

    @Test
    void aListReplacesTheWholeListAndACommaIsTheEmptyOne() {
        String file = "holdfast: {network: {members: ['a:1', 'b:2', 'c:3']}}";
        assertThat(Config.fromYaml(stream(file), environment("NETWORK_MEMBERS", "x:1, y:2"))
                        .getNetworkConfig()
                        .getMembers())
                .containsExactly("x:1", "y:2");
        assertThat(Config.fromYaml(stream(file), environment("NETWORK_MEMBERS", ","))
                        .getNetworkConfig()
                        .getMembers())
                .isEmpty();
        assertThat(Config.fromYaml(stream(file), environment("NETWORK_MEMBERS", ""))
                        .getNetworkConfig()
                        .getMembers())
                .as("an empty variable is none")
                .hasSize(3);
    }

    @Test
    void theRoundTripKeepsWhatVariablesAndPropertiesSaid() {
        Config config = load(
                surroundings(Map.of("holdfast.durable-executor-service.late.capacity", "5"), "STORAGE_SYNC", "always"));
        Config again = Config.fromYaml(stream(config.toYaml()), Surroundings.none());
        assertThat(again.toYaml()).isEqualTo(config.toYaml());
        assertThat(again.findDurableExecutorConfig("late").toString())
                .isEqualTo(config.findDurableExecutorConfig("late").toString());
        assertThat(again.getStorageConfig().getSync()).isEqualTo(SyncPolicy.ALWAYS);
    }

    @Test
    void everySettingTellsWhereItIsFromAndWhatItWonOver() {
        Config config = load(surroundings(
                Map.of(
                        "holdfast.storage.sync", "always",
                        "holdfast.durable-executor-service.orders-eu.capacity", "5",
                        "holdfast.durable-executor-service.*.max-held", "1"),
                "STORAGE_SYNC",
                "os",
                "NODE_NAME",
                "variable"));
        config.setClusterName("setter").getDurableExecutorConfig("exact").setPoolSize(44);
        List<String> surprising = config.copy().settings().stream()
                .filter(EffectiveSetting::isSurprising)
                .map(EffectiveSetting::toString)
                .toList();
        String maxHeld = "max-held=1 from -Dholdfast.durable-executor-service.*.max-held, overrides the default 10000";
        assertThat(surprising)
                .containsExactly(
                        "cluster-name=setter from the program, overrides file from yaml:3:3, and the default dev",
                        "node-name=variable from HOLDFAST_NODE_NAME, overrides file from yaml:2:3, and the default node-1",
                        "storage.sync=always from -Dholdfast.storage.sync, overrides os from HOLDFAST_STORAGE_SYNC,"
                                + " and interval from yaml:4:13, and the default os",
                        "durable-executor-service.default." + maxHeld,
                        "durable-executor-service.orders-*." + maxHeld,
                        "durable-executor-service.exact.pool-size=44 from the program, overrides 4 from yaml:8:13, and the default 16",
                        "durable-executor-service.exact." + maxHeld,
                        "durable-executor-service.*." + maxHeld,
                        "durable-executor-service.orders-eu.capacity=5 from"
                                + " -Dholdfast.durable-executor-service.orders-eu.capacity, overrides 30 from yaml:7:30,"
                                + " and the default 10000",
                        "durable-executor-service.orders-eu." + maxHeld);
        assertThat(new Config(Surroundings.none()).settings()).noneMatch(EffectiveSetting::isSurprising);
        assertThat(load(Surroundings.none()).settings()).noneMatch(EffectiveSetting::isSurprising);
    }
}
