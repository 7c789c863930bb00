package dev.holdfast.config.load;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a file before its meaning is known: a text, or a group of named nodes, or a list. XML has no lists of its
 * own, there they are groups.
 */
final class SourceNode {
    /** What it holds. */
    enum Kind {
        TEXT,
        GROUP,
        LIST
    }

    private final String name;
    private final String where;
    private final Kind kind;
    private final @Nullable String text;
    private final List<SourceNode> children;
    private final boolean complete;

    private SourceNode(
            String name, String where, Kind kind, @Nullable String text, List<SourceNode> children, boolean complete) {
        this.name = name;
        this.where = where;
        this.kind = kind;
        this.text = text;
        this.children = children;
        this.complete = complete;
    }

    /** A text; null is YAML's null. */
    static SourceNode text(String name, String where, @Nullable String text) {
        return new SourceNode(name, where, Kind.TEXT, text, List.of(), true);
    }

    static SourceNode group(String name, String where) {
        return new SourceNode(name, where, Kind.GROUP, null, new ArrayList<>(), true);
    }

    static SourceNode list(String name, String where) {
        return new SourceNode(name, where, Kind.LIST, null, new ArrayList<>(), true);
    }

    /** One whose end was not seen, because the file can't be read further. */
    static SourceNode unfinished(String name, String where) {
        return new SourceNode(name, where, Kind.TEXT, null, List.of(), false);
    }

    /** The same content at another place; nothing is copied, so that repeating it costs nothing. */
    SourceNode repeatedAs(String otherName, String otherWhere) {
        return new SourceNode(otherName, otherWhere, kind, text, children, complete);
    }

    void add(SourceNode child) {
        children.add(child);
    }

    String name() {
        return name;
    }

    String where() {
        return where;
    }

    Kind kind() {
        return kind;
    }

    @Nullable
    String text() {
        return text;
    }

    List<SourceNode> children() {
        return children;
    }

    boolean complete() {
        return complete;
    }

    /** Nothing between the tags, or YAML's null. */
    boolean isEmpty() {
        return kind == Kind.TEXT && (text == null || text.isEmpty());
    }

    /** What it is, for a message. */
    String describe() {
        return switch (kind) {
            case TEXT -> "is a text";
            case GROUP -> "is a group of settings";
            case LIST -> "is a list";
        };
    }
}
