package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.cli.console.Documents;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandsTest {

    private static final Map<String, String> NONE = Map.of();

    @TempDir
    Path folder;

    private void yaml(String text) throws Exception {
        Files.writeString(folder.resolve("holdfast.yaml"), text);
    }

    @Test
    void checkTellsEveryMistakeOfTheFileAndOfVariablesAndEndsWith2() throws Exception {
        yaml("holdfast:\n  node-name: a\n  storage:\n    sync: allways\n  max-waiters: 0\n");
        Result result = ConsoleProcess.run(
                folder, Map.of("HOLDFAST_STORAGE_SNYC", "os", "HOLDFAST_SERVICE_HOST", "10.0.0.1"), "config", "check");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("The configuration has 3 mistakes")
                .contains("holdfast.yaml:4:5: storage.sync=allways: ", "did you mean `always`?")
                .contains(
                        "holdfast.yaml:5:3: max-waiters=0: not allowed; allowed: a whole number, from 1 to 10,000,000")
                .contains("HOLDFAST_STORAGE_SNYC=os: unknown setting", "did you mean `HOLDFAST_STORAGE_SYNC`?")
                .doesNotContain("\tat ");

        StringWriter json = new StringWriter();
        Path file = folder.resolve("holdfast.yaml");
        int exitCode = Main.run(
                new PrintWriter(json),
                new PrintWriter(new StringWriter()),
                "config",
                "check",
                file.toString(),
                "-o",
                "json");
        assertThat(exitCode).isEqualTo(2);
        List<?> problems = Documents.parse(json.toString(), List.class);
        assertThat(problems).hasSize(2).first().asString().contains("setting=storage.sync", "suggestion=always");
    }

    @Test
    void checkOfARightConfigurationSaysSoAndEndsWith0() throws Exception {
        yaml("holdfast:\n  node-name: a\n  storage: {sync: always}\n");
        Result result = ConsoleProcess.run(folder, NONE, "config", "check", "holdfast.yaml");
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("No mistakes in holdfast.yaml: settings=")
                .contains(", given=2");
        assertThat(result.exitCode()).isZero();
        assertThat(folder.resolve("holdfast-data")).doesNotExist();
    }

    @Test
    void aFileThatDoesNotExistEndsWith4() {
        for (String command : List.of("check", "show", "convert")) {
            StringWriter err = new StringWriter();
            int exitCode = Main.run(
                    new PrintWriter(new StringWriter()),
                    new PrintWriter(err),
                    "config",
                    command,
                    folder.resolve("none.xml").toString());
            assertThat(exitCode).as(command).isEqualTo(4);
            assertThat(err.toString()).contains("No such configuration file").contains("none.xml");
        }
    }

    @Test
    void showTellsWhereEachValueIsFrom() throws Exception {
        yaml("holdfast:\n  storage: {sync: interval}\n  durable-executor-service:\n    a*: {capacity: 7}\n");
        Map<String, String> variables = Map.of("HOLDFAST_STORAGE_SYNC", "always");
        Result table = ConsoleProcess.run(folder, variables, "config", "show");
        assertThat(table.err()).isEmpty();
        assertThat(table.exitCode()).isZero();
        assertThat(table.lines().get(0)).startsWith("SETTING").contains("VALUE", "FROM", "OVERRIDES");
        assertThat(table.lines())
                .anyMatch(line -> line.matches("cluster-name +dev +default +-"))
                .anyMatch(line -> line.matches("network\\.members +\\(empty\\) +default +-"))
                .anyMatch(line -> line.matches("durable-executor-service\\.default\\.capacity +10000 +default +-"))
                .anyMatch(line -> line.matches(
                        "storage\\.sync +always +HOLDFAST_STORAGE_SYNC +interval from .*holdfast\\.yaml:2:13"))
                .anyMatch(line ->
                        line.matches("durable-executor-service\\.a\\*\\.capacity +7 +.*holdfast\\.yaml:4:10 +-"))
                .anyMatch(line ->
                        line.matches("durable-executor-service\\.a\\*\\.result-retention\\.ttl +none +default +-"));

        Result json = ConsoleProcess.run(folder, variables, "config", "show", "holdfast.yaml", "--given", "-o", "json");
        assertThat(json.exitCode()).isZero();
        List<?> settings = Documents.parse(json.out(), List.class);
        assertThat(settings).hasSize(2);
        assertThat(settings.get(0))
                .isEqualTo(Map.of(
                        "setting",
                        "storage.sync",
                        "value",
                        "always",
                        "source",
                        "environment",
                        "where",
                        "HOLDFAST_STORAGE_SYNC",
                        "overrides",
                        List.of(
                                Map.of("value", "interval", "source", "file", "where", "holdfast.yaml:2:13"),
                                Map.of("value", "os", "source", "default", "where", "built in"))));
    }

    @Test
    void convertPrintsAConfigurationAndTellsWhatItLeavesOut() throws Exception {
        Files.writeString(folder.resolve("hazelcast.xml"), """
                <hazelcast xmlns="http://www.hazelcast.com/schema/config">
                    <map name="orders"/>
                    <durable-executor-service name="reports">
                        <pool-size>8</pool-size>
                        <capacity>250</capacity>
                    </durable-executor-service>
                </hazelcast>
                """);
        Result result = ConsoleProcess.run(
                folder, Map.of("HOLDFAST_NODE_NAME", "here"), "config", "convert", "hazelcast.xml", "--to", "xml");
        assertThat(result.exitCode()).isZero();
        assertThat(result.err().lines())
                .anyMatch(line -> line.startsWith("hazelcast:2:25: map[orders]: left out: "))
                .anyMatch(line -> line.contains("durable-executor-service[reports].capacity: differs: "));
        Path converted = Files.writeString(folder.resolve("holdfast.xml"), result.out());
        DurableExecutorConfig reports = Config.load(converted).findDurableExecutorConfig("reports");
        assertThat(reports.getPoolSize()).isEqualTo(8);
        assertThat(reports.getCapacity()).isEqualTo(250);
        assertThat(result.out()).doesNotContain("here");
    }

    @Test
    void schemaPrintsTheSchema() {
        StringWriter out = new StringWriter();
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), "config", "schema"))
                .isZero();
        assertThat(out.toString()).isEqualTo(Config.xmlSchema());
    }
}
