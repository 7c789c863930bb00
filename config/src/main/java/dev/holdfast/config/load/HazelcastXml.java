package dev.holdfast.config.load;

import dev.holdfast.config.Config;
import dev.holdfast.config.ImportNote;
import dev.holdfast.config.ImportNote.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the executors and their protections from a file in Hazelcast's format, and keeps a note of everything else. The
 * tree of the file is rewritten into one of ours, so that mistakes are found and told as everywhere.
 */
public final class HazelcastXml {
    private static final Logger LOG = LoggerFactory.getLogger(HazelcastXml.class);
    private static final String ROOT = "hazelcast";
    private static final String LABEL = "hazelcast";
    private static final String EXECUTOR = "durable-executor-service";
    private static final String PROTECTION = "split-brain-protection";
    private static final String REFERENCE = "split-brain-protection-ref";
    private static final Set<String> OF_EXECUTOR =
            Set.of("name", "pool-size", "durability", "capacity", "statistics-enabled", REFERENCE);
    private static final Set<String> OF_PROTECTION = Set.of("name", "minimum-cluster-size", "protect-on");

    /** What to do about elements that many files have. Everything else has no counterpart. */
    private static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry("import", "other files are not followed; read that one by itself"),
            Map.entry("config-replacers", "values are taken as they are written"),
            Map.entry("cluster-name", "set cluster-name"),
            Map.entry("instance-name", "set node-name"),
            Map.entry(
                    "network", "an embedded node opens no port; see network in the documentation of the configuration"),
            Map.entry("advanced-network", "an embedded node opens no port; see network"),
            Map.entry("partition-group", "copies are spread by other rules"),
            Map.entry("serialization", "tasks are serialised by Java; list their classes in serialization.allow"),
            Map.entry("properties", "they are Hazelcast's own"),
            Map.entry("executor-service", "not durable; use a java.util.concurrent.ExecutorService"),
            Map.entry(
                    "scheduled-executor-service",
                    "there is no schedule yet: let a java.util.concurrent.ScheduledExecutorService submit"),
            Map.entry("security", "there are no roles and no certificates yet"),
            Map.entry("persistence", "tasks and results are always stored, in storage.directory"),
            Map.entry("hot-restart-persistence", "tasks and results are always stored, in storage.directory"),
            Map.entry("management-center", "use the console, holdfast"),
            Map.entry("user-code-deployment", "put the classes of tasks on the class path of every node"),
            Map.entry("user-code-namespaces", "put the classes of tasks on the class path of every node"),
            Map.entry("user-code-namespace", "put the classes of tasks on the class path of every node"),
            Map.entry("quorum-ref", "of Hazelcast 3: write it as split-brain-protection-ref"),
            Map.entry("quorum", "of Hazelcast 3: write it as split-brain-protection"));

    private static final String NO_COUNTERPART = "this is a durable executor service and nothing else";

    private final Problems problems;
    private final List<ImportNote> notes = new ArrayList<>();
    private final Set<String> disabled = new HashSet<>();

    private HazelcastXml(Problems problems) {
        this.problems = problems;
    }

    /**
     * Reads a stream into a new configuration.
     *
     * @param notes gets what was left out or means something else
     * @return whether it was read to its end
     */
    public static boolean read(
            InputStream in, Config config, Origins origins, Problems problems, List<ImportNote> notes) {
        String text;
        try {
            text = SourceText.read(in, LABEL, problems);
        } catch (IOException e) {
            throw ConfigLoader.unreadable(LABEL, e);
        }
        if (text == null) {
            return false;
        }
        SourceTree tree = XmlSource.readForeign(text, LABEL, problems);
        HazelcastXml reader = new HazelcastXml(problems);
        SourceNode ours = reader.rewritten(tree);
        new Binder(false, origins, problems).bind(Settings.ROOT, config, ours, "");
        notes.addAll(reader.notes);
        return tree.whole();
    }

    /** One line for the file and one for each note. */
    public static void log(Config config) {
        List<ImportNote> notes = config.importNotes();
        LOG.info(
                "Read a file in Hazelcast's format: executors={}, protections={}, notes={}",
                config.getDurableExecutorConfigs().size(),
                config.getSplitBrainProtectionConfigs().size(),
                notes.size());
        notes.forEach(note -> LOG.info("Read from Hazelcast's format: {}", note));
    }

    private SourceNode rewritten(SourceTree tree) {
        SourceNode ours = SourceNode.group(Settings.ROOT_NAME, tree.document().where());
        for (SourceNode top : tree.document().children()) {
            if (!top.name().equals(ROOT)) {
                String what = top.name().equals(Settings.ROOT_NAME) ? "this is Holdfast's own format" : "not the root";
                String suggestion = top.name().equals(Settings.ROOT_NAME) ? "Config.fromXml" : null;
                problems.add(top.where(), top.name(), null, what, ROOT, suggestion);
            }
            // which protections are disabled, before an executor refers to one
            top.children().stream()
                    .filter(child -> child.name().equals(PROTECTION))
                    .forEach(this::noteDisabled);
            top.children().forEach(child -> element(child, ours));
        }
        if (tree.whole() && tree.document().children().isEmpty()) {
            problems.add(tree.document().where(), "", null, "the file is empty", "the root " + ROOT, null);
        }
        return ours;
    }

    private void noteDisabled(SourceNode protection) {
        String enabled = text(protection, "enabled");
        if (enabled != null && enabled.equalsIgnoreCase("false")) {
            disabled.add(nameOf(protection));
        }
    }

    private void element(SourceNode element, SourceNode ours) {
        switch (element.name()) {
            case EXECUTOR -> executor(element, ours);
            case PROTECTION -> protection(element, ours);
            case "id", "schemaLocation" -> {
                // of the document, not of the configuration
            }
            default -> leftOut(element, label(element), ADVICE.getOrDefault(element.name(), NO_COUNTERPART));
        }
    }

    private void executor(SourceNode element, SourceNode ours) {
        String label = label(element);
        SourceNode rest = SourceNode.group(EXECUTOR, element.where());
        boolean capacity = false;
        for (SourceNode child : element.children()) {
            String reference = child.name().equals(REFERENCE) ? child.text() : null;
            if (!OF_EXECUTOR.contains(child.name())) {
                leftOut(child, label + "." + child.name(), ADVICE.getOrDefault(child.name(), unknown(child.name())));
            } else if (reference != null && disabled.contains(reference)) {
                leftOut(child, label + "." + child.name(), "the protection " + reference + " is not enabled");
            } else {
                capacity |= child.name().equals("capacity");
                rest.add(child);
            }
        }
        if (text(element, "name") == null) {
            rest.add(SourceNode.text("name", element.where(), Config.DEFAULT_NAME));
        }
        String results =
                "unfinished tasks only; results are limited by result-retention and never overwritten by tasks";
        String what = capacity ? results : "not given, so 10,000 and not 100; it counts " + results;
        notes.add(new ImportNote(Kind.DIFFERS, element.where(), label + ".capacity", what));
        ours.add(rest);
    }

    private static String unknown(String name) {
        String nearest = Nearest.of(name, OF_EXECUTOR);
        return nearest == null ? "it is not known" : "it is not known; did you mean `" + nearest + "`?";
    }

    private void protection(SourceNode element, SourceNode ours) {
        String label = label(element);
        if (disabled.contains(nameOf(element))) {
            leftOut(element, label, "it is not enabled");
            return;
        }
        SourceNode rest = SourceNode.group(PROTECTION, element.where());
        for (SourceNode child : element.children()) {
            if (OF_PROTECTION.contains(child.name())) {
                rest.add(child);
            } else if (child.name().equals("enabled")) {
                enabled(child, label);
            } else {
                leftOut(
                        child,
                        label + "." + child.name(),
                        "the members that are seen are counted, nothing else is asked or told");
            }
        }
        ours.add(rest);
    }

    private void enabled(SourceNode attribute, String label) {
        String text = attribute.text();
        if (text == null || !text.equalsIgnoreCase("true")) {
            problems.add(attribute.where(), label + ".enabled", text, "neither true nor false", "true or false", null);
        }
    }

    private void leftOut(SourceNode node, String label, String what) {
        notes.add(new ImportNote(Kind.LEFT_OUT, node.where(), label, what));
    }

    private static String label(SourceNode element) {
        String name = text(element, "name");
        return name == null || name.isEmpty() ? element.name() : element.name() + "[" + name + "]";
    }

    private static String nameOf(SourceNode element) {
        String name = text(element, "name");
        return name == null ? "" : name;
    }

    private static @Nullable String text(SourceNode node, String name) {
        return node.children().stream()
                .filter(child -> child.name().equals(name) && child.kind() == SourceNode.Kind.TEXT)
                .flatMap(child -> Stream.ofNullable(child.text())) // none of one that is never closed
                .findFirst()
                .orElse(null);
    }
}
