package dev.holdfast.cli.doctor;

import dev.holdfast.node.admin.AdminSocket;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.NodeProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The data directory: whose it is, who has it, whether it is whole. Takes no lock: a node may start meanwhile. */
final class DirectoryChecks {

    /** Of {@code sockaddr_un}, with the zero at its end, where it is shortest. */
    private static final int LONGEST_SOCKET_PATH = 103;

    private final SystemFiles system;
    private final Patient patient;
    private final Path directory;

    DirectoryChecks(SystemFiles system, Patient patient) {
        this.system = system;
        this.patient = patient;
        this.directory = patient.directory();
    }

    List<Check> run() {
        List<Check> checks = new ArrayList<>();
        if (!Files.exists(directory)) {
            checks.add(missing());
            checks.add(socketPath());
            return checks;
        }
        if (!Files.isDirectory(directory)) {
            return List.of(Check.problem(
                    "directory.path",
                    directory.toString(),
                    "it is not a directory",
                    "name another one, or move the file away"));
        }
        checks.add(identity());
        checks.add(permissions());
        checks.add(holder());
        checks.add(socketPath());
        return checks;
    }

    private Check missing() {
        Path parent = directory.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        if (parent == null || !Files.isWritable(parent)) {
            return Check.problem(
                    "directory.path",
                    directory + " does not exist",
                    "this user may not make it: no permission to write in " + parent,
                    "make it as the user who may, and give it to the node's user: chown, chmod 700");
        }
        return Check.ok("directory.path", directory + " does not exist yet: the first start makes it");
    }

    private Check identity() {
        Path properties = DirectoryLayout.nodeProperties(directory);
        try {
            int partitions = DirectoryLayout.partitions(directory).size();
            if (!Files.exists(properties)) {
                return partitions == 0
                        ? Check.ok("directory.path", directory + " has no node's data yet")
                        : Check.problem(
                                "directory.path",
                                directory.toString(),
                                "it holds the logs of " + partitions + " partitions, but node.properties is gone",
                                "bring that file back from a backup: a node does not start on logs without an identity");
            }
            NodeProperties identity = NodeProperties.read(properties);
            String value =
                    directory + ", format " + NodeProperties.FORMAT + ", " + identity.partitionCount() + " partitions";
            if (partitions != identity.partitionCount()) {
                return Check.problem(
                        "directory.path",
                        value,
                        "folders of " + (identity.partitionCount() - partitions)
                                + " partitions are missing: their tasks" + " are gone",
                        "bring them back from a backup; `storage verify` says what else is wrong");
            }
            return Check.ok("directory.path", value);
        } catch (IOException | RuntimeException e) {
            return Check.problem(
                    "directory.path",
                    directory.toString(),
                    "its node.properties can not be read: " + e.getMessage(),
                    "use the version that wrote it, or bring the file back from a backup");
        }
    }

    private Check permissions() {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
            String value = PosixFilePermissions.toString(permissions) + ", owner "
                    + Files.getOwner(directory).getName();
            if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
                return Check.problem(
                        "directory.permissions",
                        value,
                        "this user, " + System.getProperty("user.name") + ", may not write there",
                        "run as its owner, or chown -R it to the node's user");
            }
            boolean othersRead = permissions.contains(PosixFilePermission.GROUP_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE);
            return othersRead
                    ? Check.warning(
                            "directory.permissions",
                            value,
                            "others may look into it; the files are their owner's alone, the names are not",
                            "chmod 700 " + directory)
                    : Check.ok("directory.permissions", value);
        } catch (IOException | UnsupportedOperationException e) {
            return Check.warning(
                    "directory.permissions",
                    "not told",
                    "the system says: " + e.getMessage(),
                    "look with ls -ld " + directory);
        }
    }

    private Check holder() {
        if (patient.live().isPresent()) {
            return Check.ok("directory.holder", "live: " + patient.processName());
        }
        Path lock = DirectoryLayout.lock(directory);
        Optional<String> pid = lockedBy(lock);
        if (pid.isPresent()) {
            boolean node = Files.exists(directory.resolve(AdminSocket.FILE));
            String value = "held by pid=" + pid.get() + ", " + firstLine(lock);
            return Check.warning(
                    "directory.holder",
                    value,
                    node
                            ? "that node does not answer on its admin.sock"
                            : "no admin.sock: no node, or one without its socket",
                    "kill -QUIT " + pid.get() + " shows what it does; until it ends no other node starts here");
        }
        String left = firstLine(lock);
        return left.isEmpty()
                ? Check.ok("directory.holder", "nobody")
                : Check.ok("directory.holder", "nobody; the last one did not close: " + left);
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
        } catch (IOException notThere) {
            return "";
        }
    }

    /** As Linux lists its locks; to try the lock would keep a node out that starts just then. */
    private Optional<String> lockedBy(Path lock) {
        try {
            Object inode = Files.getAttribute(lock, "unix:ino");
            Pattern line = Pattern.compile("(?:POSIX|OFDLCK).*?\\s(-?\\d+) [0-9a-f]+:[0-9a-f]+:" + inode + " ");
            return system.find("/proc/locks", line);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notTold) {
            return Optional.empty();
        }
    }

    private Check socketPath() {
        Path socket = directory.resolve(AdminSocket.FILE);
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        String value = "path of admin.sock: " + bytes + " bytes of at most " + LONGEST_SOCKET_PATH;
        return bytes > LONGEST_SOCKET_PATH
                ? Check.warning(
                        "directory.socket",
                        value,
                        "a running node has no socket there, so the console can not see it while it runs",
                        "use a shorter path, or a symbolic link with one")
                : Check.ok("directory.socket", value);
    }
}
