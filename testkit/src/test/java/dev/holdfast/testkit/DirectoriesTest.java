package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {

    @TempDir
    Path folder;

    @Test
    void everythingIsDeletedAndNothingThatALinkLeadsTo() throws Exception {
        Path elsewhere = Files.createFile(folder.resolve("elsewhere"));
        Path deep = Files.createDirectories(folder.resolve("cluster/a/b"));
        Files.createFile(deep.resolve("file"));
        Files.createSymbolicLink(deep.resolve("link"), elsewhere);
        Directories.delete(folder.resolve("cluster"));
        assertThat(folder.resolve("cluster")).doesNotExist();
        assertThat(elsewhere).exists();
    }

    @Test
    void whatIsNotThereIsNoMistake() {
        Directories.delete(folder.resolve("nothing"));
        assertThat(folder.resolve("nothing")).doesNotExist();
    }
}
