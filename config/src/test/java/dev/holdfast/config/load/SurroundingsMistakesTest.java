package dev.holdfast.config.load;

import static dev.holdfast.config.load.Sample.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.EffectiveSetting;
import dev.holdfast.config.Problem;
import dev.holdfast.config.Surroundings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in environment variables and system properties. */
class SurroundingsMistakesTest {
    private static List<String> mistakes(Config config) {
        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, config::validate);
        return e == null
                ? List.of()
                : e.problems().stream().map(Problem::toString).toList();
    }

    private static List<String> ofVariable(String name, String value) {
        return mistakes(new Config(Surroundings.of(Map.of(name, value), Map.of())));
    }

    private static List<String> ofProperty(String name, String value) {
        return mistakes(new Config(Surroundings.of(Map.of(), Map.of(name, value))));
    }

    @Test
    void mistakesOfTheFileTheEnvironmentAndThePropertiesAreReportedAtOnce() {
        Surroundings surroundings = Surroundings.of(
                Map.of(
                        "HOLDFAST_STORAGE_SYNC", "sometimes",
                        "HOLDFAST_NETWORK_MEMBERS", "a:1,b",
                        "HOLDFAST_DURABLE_EXECUTOR_SERVICE__A__POOL_SIZE", "0"),
                Map.of("holdfast.max-payload", "16", "holdfast.durable-executor-service.b.durability", "7"));
        ConfigurationException e = catchThrowableOfType(
                ConfigurationException.class,
                () -> Config.fromYaml(stream("holdfast: {max-waiters: 0, storage: {sync: never}}"), surroundings));

        assertThat(e.problems())
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "yaml:1:12: max-waiters=0: not allowed; allowed: a whole number, from 1 to 10,000,000",
                        "yaml:1:38: storage.sync=never: not one of the values; allowed: os | interval | always",
                        "HOLDFAST_STORAGE_SYNC: storage.sync=sometimes: not one of the values;"
                                + " allowed: os | interval | always",
                        "HOLDFAST_NETWORK_MEMBERS: network.members=a:1, b: not allowed;"
                                + " allowed: a list of host:port, 0 to 1000 of host:port or [IPv6]:port",
                        "HOLDFAST_DURABLE_EXECUTOR_SERVICE__A__POOL_SIZE: durable-executor-service.a.pool-size=0:"
                                + " not allowed; allowed: a whole number, from 1 to 10,000",
                        "-Dholdfast.max-payload: max-payload=16: not allowed; allowed: a size such as 64MiB, 256KB or a"
                                + " number of bytes, from 1KiB to 256MiB",
                        "-Dholdfast.durable-executor-service.b.durability: durable-executor-service.b.durability=7:"
                                + " not allowed; allowed: a whole number, from 0 to 6");
    }

    @ParameterizedTest
    @CsvSource({
        "HOLDFAST_STORAGE_SNYC,HOLDFAST_STORAGE_SYNC",
        "HOLDFAST_SYNC,HOLDFAST_STORAGE_SYNC",
        "HOLDFAST_DURABLE_EXECUTOR_SERVICE__reports__POLSIZE,HOLDFAST_DURABLE_EXECUTOR_SERVICE__reports__POOL_SIZE",
        "HOLDFAST_DURABLE_EXECUTOR_SERVICE_REPORTS_POOL_SIZE,HOLDFAST_DURABLE_EXECUTOR_SERVICE__REPORTS__POOL_SIZE",
        "HOLDFAST_SPLIT_BRAIN_PROTECTION_TWO_PROTECT_ON,HOLDFAST_SPLIT_BRAIN_PROTECTION__TWO__PROTECT_ON",
        "HOLDFAST_POOL_SIZE,HOLDFAST_DURABLE_EXECUTOR_SERVICE__<NAME>__POOL_SIZE",
        "HOLDFAST_PLACE,"
    })
    void anUnknownVariableSuggestsTheNearest(String variable, String suggestion) {
        String expected = variable + "=x: unknown setting; allowed: HOLDFAST_ and the path of a setting in a file, in"
                + " capitals" + (suggestion == null ? "" : "; did you mean `" + suggestion + "`?");
        assertThat(ofVariable(variable, "x")).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.storage.snyc,holdfast.storage.sync",
        "holdfast.sync,holdfast.storage.sync",
        "holdfast.STORAGE.SYNC,holdfast.storage.sync",
        "holdfast.durable-executor-service.a.b.poolsize,holdfast.durable-executor-service.a.b.pool-size",
        "holdfast.durable-executor-service.pool-size,holdfast.durable-executor-service.<name>.pool-size",
        "holdfast.xyz,"
    })
    void anUnknownPropertySuggestsTheNearest(String property, String suggestion) {
        String expected =
                "-D" + property + "=x: unknown setting; allowed: holdfast. and the path of a setting in a file"
                        + (suggestion == null ? "" : "; did you mean `" + suggestion + "`?");
        assertThat(ofProperty(property, "x")).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "HOLDFAST_SERVICE_HOST,10.0.0.1",
        "HOLDFAST_SERVICE_PORT,5710",
        "HOLDFAST_SERVICE_PORT_MEMBERS,5710",
        "HOLDFAST_PORT,tcp://10.0.0.1:5710",
        "HOLDFAST_PORT_5710_TCP,tcp://10.0.0.1:5710",
        "HOLDFAST_PORT_5710_TCP_PROTO,tcp",
        "HOLDFAST_PORT_5710_TCP_ADDR,10.0.0.1",
        "HOLDFAST_ADMIN_SERVICE_HOST,10.0.0.1",
        "HOLDFAST_ADMIN_PORT_80_UDP_PORT,80",
        "HOLDFAST_NETWORK_PORT,tcp://10.0.0.1:5710",
        "HOLDFAST_NAME,/web/holdfast",
        "HOLDFAST_ENV_LANG,C",
        "HOLDFAST_1_NAME,/app/holdfast_1",
        "HOLDFAST_1_ENV_PATH,/usr/bin",
        "HOLDFAST_1_ENV_HOLDFAST_VERSION,1.0",
        "HOLDFAST_1_PORT,tcp://10.0.0.1:5710",
        "HOLDFAST_HOME,/opt/holdfast",
        "HOLDFAST_VERSION,1.0",
        "HOLDFAST_LOG,/var/log/holdfast",
        "HOLDFAST_OPTS,-Xmx1g",
        "HOLDFAST_JAVA_OPTS,-Xmx1g",
        "HOLDFAST_CI_RUN,1",
        "HOLDFAST_STORAGE_SYNC,''",
        "HOLDFAST_UNKNOWN,' '",
        "HOLDFASTER,1"
    })
    void whatAPlatformOrTheLauncherSetsIsNoMistake(String variable, String value) {
        Config config = new Config(Surroundings.of(Map.of(variable, value), Map.of())).validate();
        assertThat(config.settings()).noneMatch(EffectiveSetting::isSurprising);
    }

    @Test
    void theLaunchersPropertiesAreNoMistake() {
        for (String name : List.of("home", "command", "columns", "log")) {
            assertThat(ofProperty("holdfast." + name, "x")).isEmpty();
        }
    }

    @Test
    void oneSettingBySeveralSpellingsIsAMistake() {
        String first = "HOLDFAST_DURABLE_EXECUTOR_SERVICE__A__POOL_SIZE";
        String second = "HOLDFAST_DURABLE_EXECUTOR_SERVICE__a__POOL_SIZE";
        assertThat(mistakes(new Config(Surroundings.of(Map.of(first, "1", second, "2"), Map.of()))))
                .containsExactly(second + ": durable-executor-service.a.pool-size=2: given twice, first by " + first
                        + "; allowed: once");
    }

    @Test
    void aNameWithoutASettingIsAMistake() {
        String variable = "HOLDFAST_DURABLE_EXECUTOR_SERVICE__EU__NAME";
        assertThat(ofVariable(variable, "orders.eu-*"))
                .containsExactly(variable + ": durable-executor-service=orders.eu-*: a name without a setting; allowed:"
                        + " with it, variables that start with HOLDFAST_DURABLE_EXECUTOR_SERVICE__EU__");
    }

    @Test
    void anEmptyPropertyIsAMistake() {
        assertThat(ofProperty("holdfast.storage.directory", ""))
                .containsExactly("-Dholdfast.storage.directory: storage.directory=: empty; allowed: a path");
    }

    @Test
    void relationsSeeWhatVariablesAndPropertiesSay() {
        assertThat(ofProperty("holdfast.max-payload", "32MiB"))
                .singleElement()
                .asString()
                .startsWith("-Dholdfast.max-payload: storage.segment-size=64MiB: less than 3 times max-payload");
        assertThat(mistakes(new Config(Surroundings.of(
                        Map.of("HOLDFAST_REPLICATION_MIN_IN_SYNC", "3"),
                        Map.of(
                                "holdfast.durable-executor-service.a.durability", "1",
                                "holdfast.durable-executor-service.a.split-brain-protection-ref", "tow",
                                "holdfast.split-brain-protection.two.minimum-cluster-size", "2",
                                "holdfast.durable-executor-service.default.durability", "2")))))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("-Dholdfast.durable-executor-service.a.durability: "))
                .anyMatch(line -> line.endsWith("did you mean `two`?"));
    }

    @Test
    void noSecretIsShownNotEvenUnderAWrongName() {
        List<String> shown = List.of(
                String.join("", ofVariable("HOLDFAST_TLS_KEYSTORE_PASSWORD", "hunter2")),
                String.join("", ofProperty("holdfast.network.api-token", "hunter2")));
        assertThat(shown).allMatch(line -> line.contains("unknown setting") && line.contains(EffectiveSetting.HIDDEN));
        assertThat(shown).noneMatch(line -> line.contains("hunter2"));
        ConfigurationException e = catchThrowableOfType(
                ConfigurationException.class,
                () -> Config.fromYaml(stream("holdfast: {security: {pass-phrase: hunter2, client-secret: hunter2}}")));
        assertThat(e).hasMessageNotContaining("hunter2");
        assertThat(Surroundings.of(Map.of("HOLDFAST_PASSWORD", "hunter2"), Map.of())
                        .toString())
                .doesNotContain("hunter2");
    }
}
