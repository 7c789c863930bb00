package dev.holdfast.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.holdfast.cli.ConsoleProcess;
import dev.holdfast.cli.ConsoleProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo does not do, said in one line each, and nothing changed. */
class DemoRefusalsTest {

    @TempDir
    Path here;

    @Test
    void aFolderThatDoesNotExist() throws Exception {
        refused(4, "No such folder", "demo", here.resolve("missing"));
    }

    @Test
    void aFileInPlaceOfAFolder() throws Exception {
        refused(4, "Not a folder", "demo", Files.writeString(here.resolve("file"), "x"));
    }

    @Test
    void anEmptyFolder() throws Exception {
        refused(4, "No files in this folder", "demo", folder(0));
    }

    @Test
    void aFolderWithOneFile() throws Exception {
        refused(4, "Too few files", "demo", folder(1));
    }

    @Test
    void unreadableFiles() throws Exception {
        Path folder = folder(3);
        Path secret = Files.writeString(folder.resolve("secret"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(secret), "this user reads everything");
        refused(3, "secret", "demo", folder);
    }

    @Test
    void aKillAfterTheEnd() throws Exception {
        refused(2, "--kill-after=3: allowed are 1 to 2", "demo", folder(3), "--kill-after", 3);
        refused(2, "--kill-after=0", "demo", folder(3), "--kill-after", 0);
    }

    @Test
    void digestsInAFolderThatDoesNotExist() throws Exception {
        refused(2, "--digests", "demo", folder(3), "--digests", "missing/digests");
    }

    @Test
    void aDataDirectoryWithSomethingElseInIt() throws Exception {
        Path other = folder(2);
        refused(3, "something else", "demo", folder(3), "--data", other);
        assertThat(other).isDirectoryContaining(file -> file.endsWith("file-0"));
    }

    @Test
    void theDataDirectoryOfADemoThatWasKept() throws Exception {
        Path data = here.resolve("kept");
        try (DemoDirectory directory = DemoDirectory.fresh(data)) {
            directory.write(new DemoPlan("x", 1, 1, true, java.util.List.of()));
        }
        refused(3, "--keep", "demo", folder(3), "--data", data);
    }

    @Test
    void aResumeOfNothing() throws Exception {
        refused(4, "No demo to resume", "demo", "--resume");
    }

    @Test
    void optionsThatExcludeEachOther() throws Exception {
        refused(2, "--resume", "demo", "--resume", "--interactive");
        refused(2, "--interactive", "demo", folder(3), "--interactive", "-o", "json");
        refused(2, "-o", "demo", folder(3), "-o", "xml");
    }

    private Path folder(int files) throws Exception {
        Path folder = Files.createTempDirectory(here, "folder");
        for (int i = 0; i < files; i++) {
            Files.writeString(folder.resolve("file-" + i), "content " + i);
        }
        return folder;
    }

    private void refused(int exitCode, String says, Object... arguments) throws Exception {
        Result result = ConsoleProcess.run(here, arguments);
        assertThat(result.exitCode()).as("%s", result).isEqualTo(exitCode);
        assertThat(result.err().lines().findFirst().orElse(""))
                .startsWith("holdfast: ")
                .contains(says);
        assertThat(result.err()).doesNotContain("\tat ");
        assertThat(result.out()).isEmpty();
        assertThat(here.resolve(DemoDirectory.DEFAULT)).doesNotExist();
    }
}
