package dev.holdfast.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.demo.DemoPlan.DemoFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderListingTest {

    @TempDir
    Path folder;

    @Test
    void whatIsBuiltStoredOrLinkedIsLeftOut() throws Exception {
        write("b/z");
        write("a");
        write("target/kept-for-there-is-no-pom");
        write("module/pom.xml");
        write("module/target/built");
        write(".git/HEAD");
        write("data/node.lock");
        write("data/node.properties");
        write("excluded/x");
        Files.createSymbolicLink(folder.resolve("to-a"), folder.resolve("a"));
        Files.createSymbolicLink(folder.resolve("to-b"), folder.resolve("b"));

        assertThat(FolderListing.of(folder, Set.of(folder.resolve("excluded"))))
                .extracting(DemoFile::path)
                .containsExactly("a", "b/z", "module/pom.xml", "target/kept-for-there-is-no-pom");
    }

    private void write(String path) throws Exception {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, path);
    }
}
