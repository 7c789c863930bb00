package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskOptions;
import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.config.Config;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/console.md} against what the console prints. */
class ConsolePageTest {

    private static final String SUBMIT = "submit --executor jobs --arg fail=false --class " + Job.class.getName();

    @TempDir
    Path directory;

    private record Job(boolean fail) implements Callable<String>, Serializable {
        @Override
        public String call() {
            if (fail) {
                throw new IllegalStateException("on purpose");
            }
            return "done";
        }
    }

    @Test
    void everyFieldThatIsPrintedIsOnThePageAndEveryFormatIsKnown() throws Exception {
        String page = page();
        long done;
        long failed;
        Config config = new Config().setPartitionCount(1);
        config.getStorageConfig().setDirectory(directory);
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            TaskOptions options = TaskOptions.create().label("label").key("key").idempotencyKey("once");
            var first = jobs.submit(new Job(false), options);
            first.get();
            done = first.getTaskId();
            var second = jobs.submit(new Job(true), TaskOptions.create());
            failed = second.getTaskId();
            try {
                second.get();
            } catch (ExecutionException onPurpose) {
                // it is to have a failure
            }
            String submitted = section(page, "submit");
            String line = run(SUBMIT + " --wait -o ids").out().strip();
            assertThat(Long.parseLong(line)).isGreaterThan(failed);
            fieldsAreIn(submitted, SUBMIT + " --wait");
            fieldsAreIn(section(page, "executors list") + section(page, "executors show"), "executors show jobs");
        }
        String tasks = section(page, "tasks list");
        fieldsAreIn(tasks, "tasks list");
        fieldsAreIn(tasks + section(page, "tasks show"), "tasks show " + done);
        fieldsAreIn(tasks + section(page, "tasks show"), "tasks show " + failed);
        fieldsAreIn(section(page, "tasks result"), "tasks result " + done);
        String executors = section(page, "executors list");
        fieldsAreIn(executors, "executors list");
        fieldsAreIn(executors + section(page, "executors show"), "executors show jobs");
        fieldsAreIn(section(page, "storage verify"), "storage verify");
        fieldsAreIn(section(page, "doctor"), "doctor");
        everyDocumentOfADumpHasFieldsIn(section(page, "storage dump"));

        for (String command :
                List.of("tasks list", "tasks show " + done, "executors list", "storage verify", "storage dump")) {
            List<?> ids = run(command + " -o ids").lines();
            assertThat(ids)
                    .as(command)
                    .isNotEmpty()
                    .allSatisfy(id -> assertThat(id.toString()).doesNotContain(" "));
            assertThat(run(command + " -o yaml").out()).as(command).isNotBlank();
        }
        assertThat(JsonMapper.shared()
                        .readValue(run("storage dump -o json").out(), List.class)
                        .size())
                .isEqualTo((int) run("storage dump").lines().stream()
                        .filter("---"::equals)
                        .count());
    }

    @Test
    void everyFieldOfAnActionIsOnThePage() throws Exception {
        String page = page();
        Config config = new Config().setPartitionCount(1);
        config.getStorageConfig().setDirectory(directory);
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            node.getDurableExecutorService("jobs").submit(new Job(false)).get();
        }
        fieldsAreIn(section(page, "submit"), SUBMIT);
        String actions = section(page, "tasks cancel`, `retry`, `discard` and `dispose");
        String waiting = run("tasks list --state PENDING -o ids").out().strip();
        fieldsAreIn(actions, "tasks cancel " + waiting + " --dry-run");
        fieldsAreIn(actions, "tasks cancel " + waiting);
        fieldsAreIn(actions, "tasks dispose --state COMPLETED --yes");
        fieldsAreIn(actions, "tasks retry --all --yes");
        fieldsAreIn(actions, "tasks discard --all --yes");
        String executors = section(page, "executors list");
        for (String operation : List.of("pause", "resume", "shutdown", "reopen")) {
            assertThat(executors).contains(operation + "`");
            fieldsAreIn(executors, "executors " + operation + " jobs");
        }
    }

    @Test
    void everyFieldOfARepairIsOnThePage() throws Exception {
        Config config = new Config().setPartitionCount(1);
        config.getStorageConfig().setDirectory(directory);
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            node.getDurableExecutorService("jobs").submit(new Job(false)).get();
        }
        String text = section(page(), "storage repair");
        fieldsAreIn(text, "storage repair --dry-run");
        Files.delete(directory.resolve("partition-0000/high-water"));
        fieldsAreIn(text, "storage repair --dry-run");
        fieldsAreIn(text, "storage repair --yes");
        assertThat(directory.resolve("quarantine/partition-0000-1")).isDirectory();
    }

    @Test
    void everyFieldOfTheConfigurationIsOnThePage() throws Exception {
        String page = page();
        Path file = Files.writeString(directory.resolve("good.yaml"), "holdfast:\n  node-name: a\n");
        Result shown = MainTest.inThisJvm("config", "show", file.toString(), "--given", "-o", "json");
        assertThat(shown.exitCode()).as("%s", shown).isZero();
        fieldsOfAreIn(section(page, "config show"), "config show", shown);
        Path wrong = Files.writeString(directory.resolve("wrong.yaml"), "holdfast:\n  max-waiters: 0\n");
        Result checked = MainTest.inThisJvm("config", "check", wrong.toString(), "-o", "json");
        assertThat(checked.exitCode()).as("%s", checked).isEqualTo(2);
        fieldsOfAreIn(section(page, "config check"), "config check", checked);
    }

    /** Whatever prints answers takes the same four formats. */
    @Test
    void everyCommandThatPrintsTakesTheFormats() {
        Set<String> without = new TreeSet<>();
        collect(CommandTree.build(new Main(), CommandTree.WHOLE), "", without);
        assertThat(without)
                .as("a node, a script, a schema, a file, and commands within")
                .containsExactly("completion", "config convert", "config schema", "help", "shell", "start");
    }

    private static void collect(CommandLine command, String path, Set<String> without) {
        command.getSubcommands().forEach((name, child) -> collect(child, (path + " " + name).strip(), without));
        if (command.getSubcommands().isEmpty() && command.getCommandSpec().findOption("-o") == null) {
            without.add(path);
        }
    }

    /** The last field is called after the record. */
    private void everyDocumentOfADumpHasFieldsIn(String text) {
        List<?> documents =
                JsonMapper.shared().readValue(run("storage dump -o json").out(), List.class);
        assertThat(documents).isNotEmpty().allSatisfy(document -> {
            List<?> names = List.copyOf(((Map<?, ?>) document).keySet());
            assertThat(names.subList(0, names.size() - 1))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(text).contains("`" + name + "`"));
        });
    }

    private void fieldsAreIn(String text, String command) {
        fieldsOfAreIn(text, command, run(command + " -o json"));
    }

    private static void fieldsOfAreIn(String text, String command, Result result) {
        Object answer = JsonMapper.shared().readValue(result.out(), Object.class);
        Object one = answer instanceof List<?> list ? list.get(0) : answer;
        Set<String> fields = new TreeSet<>();
        ((Map<?, ?>) one).forEach((key, value) -> {
            fields.add(key.toString());
            if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Map<?, ?> inner) {
                inner.keySet().forEach(name -> fields.add(name.toString()));
            } else if (value instanceof Map<?, ?> inner && command.startsWith("executors")) {
                inner.keySet().forEach(name -> fields.add(name.toString()));
            }
        });
        assertThat(fields)
                .isNotEmpty()
                .allSatisfy(field -> assertThat(text).as(command).contains("`" + field + "`"));
    }

    private static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("holdfast.checkout"), "docs/console.md"));
    }

    private static String section(String page, String command) {
        var found = Pattern.compile("### Fields of `" + command + "`\\n(.*?)\\n#", Pattern.DOTALL)
                .matcher(page);
        assertThat(found.find()).as(command).isTrue();
        return found.group(1);
    }

    private Result run(String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of("--data", directory.toString()));
        Result result = MainTest.inThisJvm(words.toArray(String[]::new));
        assertThat(result.exitCode()).as("%s: %s", command, result).isZero();
        return result;
    }
}
