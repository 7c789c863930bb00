package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the console says of a directory in which a byte has changed. */
class DamageTest {

    private static final int BYTES_BEFORE_RECORDS = 70_000;

    @TempDir
    Path directory;

    @Test
    void damageIsNamedWithFileAndOffsetAndTheOtherPartitionIsShown() throws Exception {
        Config config = new Config().setPartitionCount(2);
        config.getStorageConfig().setDirectory(directory);
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            for (int i = 0; i < 200; i++) {
                jobs.submit(
                                (DurableCallable<String>) () -> "done",
                                TaskOptions.create().key(i))
                        .get();
            }
        }
        assertThat(run("storage", "verify").exitCode()).isZero();
        int all = run("tasks", "list", "-o", "ids").lines().size();
        Path damaged = flipAByte();

        Result verified = run("storage", "verify");
        assertThat(verified.exitCode()).as("%s", verified).isEqualTo(1);
        assertThat(verified.out()).contains("DAMAGED", damaged.toString(), "offset=");
        Result listed = run("tasks", "list", "-o", "ids");
        assertThat(listed.exitCode()).as("%s", listed).isEqualTo(1);
        assertThat(listed.lines()).isNotEmpty().hasSizeLessThan(all);
        assertThat(listed.err()).contains("partition 0 can not be read", damaged.toString());
        assertThat(run("tasks", "show", "1").exitCode()).isEqualTo(1);
        assertThat(run("storage", "dump").exitCode()).isEqualTo(1);
    }

    private Path flipAByte() throws Exception {
        Path segment;
        try (Stream<Path> files = Files.walk(directory.resolve("partition-0000"))) {
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

    private Result run(String... arguments) {
        return MainTest.inThisJvm(Stream.concat(Stream.of(arguments), Stream.of("--data", directory.toString()))
                .toArray(String[]::new));
    }
}
