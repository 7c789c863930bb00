package dev.holdfast.config.load;

import dev.holdfast.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the file of an application that names none. */
public final class DefaultFile {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultFile.class);
    private static final List<String> NAMES = List.of("holdfast.xml", "holdfast.yaml", "holdfast.yml");

    private DefaultFile() {}

    /**
     * Reads the file in the directory, else the one on the class path, else nothing.
     *
     * @return whether all there is was read to its end
     */
    public static boolean load(
            Path directory, ClassLoader classPath, Config config, Origins origins, Problems problems) {
        List<Path> files = new ArrayList<>();
        List<String> resources = new ArrayList<>();
        for (String name : NAMES) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                files.add(file);
            }
            if (classPath.getResource(name) != null) {
                resources.add(name);
            }
        }
        if (!files.isEmpty()) {
            Path file = onlyOne(files, directory.toAbsolutePath().toString());
            LOG.info("Reading the configuration: file={}", file.toAbsolutePath());
            return ConfigLoader.load(file, config, origins, problems);
        }
        if (!resources.isEmpty()) {
            return fromClassPath(onlyOne(resources, "class path"), classPath, config, origins, problems);
        }
        LOG.info(
                "No configuration file found, using the defaults: names={}, directory={}",
                NAMES,
                directory.toAbsolutePath());
        return true;
    }

    private static <T> T onlyOne(List<T> found, String place) {
        if (found.size() > 1) {
            Problems problems = new Problems();
            problems.add(place, "", null, "there are several configurations: " + found, "one of them", null);
            problems.throwIfAny();
        }
        return found.get(0);
    }

    private static boolean fromClassPath(
            String name, ClassLoader classPath, Config config, Origins origins, Problems problems) {
        URL url = classPath.getResource(name);
        ConfigLoader.Format format = ConfigLoader.Format.of(name);
        if (url == null || format == null) {
            throw new IllegalStateException("gone from the class path while it was read: name=" + name);
        }
        LOG.info("Reading the configuration: url={}", url);
        try (InputStream in = url.openStream()) {
            return ConfigLoader.read(in, format, "classpath:" + name, config, origins, problems);
        } catch (IOException e) {
            throw ConfigLoader.unreadable("classpath:" + name, e);
        }
    }
}
