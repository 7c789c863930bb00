package dev.holdfast.cli.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/** Where what was typed is kept: {@code $XDG_STATE_HOME/holdfast/history}, its owner's alone. */
final class HistoryFile {

    private HistoryFile() {}

    static Path usual(Map<String, String> environment, String home) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.startsWith("/") ? Path.of(state) : Path.of(home, ".local", "state");
        return base.resolve("holdfast").resolve("history");
    }

    /** The file, made if it was not there; empty where that can not be: the shell then forgets. */
    static Optional<Path> prepare(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            return Files.isWritable(file) ? Optional.of(file) : Optional.empty();
        } catch (IOException | UnsupportedOperationException readOnly) {
            return Optional.empty();
        }
    }
}
