package dev.holdfast.testkit.damage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Which files there are, and which of them were written to: told by their times, which are set back first. */
final class Stamps {

    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    private final Map<String, String> files;

    private Stamps(Map<String, String> files) {
        this.files = files;
    }

    static Stamps setBack(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                Files.setLastModifiedTime(path, LONG_AGO);
            }
        }
        return of(root);
    }

    private static Stamps of(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                BasicFileAttributes facts =
                        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                files.put(
                        root.relativize(path).toString(),
                        facts.isDirectory() ? "directory" : facts.size() + " " + facts.lastModifiedTime());
            }
        }
        return new Stamps(files);
    }

    /** Names of what came, went or was written to since, below {@code prefix}. */
    List<String> changes(Path root, String prefix) throws IOException {
        Map<String, String> now = of(root).files;
        List<String> names = new ArrayList<>(files.keySet());
        names.addAll(now.keySet());
        return names.stream()
                .distinct()
                .filter(name -> name.startsWith(prefix))
                .filter(name -> !String.valueOf(files.get(name)).equals(String.valueOf(now.get(name))))
                .toList();
    }
}
