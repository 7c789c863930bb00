package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file system that a directory is on, as far as the system tells.
 *
 * @param type for example {@code ext4}
 * @param source for example {@code /dev/sda1}, or empty
 * @param point where it is mounted, or empty
 * @param options how it is mounted, by comma, or empty
 * @param network whether its data is on another machine
 */
public record FileSystemFacts(String type, String source, String point, String options, boolean network) {

    /** @param directory an existing one */
    public static FileSystemFacts of(Path directory) throws IOException {
        Path real = directory.toRealPath();
        Optional<Mount> mount = MountTable.read().flatMap(table -> table.of(real));
        if (mount.isEmpty()) {
            String type = Files.getFileStore(real).type();
            return new FileSystemFacts(type, "", "", "", NetworkFileSystems.isNetwork(type));
        }
        Mount found = mount.get();
        return new FileSystemFacts(
                found.type(),
                found.source(),
                found.point(),
                found.options(),
                NetworkFileSystems.isNetwork(found.type()));
    }
}
