package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mounts of this process, as Linux tells them in {@code /proc/self/mountinfo} (proc(5)):
 *
 * <pre>36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 * id parent device root point options optional... - type source options</pre>
 */
final class MountTable {

    static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    private final List<Mount> mounts;

    private MountTable(List<Mount> mounts) {
        this.mounts = List.copyOf(mounts);
    }

    /** Reads the table; empty on a system without one. */
    static Optional<MountTable> read() throws IOException {
        if (!Files.isReadable(MOUNTINFO)) {
            return Optional.empty();
        }
        // not UTF-8: a mount point is any bytes, and one that does not decode must not hide the others
        return Optional.of(parse(Files.readAllLines(MOUNTINFO, StandardCharsets.ISO_8859_1)));
    }

    static MountTable parse(List<String> lines) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines) {
            parseLine(line).ifPresent(mounts::add);
        }
        return new MountTable(mounts);
    }

    private static Optional<Mount> parseLine(String line) {
        String[] fields = line.split(" ", -1);
        int separator = List.of(fields).indexOf("-");
        if (separator < 6 || fields.length < separator + 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Mount(
                    Integer.parseInt(fields[0]),
                    Integer.parseInt(fields[1]),
                    fields[2],
                    unescape(fields[4]),
                    fields[separator + 1],
                    unescape(fields[separator + 2]),
                    fields[5] + (fields.length > separator + 3 ? "," + unescape(fields[separator + 3]) : "")));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * The mount that {@code realPath} (absolute, without links) lies on. Walks down from the root as the kernel does: of
     * mounts stacked on one point the last one is seen, and what is mounted below a covered point is not.
     */
    Optional<Mount> of(Path realPath) {
        Optional<Mount> root = mounts.stream()
                .filter(mount ->
                        mount.point().equals("/") && mounts.stream().noneMatch(other -> isParent(other, mount)))
                .findFirst();
        if (root.isEmpty()) {
            return Optional.empty();
        }
        Mount current = topmost(root.get(), "/");
        StringBuilder point = new StringBuilder();
        for (Path name : realPath) {
            point.append('/').append(latin(name.toString()));
            current = topmost(current, point.toString());
        }
        return Optional.of(current);
    }

    private Mount topmost(Mount below, String point) {
        Mount current = below;
        for (Mount mount : mounts) { // in the order of mounting
            if (mount.point().equals(point) && isParent(current, mount)) {
                current = mount;
            }
        }
        return current;
    }

    private static boolean isParent(Mount parent, Mount child) {
        return parent.id() == child.parentId() && parent.id() != child.id();
    }

    /** A name as the bytes that {@link #read} sees. */
    private static String latin(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The kernel writes space, tab, newline and backslash as three octal digits. */
    private static String unescape(String field) {
        StringBuilder text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\'
                    && i + 3 < field.length()
                    && field.substring(i + 1, i + 4).matches("[0-3][0-7]{2}")) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
