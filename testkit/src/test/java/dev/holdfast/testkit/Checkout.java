package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of this checkout that people write. */
final class Checkout {
    private static final Path ROOT = findRoot();
    private static final Set<String> NOT_OURS =
            Set.of("target", ".git", ".idea", ".vscode", "holdfast-data", "holdfast-demo-data");
    private static final Pattern TEXT = Pattern.compile(".*\\.(java|xml|md|ya?ml|sh|cmd|properties|config)|[^.]+");

    private Checkout() {}

    /** A file and its text; {@code path} is relative to the checkout, with slashes. */
    record Source(String path, String text) {
        boolean isJava() {
            return path.endsWith(".java");
        }

        boolean isTest() {
            return path.contains("/src/test/");
        }

        String module() {
            return path.substring(0, Math.max(0, path.indexOf('/')));
        }

        List<String> lines() {
            return text.lines().toList();
        }
    }

    /** The folders that the root pom names as product modules; a profile may add others. */
    static List<String> modules() {
        String pom = read(ROOT.resolve("pom.xml"));
        return Pattern.compile("<module>([a-z]+)</module>")
                .matcher(pom.substring(0, pom.indexOf("<profiles>")))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** The names of the top-level classes of a module's product code. */
    static List<String> mainClassesOf(String module) {
        Path sources = ROOT.resolve(module).resolve("src/main/java");
        if (!Files.isDirectory(sources)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .map(file -> sources.relativize(file).toString().replaceFirst("\\.java$", ""))
                    .map(name -> name.replaceAll("[/\\\\]", "."))
                    .toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Every text file: sources, poms, scripts, documents. */
    static List<Source> sources() {
        List<Source> found = new ArrayList<>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    boolean skip = NOT_OURS.contains(directory.getFileName().toString());
                    return skip && !directory.equals(ROOT) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
                    if (attributes.isRegularFile() && TEXT.matcher(name).matches()) {
                        String path = ROOT.relativize(file).toString().replace('\\', '/');
                        found.add(new Source(path, read(file)));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** The build tells; an IDE starts the test in the module's folder or in the checkout itself. */
    private static Path findRoot() {
        Path start = Path.of(System.getProperty("holdfast.checkout", "")).toAbsolutePath();
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            if (Files.isRegularFile(directory.resolve("mvnw"))) {
                return directory;
            }
        }
        throw new IllegalStateException("No checkout above: directory=" + start);
    }
}
