package dev.holdfast.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Linux tells in {@code /proc} and {@code /sys}; empty where there is no such file, or no permission.
 *
 * @param root what stands before {@code /proc}; another one in tests
 */
record SystemFiles(Path root) {

    /** More than any of these files; some of them grow with the machine. */
    private static final int MAX_BYTES = 4 << 20;

    static final SystemFiles REAL = new SystemFiles(Path.of("/"));

    Optional<String> text(String path) {
        try (var in = Files.newInputStream(root.resolve(path.substring(1)))) {
            // not UTF-8: names of files and of processes are any bytes
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1));
        } catch (IOException | UnsupportedOperationException notTold) {
            return Optional.empty();
        }
    }

    /** The first line, without blanks around it. */
    Optional<String> line(String path) {
        return text(path).flatMap(text -> text.lines().findFirst()).map(String::strip);
    }

    OptionalLong number(String path) {
        return line(path).map(SystemFiles::parse).orElse(OptionalLong.empty());
    }

    List<String> lines(String path) {
        return text(path).map(text -> text.lines().toList()).orElse(List.of());
    }

    /** Entries of a folder, or -1. */
    long count(String folder) {
        try (Stream<Path> entries = Files.list(root.resolve(folder.substring(1)))) {
            return entries.count();
        } catch (IOException notTold) {
            return -1;
        }
    }

    boolean exists(String path) {
        return Files.exists(root.resolve(path.substring(1)));
    }

    /** The first group of {@code pattern}, of the first line that has it. */
    Optional<String> find(String path, Pattern pattern) {
        return lines(path).stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
    }

    static OptionalLong parse(String text) {
        return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
