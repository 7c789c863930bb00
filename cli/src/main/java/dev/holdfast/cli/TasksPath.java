package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A class path of jars and folders, as a class loader above this program's. */
final class TasksPath {

    private TasksPath() {}

    /** @throws CommandFailure an entry does not exist */
    static ClassLoader loader(String path) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator)) {
            if (entry.isBlank()) {
                continue;
            }
            if (entry.equals("*") || entry.endsWith("/*")) {
                Path folder = Path.of(entry.substring(0, entry.length() - 1));
                for (Path jar : jarsIn(folder)) {
                    urls.add(url(jar));
                }
            } else {
                urls.add(url(existing(Path.of(entry))));
            }
        }
        return new URLClassLoader("holdfast-tasks", urls.toArray(URL[]::new), TasksPath.class.getClassLoader());
    }

    private static List<Path> jarsIn(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(existing(folder))) {
            return entries.filter(entry -> entry.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static Path existing(Path path) {
        if (!Files.exists(path)) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    "No such jar or folder: --tasks-path=" + path.toAbsolutePath() + "; separate entries with `"
                            + File.pathSeparator + "`");
        }
        return path;
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toAbsolutePath().normalize().toUri().toURL();
    }
}
