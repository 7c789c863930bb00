package dev.holdfast.storage.directory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The {@link BootId} of Linux and macOS, and what is left to do anywhere else. */
final class SystemBootId implements BootId {

    private static final Path LINUX_BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final List<String> MAC_BOOT_ID = List.of("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid");
    private static final int COMMAND_SECONDS = 5;

    /** Of this process: what two processes share is not known where only this is left. */
    private static final String UNKNOWN = "unknown-" + UUID.randomUUID();

    private final Path bootIdFile;
    private final List<String> bootIdCommand;

    SystemBootId(Path bootIdFile, List<String> bootIdCommand) {
        this.bootIdFile = bootIdFile;
        this.bootIdCommand = List.copyOf(bootIdCommand);
    }

    static BootId ofThisSystem() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return new SystemBootId(LINUX_BOOT_ID, system.startsWith("mac") ? MAC_BOOT_ID : List.of());
    }

    @Override
    public String of(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (Files.isReadable(bootIdFile)) {
            return Files.readString(bootIdFile).strip() + mountOf(real);
        }
        Optional<String> boot = bootIdCommand.isEmpty() ? Optional.empty() : firstLineOf(bootIdCommand);
        return boot.map(id -> id + " volume " + volumeOf(real)).orElse(UNKNOWN);
    }

    private static String mountOf(Path real) throws IOException {
        Optional<Mount> mount = MountTable.read().flatMap(table -> table.of(real));
        return mount.map(m -> " device " + m.device() + " mount " + m.id())
                .orElse(" " + UNKNOWN); // a boot without its mount would hide a remount
    }

    private static String volumeOf(Path real) {
        try {
            String name = Files.getFileStore(real).name();
            return name.length() <= MAX_BYTES / 4 ? name : name.substring(0, MAX_BYTES / 4);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static Optional<String> firstLineOf(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                String line = output.readLine();
                boolean ended = process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
                boolean usable = ended && line != null && !line.isBlank() && line.length() <= MAX_BYTES / 4;
                return usable ? Optional.of(line.strip()) : Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
