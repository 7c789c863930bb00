package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class BootIdTest {

    @TempDir
    Path directory;

    @Test
    @EnabledOnOs(OS.LINUX)
    void onLinuxItNamesTheBootAndTheMount() throws IOException {
        String id = BootId.ofSystem().of(directory);
        assertThat(id)
                .startsWith(Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip())
                .containsPattern(" device \\d+:\\d+ mount \\d+$");
        assertThat(BootId.ofSystem().of(directory)).isEqualTo(id);
        assertThat(id.getBytes(StandardCharsets.UTF_8).length).isBetween(1, BootId.MAX_BYTES);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anotherMountOrAnotherBootIsAnotherId() throws IOException {
        assertThat(BootId.ofSystem().of(Path.of("/proc")))
                .isNotEqualTo(BootId.ofSystem().of(directory));
        Path boot = Files.writeString(directory.resolve("boot_id"), "another-boot\n");
        assertThat(new SystemBootId(boot, List.of()).of(directory)).startsWith("another-boot device ");
    }

    @Test
    void withoutAKernelFileTheCommandIsAsked() throws IOException {
        SystemBootId id = new SystemBootId(directory.resolve("none"), List.of("/bin/echo", "session-1"));
        assertThat(id.of(directory)).startsWith("session-1 volume ").isEqualTo(id.of(directory));
    }

    @Test
    void whereTheSystemDoesNotSayEveryProcessIsAnother() throws IOException {
        for (List<String> command : List.of(List.<String>of(), List.of("/no/such/command"), List.of("/bin/false"))) {
            String id = new SystemBootId(directory.resolve("none"), command).of(directory);
            assertThat(id)
                    .startsWith("unknown-")
                    .isEqualTo(new SystemBootId(directory.resolve("none"), command).of(directory));
        }
    }
}
