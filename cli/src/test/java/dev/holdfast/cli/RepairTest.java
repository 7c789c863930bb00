package dev.holdfast.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskOptions;
import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.config.Config;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code storage repair}, as a user calls it. */
class RepairTest {

    private static final int BYTES_BEFORE_RECORDS = 70_000;

    @TempDir
    Path home;

    private Path directory() {
        return home.resolve("data");
    }

    private Config config() {
        Config config = new Config().setPartitionCount(2);
        config.getStorageConfig().setDirectory(directory());
        return config;
    }

    private List<Long> aNodeThatHasStopped() throws Exception {
        List<Long> ids = new ArrayList<>();
        try (HoldfastInstance node = Holdfast.newInstance(config())) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            for (int i = 0; i < 200; i++) {
                var future = jobs.submit(
                        (DurableCallable<String>) () -> "done",
                        TaskOptions.create().key(i));
                future.get();
                ids.add(future.getTaskId());
            }
        }
        return ids;
    }

    @Test
    void aDamagedPartitionIsRepairedByAProcessThatIsToldYes() throws Exception {
        List<Long> ids = aNodeThatHasStopped();
        Path segment = flipAByte();

        Result looked = ConsoleProcess.run(home, "storage", "repair", "--dry-run", "--data", directory());
        assertThat(looked.exitCode()).as("%s", looked).isZero();
        assertThat(looked.out()).contains("partition=0", segment.toString(), "Would be repaired: 1 of 1 partition");
        Result unasked = ConsoleProcess.run(home, "storage", "repair", "--data", directory());
        assertThat(unasked.exitCode()).as("%s", unasked).isEqualTo(3);
        assertThat(unasked.err()).contains("nothing was done", "--yes");
        assertThat(here("storage", "verify").exitCode()).isEqualTo(1);

        Result repaired = ConsoleProcess.run(home, "storage", "repair", "--yes", "-o", "json", "--data", directory());
        assertThat(repaired.exitCode()).as("%s", repaired).isZero();
        Map<?, ?> document = JsonMapper.shared().readValue(repaired.out(), Map.class);
        assertThat((List<?>) document.get("partitions")).singleElement().satisfies(one -> {
            Map<?, ?> partition = (Map<?, ?>) one;
            assertThat(partition.get("partition")).isEqualTo(0);
            assertThat(partition.get("failed")).isEqualTo(false);
            assertThat((List<?>) partition.get("recordsLost")).hasSize(1);
            assertThat(Path.of(String.valueOf(partition.get("quarantine")))
                            .resolve(directory().relativize(segment).subpath(1, 3)))
                    .isRegularFile();
        });
        assertThat(here("storage", "verify").exitCode()).isZero();
        Result again = here("storage", "repair");
        assertThat(again.exitCode()).as("%s", again).isZero();
        assertThat(again.err()).contains("Nothing to repair");
        assertThat(here("tasks", "list", "-o", "ids").lines()).hasSizeGreaterThanOrEqualTo(ids.size() - 1);
        everyIdIsServedOrLost(ids);
    }

    private void everyIdIsServedOrLost(List<Long> ids) throws Exception {
        try (HoldfastInstance node = Holdfast.newInstance(config())) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            int gone = 0;
            for (long id : ids) {
                if (jobs.getTask(id).isEmpty()) {
                    assertThatThrownBy(() -> jobs.retrieveResult(id).get(20, SECONDS))
                            .hasMessageContaining("LOST");
                    gone++;
                }
            }
            assertThat(gone).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void tasksThatMayHaveEndedAreHeldAndToldHowToGoOn() throws Exception {
        try (HoldfastInstance node = Holdfast.newInstance(config().setAutoStart(false))) {
            for (int i = 0; i < 50; i++) {
                var unused = node.getDurableExecutorService("jobs")
                        .submit(
                                (DurableCallable<String>) () -> "done",
                                TaskOptions.create().key(i));
            }
        }
        flipAByte();
        Result repaired = here("storage", "repair", "--yes");
        assertThat(repaired.exitCode()).as("%s", repaired).isZero();
        assertThat(repaired.out()).contains("ids held", "ids that answer LOST");
        assertThat(repaired.err()).contains("tasks list --state QUARANTINED", "tasks retry -");
        List<String> held =
                here("tasks", "list", "--state", "QUARANTINED", "-o", "ids").lines();
        assertThat(held).isNotEmpty();
        assertThat(here("tasks", "show", held.get(0)).out()).contains("may have ended", "tasks retry", "tasks discard");
        Result retried = here("tasks", "retry", held.get(0));
        assertThat(retried.out()).as("%s", retried).contains("Retried: 1 of 1 task");
    }

    @Test
    void aRunningNodeKeepsItsDirectory() {
        try (HoldfastInstance node = Holdfast.newInstance(config())) {
            assertThat(node.getName()).isNotNull();
            for (String[] options : new String[][] {{"--yes"}, {"--dry-run"}}) {
                Result refused = here(Stream.concat(Stream.of("storage", "repair"), Arrays.stream(options))
                        .toArray(String[]::new));
                assertThat(refused.exitCode()).as("%s", refused).isEqualTo(3);
                assertThat(refused.err()).contains(directory().toString());
            }
        }
    }

    private Path flipAByte() throws Exception {
        Path segment;
        try (Stream<Path> files = Files.walk(directory().resolve("partition-0000"))) {
            segment = files.filter(file -> file.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, BYTES_BEFORE_RECORDS);
            one.put(0, (byte) (one.get(0) ^ 1));
            channel.write(one.flip(), BYTES_BEFORE_RECORDS);
        }
        return segment;
    }

    private Result here(String... arguments) {
        return MainTest.inThisJvm(Stream.concat(
                        Stream.of(arguments), Stream.of("--data", directory().toString()))
                .toArray(String[]::new));
    }
}
