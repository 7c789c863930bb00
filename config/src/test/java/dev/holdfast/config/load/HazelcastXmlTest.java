package dev.holdfast.config.load;

import static dev.holdfast.config.load.Sample.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ImportNote;
import dev.holdfast.config.ImportNote.Kind;
import dev.holdfast.config.Problem;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.SplitBrainProtectionOn;
import dev.holdfast.config.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HazelcastXmlTest {
    private static Config load() throws IOException {
        try (InputStream in = HazelcastXmlTest.class.getResourceAsStream("hazelcast.xml")) {
            return Config.fromHazelcastXml(in);
        }
    }

    private static Config load(String content) {
        return Config.fromHazelcastXml(
                stream("<hazelcast xmlns=\"http://www.hazelcast.com/schema/config\">" + content + "</hazelcast>"));
    }

    @Test
    void executorsAndProtectionsOfAWholeFileAreLoaded() throws IOException {
        Config config = load();
        assertThat(config.getDurableExecutorConfigs()).containsOnlyKeys("default", "invoices-*", "letters");
        DurableExecutorConfig invoices = config.findDurableExecutorConfig("invoices-eu");
        assertThat(invoices.getPoolSize()).isEqualTo(8);
        assertThat(invoices.getDurability()).isEqualTo(2);
        assertThat(invoices.getCapacity()).isEqualTo(250);
        assertThat(invoices.isStatisticsEnabled()).isFalse();
        assertThat(invoices.getSplitBrainProtectionName()).isEqualTo("twoMembers");
        assertThat(config.findDurableExecutorConfig("other").getCapacity()).isEqualTo(100);
        DurableExecutorConfig letters = config.findDurableExecutorConfig("letters");
        assertThat(letters.getCapacity()).isEqualTo(10_000);
        assertThat(letters.getSplitBrainProtectionName()).isNull();

        assertThat(config.getSplitBrainProtectionConfigs()).containsOnlyKeys("twoMembers");
        SplitBrainProtectionConfig two = config.getSplitBrainProtectionConfig("twoMembers");
        assertThat(two.getMinimumClusterSize()).isEqualTo(2);
        assertThat(two.getProtectOn()).isEqualTo(SplitBrainProtectionOn.WRITE);
        assertThat(config.getClusterName()).as("of nothing else").isEqualTo(new Config().getClusterName());
        assertThat(config.validate().getNetworkConfig().isEnabled()).isFalse();
    }

    @Test
    void whatIsLeftOutIsReportedWithItsLine() throws IOException {
        assertThat(load().importNotes())
                .filteredOn(note -> note.kind() == Kind.LEFT_OUT)
                .extracting(note -> note.where().split(":")[1] + " " + note.element())
                .containsExactly(
                        "6 import",
                        "7 cluster-name",
                        "8 properties",
                        "12 network",
                        "29 map[orders]",
                        "36 map[customers]",
                        "37 queue[mails]",
                        "38 executor-service[short]",
                        "53 durable-executor-service[invoices-*].user-code-namespace",
                        "57 durable-executor-service[letters].split-brain-protection-ref",
                        "59 scheduled-executor-service[nightly]",
                        "63 serialization",
                        "71 split-brain-protection[twoMembers].member-count-split-brain-protection",
                        "72 split-brain-protection[twoMembers].listeners",
                        "76 split-brain-protection[switchedOff]",
                        "79 persistence",
                        "82 cp-subsystem");
    }

    @Test
    void whatMeansSomethingElseIsReportedToo() throws IOException {
        assertThat(load().importNotes())
                .filteredOn(note -> note.kind() == Kind.DIFFERS)
                .extracting(ImportNote::toString)
                .containsExactly(
                        "hazelcast:42:46: durable-executor-service[default].capacity: differs: unfinished tasks only;"
                                + " results are limited by result-retention and never overwritten by tasks",
                        "hazelcast:47:49: durable-executor-service[invoices-*].capacity: differs: unfinished tasks only;"
                                + " results are limited by result-retention and never overwritten by tasks",
                        "hazelcast:55:46: durable-executor-service[letters].capacity: differs: not given, so 10,000 and not"
                                + " 100; it counts unfinished tasks only; results are limited by result-retention and never"
                                + " overwritten by tasks");
    }

    @Test
    void anEmptyNameIsNoName() {
        assertThat(load("<map><name/></map>").importNotes())
                .extracting(ImportNote::element)
                .containsExactly("map");
    }

    @Test
    void aNameThatIsNeverClosedIsAMistakeOfTheFile() {
        assertThatThrownBy(() -> load("<cluster-name>prod<name>prod</cluster-name><map/>"))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void theNotesGoWithCopiesAndNoSecretIsInThem() throws IOException {
        Config config = load();
        assertThat(config.copy().importNotes()).isEqualTo(config.importNotes());
        assertThat(config.importNotes().toString()).doesNotContain("hunter2");
        assertThat(new Config().importNotes()).isEmpty();
    }

    @Test
    void mistakesAreReportedAllAtOnceWithTheirLines() {
        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> load("""

                <durable-executor-service name="a">
                  <pool-size>${pool}</pool-size>
                  <durability>7</durability>
                  <capacity>0</capacity>
                  <split-brain-protection-ref>none-such</split-brain-protection-ref>
                </durable-executor-service>
                <durable-executor-service name="a"/>
                <split-brain-protection name="p" enabled="maybe"><protect-on>ALL</protect-on></split-brain-protection>
                """));
        assertThat(e.problems())
                .extracting(problem -> problem.where().split(":")[1] + " " + problem.setting())
                .containsExactlyInAnyOrder(
                        "3 durable-executor-service.a.pool-size",
                        "4 durable-executor-service.a.durability",
                        "5 durable-executor-service.a.capacity",
                        "6 durable-executor-service.a.split-brain-protection-ref",
                        "8 durable-executor-service.a",
                        "9 split-brain-protection[p].enabled",
                        "9 split-brain-protection.p.protect-on");
    }

    @Test
    void anElementThatNoExecutorHasIsReportedWithTheNearestOne() {
        assertThat(load("<durable-executor-service name='a'><pol-size>3</pol-size></durable-executor-service>")
                        .importNotes()
                        .get(0)
                        .toString())
                .endsWith("durable-executor-service[a].pol-size: left out: it is not known; did you mean `pool-size`?");
    }

    @Test
    void anExecutorWithoutANameIsTheDefault() {
        assertThat(load("<durable-executor-service><pool-size>3</pool-size></durable-executor-service>")
                        .findDurableExecutorConfig("any")
                        .getPoolSize())
                .isEqualTo(3);
    }

    @Test
    void variablesAndPropertiesWinOverThisFileToo() {
        Config config = Config.fromHazelcastXml(
                stream("<hazelcast><durable-executor-service name='a'><pool-size>3</pool-size>"
                        + "</durable-executor-service></hazelcast>"),
                Surroundings.of(Map.of(), Map.of("holdfast.durable-executor-service.a.pool-size", "5")));
        assertThat(config.getDurableExecutorConfig("a").getPoolSize()).isEqualTo(5);
    }

    @Test
    void anotherRootIsRefused() {
        assertThatThrownBy(() -> Config.fromHazelcastXml(stream("<hazelcast-client/>")))
                .hasMessageContaining("hazelcast-client: not the root; allowed: hazelcast");
        assertThatThrownBy(() -> Config.fromHazelcastXml(stream("<holdfast/>")))
                .hasMessageContaining("this is Holdfast's own format")
                .hasMessageContaining("Config.fromXml");
        assertThatThrownBy(() -> Config.fromHazelcastXml(stream(""))).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> Config.fromHazelcastXml(
                        stream("<!DOCTYPE hazelcast [<!ENTITY a 'b'>]><hazelcast>&a;</hazelcast>")))
                .hasMessageContaining("DOCTYPE");
        ConfigurationException cut = catchThrowableOfType(
                ConfigurationException.class,
                () -> Config.fromHazelcastXml(
                        stream("<hazelcast>\n<durable-executor-service name='a'>\n<pool-size>0</pool-size>\n")));
        assertThat(cut.problems()).extracting(Problem::what).hasSize(2).contains("not allowed");
    }
}
