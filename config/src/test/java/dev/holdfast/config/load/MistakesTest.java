package dev.holdfast.config.load;

import static dev.holdfast.config.load.Sample.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.Problem;
import dev.holdfast.config.SplitBrainProtectionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MistakesTest {
    @Test
    void everyMistakeOfAYamlFileIsReportedAtOnceWithItsPlace(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("bad.yaml");
        Files.writeString(file, """
                holdfast:
                  cluster-nmae: dev
                  partition-count: many
                  auto-start: yes
                  submit-timeout: 30
                  pool-size: 8
                  storage:
                    sync: alwys
                    sync: os
                    segment-size: 5 potatoes
                    directory: [a, b]
                    max-batch:
                  network: enabled
                  durable-executor-service:
                    orders: {poolSize: 8, durability: 7, split-brain-protection-ref: tow}
                    orders: {}
                    " ": {}
                  split-brain-protection:
                    two: {minimum-cluster-size: 0}
                """);

        List<Problem> problems = problems(() -> Config.load(file));

        String at = file + ":";
        assertThat(problems)
                .extracting(p -> p.where().substring(at.length()) + " " + p.setting() + " " + p.suggestion())
                .containsExactlyInAnyOrder(
                        "2:3 cluster-nmae cluster-name",
                        "3:3 partition-count null",
                        "4:3 auto-start true",
                        "5:3 submit-timeout 30s",
                        "6:3 pool-size durable-executor-service.<name>.pool-size",
                        "8:5 storage.sync always",
                        "9:5 storage.sync null",
                        "10:5 storage.segment-size null",
                        "11:5 storage.directory null",
                        "12:5 storage.max-batch null",
                        "13:3 network null",
                        "15:14 durable-executor-service.orders.poolSize pool-size",
                        "15:27 durable-executor-service.orders.durability null",
                        "15:42 durable-executor-service.orders.split-brain-protection-ref two",
                        "16:5 durable-executor-service.orders null",
                        "17:5 durable-executor-service.name null",
                        "19:11 split-brain-protection.two.minimum-cluster-size null");
    }

    @Test
    void everyMistakeOfAnXmlFileIsReportedAtOnceWithItsLine(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("bad.xml");
        Files.writeString(file, """
                <?xml version="1.0"?>
                <holdfast>
                  <durable-executor-service name="a" poolsize="7">
                    <capacity>-1</capacity>
                  </durable-executor-service>
                  <durable-executor-service>
                    <pool-size>0</pool-size>
                  </durable-executor-service>
                  <durable-executor-service name="a"/>
                  <storage>text<sync>os</sync></storage>
                  <storage/>
                  <network>
                    <members><member>127.0.0.1</member><node>x:1</node><member>b:1</member></members>
                    <port unit="x">5710</port>
                    <port></port>
                  </network>
                  <serialization><allow>com.acme.**, !java.*</allow></serialization>
                </holdfast>
                """);

        assertThat(problems(() -> Config.load(file)))
                .extracting(p -> p.where().split(":")[1] + " " + p.setting() + "=" + p.value())
                .containsExactlyInAnyOrder(
                        "3 durable-executor-service.a.poolsize=7",
                        "4 durable-executor-service.a.capacity=-1",
                        "6 durable-executor-service=null",
                        "7 durable-executor-service..pool-size=0",
                        "9 durable-executor-service.a=null",
                        "10 storage=text",
                        "11 storage=",
                        "13 network.members.node=x:1",
                        "13 network.members[0]=127.0.0.1",
                        "14 port=5710",
                        "14 network.port=null",
                        "15 network.port=",
                        "17 serialization.allow[1]=!java.*");
    }

    @Test
    void whatWasWrittenBeforeASyntaxErrorIsCheckedToo() {
        String yaml = "holdfast:\n  max-waiters: -1\n  storage: {sync: os\n  foo: [\n";
        assertThat(problems(() -> Config.fromYaml(stream(yaml))))
                .extracting(Problem::what)
                .anyMatch(what -> what.startsWith("not well-formed YAML"))
                .contains("not allowed");

        String xml = "<holdfast>\n<max-waiters>-1</max-waiters>\n<storage>\n<sync></holdfast>";
        List<Problem> problems = problems(() -> Config.fromXml(stream(xml)));
        assertThat(problems).hasSize(2);
        assertThat(problems.get(0).toString()).startsWith("xml:4:").contains("not well-formed XML");
        assertThat(problems.get(1).toString())
                .isEqualTo("xml:2:14: max-waiters=-1: not allowed;" + " allowed: a whole number, from 1 to 10,000,000");
    }

    @Test
    void theMessageHasOneLineForEachMistake() {
        ConfigurationException e = failure(() -> new Config()
                .setPartitionCount(0)
                .setShutdownGrace(Duration.ofSeconds(-1))
                .validate());
        assertThat(String.valueOf(e.getMessage()).lines())
                .containsExactly(
                        "The configuration has 2 mistakes: [HF-0101]",
                        "  programmatic configuration: partition-count=0: not allowed;"
                                + " allowed: a whole number, from 1 to 1024",
                        "  programmatic configuration: shutdown-grace=PT-1S: not allowed;"
                                + " allowed: a duration such as 100ms, 30s, 24h or PT30S, from 0s to 1d");
    }

    @Test
    void relationsBetweenSettingsAreChecked() {
        Config config = new Config().setMaxPayload(100 * 1024 * 1024);
        config.getNetworkConfig().setEnabled(true).setMembers(List.of("a:1", "b:1", "a:1"));
        config.getStorageConfig().setInboxCapacity(100).setMaxBatch(101);
        config.getReplicationConfig().setMinInSync(3);
        config.getDurableExecutorConfig("three").setDurability(2);
        config.getDurableExecutorConfig("guarded").setDurability(2).setSplitBrainProtectionName("on");
        config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig("one"));

        assertThat(problems(config::validate))
                .extracting(Problem::setting)
                .containsExactlyInAnyOrder(
                        "storage.segment-size",
                        "serialization.max-bytes",
                        "network.max-frame",
                        "storage.max-batch",
                        "network.members[2]",
                        "durable-executor-service.default.durability",
                        "durable-executor-service.guarded.split-brain-protection-ref");
    }

    @Test
    void tlsNeedsAllOfItsFiles() {
        Config config = new Config();
        config.getNetworkConfig().setTlsCertificates(Path.of("node.crt")).setTlsKey(Path.of("node.key"));
        config.validate(); // no port, no TLS
        config.getNetworkConfig().setEnabled(true);
        assertThat(problems(config::validate))
                .extracting(Problem::toString)
                .hasSize(2)
                .allSatisfy(problem ->
                        assertThat(problem).contains("without network.tls-trusted", "all three of them, or none"));
        config.getNetworkConfig().setTlsTrusted(Path.of("ca.crt"));
        config.validate();
    }

    @Test
    void virtualThreadsNeedAJavaThatHasThem() {
        Config config = new Config();
        config.getDurableExecutorConfig("a").setVirtualThreads(true);
        if (Runtime.version().feature() >= 21) {
            config.validate();
        } else {
            assertThat(problems(config::validate))
                    .extracting(Problem::setting)
                    .containsExactly("durable-executor-service.a.virtual-threads");
        }
    }

    @Test
    void aPayloadSmallerThanTheInlineLimitIsReported() {
        Config config = new Config().setMaxPayload(2048);
        assertThat(problems(config::validate)).extracting(Problem::setting).containsExactly("storage.inline-limit");
    }

    @Test
    void aRelationToADefaultNamesTheLineOfTheOtherSetting() {
        Problem problem = problems(() -> Config.fromYaml(stream("holdfast:\n\n  max-payload: 32MiB\n")))
                .get(0);
        assertThat(problem.toString())
                .startsWith("yaml:3:3: storage.segment-size=64MiB: less than 3 times max-payload")
                .contains("at least 96MiB");
    }

    @Test
    void aRelationToAWrongSettingIsNotReportedOnTop() {
        assertThat(problems(() -> Config.fromYaml(stream(
                        "holdfast: {max-payload: 100MiB, storage: {segment-size: x}, serialization: {max-bytes: 1}}"))))
                .extracting(Problem::setting)
                .containsExactlyInAnyOrder("storage.segment-size", "serialization.max-bytes");
    }

    @Test
    void aLoadedValueKeepsItsPlaceUntilASetterChangesIt() {
        Config config = Config.fromYaml(stream("holdfast:\n  durable-executor-service:\n    a: {durability: 1}\n"));
        config.getReplicationConfig().setMinInSync(3);
        config.getDurableExecutorConfig("default").setDurability(6);
        assertThat(problems(() -> config.copy().validate()).get(0).where()).isEqualTo("yaml:3:9");

        config.getDurableExecutorConfig("a").setDurability(0);
        assertThat(problems(config::validate).get(0).where()).isEqualTo(Origins.PROGRAMMATIC);
    }

    @ParameterizedTest
    @CsvSource({
        "pol-size,pool-size",
        "POOL_SIZE,pool-size",
        "poolsize,pool-size",
        "capcaity,capacity",
        "statistics,",
        "split-brain-protection,split-brain-protection-ref",
        "min-in-sync,replication.min-in-sync",
        "xyz,"
    })
    void theNearestKnownNameIsSuggested(String given, String expected) {
        List<Problem> problems = problems(
                () -> Config.fromYaml(stream("holdfast: {durable-executor-service: {a: {%s: 1}}}".formatted(given))));
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).suggestion()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "foo: 1,yaml:1:1: foo=1: not the root; allowed: holdfast",
        "holdfst: {},yaml:1:1: holdfst: not the root; allowed: holdfast; did you mean `holdfast`?",
        "cluster-name: a,yaml:1:1: cluster-name=a: not the root; allowed: holdfast; did you mean `holdfast.cluster-name`?",
        "[a],yaml:1:1: the file is not a group of settings; allowed: holdfast: at the top",
        "text,yaml:1:1: the file is not a group of settings; allowed: holdfast: at the top",
        "holdfast: 1,yaml:1:1: holdfast=1: is a text; allowed: a group of settings",
    })
    void aWrongRootIsRefused(String yaml, String expected) {
        assertThat(problems(() -> Config.fromYaml(stream(yaml)))).hasToString("[" + expected + "]");
    }

    @Test
    void aWrongXmlRootIsRefused() {
        assertThat(problems(() -> Config.fromXml(stream("<hazelcast><storage/></hazelcast>"))))
                .hasToString("[xml:1:12: hazelcast: not the root; allowed: holdfast]");
    }

    @Test
    void aValueIsShownShortAndOnOneLine() {
        String evil = "a\\n\\x1b[31m" + "x".repeat(500);
        Problem problem = problems(() -> Config.fromYaml(stream("holdfast: {node-name: \"" + evil + "\"}")))
                .get(0);
        assertThat(problem.value())
                .startsWith("a\\n\\u001b[31mxxx")
                .endsWith("...")
                .hasSizeLessThan(130);
        assertThat(problem.toString().lines()).hasSize(1);
    }

    private interface Attempt {
        Object run();
    }

    private static ConfigurationException failure(Attempt attempt) {
        return catchThrowableOfType(ConfigurationException.class, attempt::run);
    }

    private static List<Problem> problems(Attempt attempt) {
        ConfigurationException failure = failure(attempt);
        assertThat(failure).as("a failure").isNotNull();
        return failure.problems();
    }
}
