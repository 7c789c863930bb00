package dev.holdfast.config.load;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML from the parser's events: no object is ever made from a tag, every text stays as it was written, and the
 * place of each is known. An alias shares what its anchor holds, and their number is bounded.
 */
final class YamlSource {
    static final int MOST_ALIASES = 100;

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    private final String label;
    private final Problems problems;
    private final Iterator<Event> events;
    private final Map<Anchor, SourceNode> anchors = new HashMap<>();
    private int aliases;

    /** Stops reading; its problem has been added. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stop() {
            super(null, null, false, false);
        }
    }

    private YamlSource(String text, String label, Problems problems) {
        this.label = label;
        this.problems = problems;
        LoadSettings settings = LoadSettings.builder()
                .setLabel(label)
                .setCodePointLimit(SourceText.MOST_BYTES)
                .setUseMarks(true)
                .build();
        events = new Parse(settings).parseString(text).iterator();
    }

    static SourceTree read(String text, String label, Problems problems) {
        SourceNode document = SourceNode.group("", SourceText.at(label, 1, 1));
        boolean whole = false;
        try {
            new YamlSource(text, label, problems).document(document);
            whole = true;
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark().map(mark -> at(label, mark)).orElse(label);
            problems.add(where, "", null, "not well-formed YAML: " + e.getProblem(), "", null);
        } catch (YamlEngineException e) {
            problems.add(label, "", null, "not well-formed YAML: " + firstLine(e), "", null);
        } catch (Stop stop) {
            // its problem has been added
        }
        return new SourceTree(document, whole, true);
    }

    private void document(SourceNode document) {
        events.next();
        if (!events.hasNext() || events.next().getEventId() == Event.ID.StreamEnd) {
            return;
        }
        Event first = events.next();
        if (first.getEventId() == Event.ID.MappingStart) {
            group(document, 1);
        } else if (!(first instanceof ScalarEvent scalar && isNull(scalar))) {
            throw stop(first, "", "the file is not a group of settings", Settings.ROOT_NAME + ": at the top");
        }
        events.next();
        Event next = events.next();
        if (next.getEventId() != Event.ID.StreamEnd) {
            throw stop(next, "", "a second document", "one document");
        }
    }

    /** Fills it as it reads, so that what comes before a syntax error counts. */
    private void group(SourceNode group, int depth) {
        for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
            if (!(key instanceof ScalarEvent name) || name.getTag().isPresent()) {
                throw stop(key, group.name(), "a key that is not a plain text", "a name");
            }
            value(group, name.getValue().strip(), at(key), events.next(), depth);
        }
    }

    private void list(SourceNode list, int depth) {
        for (Event item = events.next(); item.getEventId() != Event.ID.SequenceEnd; item = events.next()) {
            value(list, "", at(item), item, depth);
        }
    }

    private void value(SourceNode parent, String name, String where, Event event, int depth) {
        if (event instanceof AliasEvent alias) {
            parent.add(repeated(alias, name, where));
            return;
        }
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar.getTag(), event, name);
            SourceNode text = SourceNode.text(
                    name, where, isNull(scalar) ? null : scalar.getValue().strip());
            parent.add(text);
            remember(scalar, text);
            return;
        }
        if (depth >= SourceTree.DEEPEST) {
            throw stop(event, name, SourceTree.TOO_DEEP, "");
        }
        if (event instanceof CollectionStartEvent start) {
            refuseTag(start.getTag(), event, name);
        }
        boolean isGroup = event.getEventId() == Event.ID.MappingStart;
        SourceNode node = isGroup ? SourceNode.group(name, where) : SourceNode.list(name, where);
        parent.add(node);
        if (isGroup) {
            group(node, depth + 1);
        } else {
            list(node, depth + 1);
        }
        // known at its end only: nothing can contain itself
        remember((NodeEvent) event, node);
    }

    private void remember(NodeEvent event, SourceNode node) {
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    }

    private SourceNode repeated(AliasEvent alias, String name, String where) {
        if (++aliases > MOST_ALIASES) {
            throw stop(alias, name, "more than " + MOST_ALIASES + " aliases", "at most " + MOST_ALIASES);
        }
        SourceNode node = anchors.get(alias.getAlias());
        if (node == null) {
            throw stop(alias, name, "an alias without an anchor before it", "a known anchor");
        }
        return node.repeatedAs(name, where);
    }

    private void refuseTag(Optional<String> tag, Event event, String name) {
        tag.ifPresent(given -> problems.add(at(event), name, given, "a tag is not allowed", "no tag", null));
    }

    private static boolean isNull(ScalarEvent scalar) {
        return scalar.getScalarStyle() == ScalarStyle.PLAIN && NULLS.contains(scalar.getValue());
    }

    private Stop stop(Event event, String setting, String what, String allowed) {
        problems.add(at(event), setting, null, what, allowed, null);
        return new Stop();
    }

    private String at(Event event) {
        @Nullable Mark mark = event.getStartMark().orElse(null);
        return mark == null ? label : at(label, mark);
    }

    private static String at(String label, Mark mark) {
        return SourceText.at(label, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String firstLine(YamlEngineException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
