package dev.holdfast.config.load;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a file into a configuration: read and bind, and keep all mistakes for who validates it. */
public final class ConfigLoader {
    /** How a file is written. */
    public enum Format {
        /** Elements, or attributes. */
        XML,
        /** Mappings. */
        YAML;

        /** Stands for a file's name in messages. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static @Nullable Format of(String fileName) {
            String lower = fileName.toLowerCase(Locale.ROOT);
            if (lower.endsWith(".xml")) {
                return XML;
            }
            return lower.endsWith(".yaml") || lower.endsWith(".yml") ? YAML : null;
        }
    }

    private ConfigLoader() {}

    /**
     * Reads a file, by its extension, into a new configuration, with the origins that go with it.
     *
     * @return whether it was read to its end
     */
    public static boolean load(Path file, Config config, Origins origins, Problems problems) {
        Format format = Format.of(file.toString());
        if (format == null) {
            String extensions = "a name ending with .xml, .yaml or .yml";
            problems.add(file.toString(), "", null, "the kind of file is not known", extensions, null);
            throw problems.toException(null);
        }
        if (Files.isDirectory(file)) {
            problems.add(file.toString(), "", null, "this is a directory", "a file", null);
            throw problems.toException(null);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, format, file.toString(), config, origins, problems);
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    /**
     * Reads a stream into a new configuration; the label stands for the file's name in messages.
     *
     * @return whether it was read to its end
     */
    public static boolean read(
            InputStream in, Format format, String label, Config config, Origins origins, Problems problems) {
        String text;
        try {
            text = SourceText.read(in, label, problems);
        } catch (IOException e) {
            throw unreadable(label, e);
        }
        if (text == null) {
            return false;
        }
        SourceTree tree =
                format == Format.XML ? XmlSource.read(text, label, problems) : YamlSource.read(text, label, problems);
        bind(tree, config, origins, problems);
        return tree.whole();
    }

    private static void bind(SourceTree tree, Config config, Origins origins, Problems problems) {
        Binder binder = new Binder(tree.namesAreKeys(), origins, problems);
        Set<String> roots = new HashSet<>();
        for (SourceNode top : tree.document().children()) {
            if (!roots.add(top.name())) {
                problems.add(top.where(), top.name(), null, "given twice", "once", null);
            } else if (top.name().equals(Settings.ROOT_NAME)) {
                binder.bind(Settings.ROOT, config, top, "");
            } else {
                boolean belongsBelow = Settings.ROOT.names().contains(top.name());
                String suggestion = belongsBelow
                        ? Settings.ROOT_NAME + "." + top.name()
                        : Nearest.of(top.name(), List.of(Settings.ROOT_NAME));
                problems.add(top.where(), top.name(), top.text(), "not the root", Settings.ROOT_NAME, suggestion);
            }
        }
        if (tree.whole() && tree.document().children().isEmpty()) {
            String where = tree.document().where();
            problems.add(where, "", null, "the file is empty", "the root " + Settings.ROOT_NAME, null);
        }
    }

    static ConfigurationException unreadable(String label, IOException e) {
        Problems problems = new Problems();
        String what = e instanceof NoSuchFileException || e instanceof FileNotFoundException
                ? "there is no such file"
                : e instanceof AccessDeniedException ? "the file must not be read" : "the file can't be read: " + e;
        problems.add(label, "", null, what, "a readable file", null);
        return problems.toException(e);
    }
}
