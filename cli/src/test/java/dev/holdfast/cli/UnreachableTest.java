package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.config.Config;
import dev.holdfast.storage.directory.DirectoryLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreachableTest {

    @TempDir
    Path directory;

    /** The console is a process of its own here: a lock of this one would not keep itself out. */
    @Test
    void aHolderThatDoesNotAnswerIsUnreachableAndOneThatIsNoNodeRefuses() throws Exception {
        Config config = new Config().setPartitionCount(1);
        config.getStorageConfig().setDirectory(directory);
        Holdfast.newInstance(config).close();
        try (FileChannel lock = FileChannel.open(DirectoryLayout.lock(directory), StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            assertThat(held.isValid()).isTrue();
            Result refused = ConsoleProcess.run(directory, "tasks", "list", "--data", directory);
            assertThat(refused.exitCode()).as("%s", refused).isEqualTo(3);

            Files.createFile(directory.resolve("admin.sock"));
            Result unreachable = ConsoleProcess.run(directory, "tasks", "list", "--data", directory);
            assertThat(unreachable.exitCode()).as("%s", unreachable).isEqualTo(5);
            assertThat(unreachable.err()).contains("does not answer");

            Result seen = ConsoleProcess.run(directory, "doctor", "--data", directory, "-o", "yaml");
            assertThat(seen.out())
                    .contains("held by pid=" + ProcessHandle.current().pid());
        }
    }
}
