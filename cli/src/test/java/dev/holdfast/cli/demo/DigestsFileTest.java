package dev.holdfast.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsFileTest {

    private static final String DIGEST = "0".repeat(64);

    @TempDir
    Path folder;

    @Test
    void namesWithLineBreaksAndBackslashesAreEscaped() {
        assertThat(DigestsFile.line("plain name", DIGEST)).isEqualTo(DIGEST + "  plain name");
        assertThat(DigestsFile.line("a\\b\nc", DIGEST)).isEqualTo("\\" + DIGEST + "  a\\\\b\\nc");
        assertThat(DigestsFile.line("-", DIGEST)).isEqualTo(DIGEST + "  ./-");
    }

    @Test
    void sha256sumReadsWhatIsWritten() throws Exception {
        Map<String, String> digests = new LinkedHashMap<>();
        for (String name : List.of("plain", " leading blank", "-", "*star", "back\\slash", "line\nbreak", "a/b/ü")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "content of " + name);
            digests.put(name, IndependentDigest.of(file).sha256());
        }
        Path list = folder.resolve("list");
        DigestsFile.write(list, digests);
        assertThat(sha256sum("-c", "--strict", "list")).isZero();
        Files.writeString(folder.resolve("line\nbreak"), "other");
        assertThat(sha256sum("-c", "--strict", "list")).isEqualTo(1);
    }

    private int sha256sum(String... arguments) throws InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("sha256sum"));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException notInstalled) {
            assumeTrue(false, "no sha256sum here");
            return -1;
        }
    }
}
