package dev.holdfast.config.load;

import dev.holdfast.config.SettingSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts what a file says into a configuration, by the table. Types are checked here, values afterwards. */
final class Binder {
    private static final String NAME = "name";

    private final boolean namesAreKeys;
    private final Origins origins;
    private final Problems problems;

    Binder(boolean namesAreKeys, Origins origins, Problems problems) {
        this.namesAreKeys = namesAreKeys;
        this.origins = origins;
        this.problems = problems;
    }

    /** The prefix ends with a dot or is empty. */
    <C> void bind(Section<C> section, C config, SourceNode node, String prefix) {
        if (!isGroup(node, prefix.isEmpty() ? Settings.ROOT_NAME : prefix.substring(0, prefix.length() - 1))) {
            return;
        }
        Map<String, String> seen = new HashMap<>();
        for (SourceNode child : node.children()) {
            String path = prefix + child.name();
            SettingKey<C, ?> key = section.key(child.name());
            Section.Part<C, ?> part = section.part(child.name());
            if (key == null && part == null) {
                unknown(section, child, path);
            } else if ((part == null || !part.named() || namesAreKeys) && isRepeated(child, path, seen)) {
                continue;
            } else if (key != null) {
                setting(key, config, child, path);
            } else if (part != null) {
                part(part, config, child, path);
            }
        }
    }

    /** An empty element is a group without settings. */
    private boolean isGroup(SourceNode node, String path) {
        if (node.kind() == SourceNode.Kind.GROUP) {
            return true;
        }
        if (node.complete() && !node.isEmpty()) {
            problems.add(node.where(), path, node.text(), node.describe(), "a group of settings", null);
        }
        return false;
    }

    private boolean isRepeated(SourceNode node, String path, Map<String, String> seen) {
        String first = seen.putIfAbsent(node.name(), node.where());
        if (first != null) {
            problems.add(node.where(), path, node.text(), "given twice, first at " + first, "once", null);
        }
        return first != null;
    }

    private void unknown(Section<?> section, SourceNode node, String path) {
        String nearest = Nearest.of(node.name(), section.names());
        String suggestion = nearest != null ? nearest : Settings.pathOfName(node.name());
        problems.add(
                node.where(), path, node.text(), "unknown setting", String.join(" | ", section.names()), suggestion);
    }

    private <P, C> void part(Section.Part<P, C> part, P config, SourceNode node, String path) {
        if (!part.named()) {
            bind(part.section(), part.create().apply(config, ""), node, path + ".");
        } else if (!namesAreKeys) {
            namedElement(part, config, node, path);
        } else if (isGroup(node, path)) {
            Map<String, String> seen = new HashMap<>();
            for (SourceNode child : node.children()) {
                if (!isRepeated(child, path + "." + child.name(), seen)) {
                    named(part, config, child.name(), child, path);
                }
            }
        }
    }

    private <P, C> void namedElement(Section.Part<P, C> part, P config, SourceNode element, String path) {
        SourceNode rest = SourceNode.group(element.name(), element.where());
        String name = null;
        for (SourceNode child : element.children()) {
            if (name == null && child.name().equals(NAME)) {
                name = String.valueOf(child.text());
            } else {
                rest.add(child);
            }
        }
        if (name == null || name.isEmpty()) {
            if (element.complete()) {
                problems.add(element.where(), path, element.text(), "has no name", "a name attribute", null);
            }
            // its other mistakes are looked for all the same
            name = "";
        }
        if (!name.isEmpty() && part.all().apply(config).containsKey(name)) {
            String first = origins.whereOf(path + "." + name);
            problems.add(element.where(), path + "." + name, null, "given twice, first at " + first, "once", null);
        } else {
            named(part, config, name, rest, path);
        }
    }

    private <P, C> void named(Section.Part<P, C> part, P config, String name, SourceNode node, String path) {
        String onePath = path + "." + name;
        origins.put(onePath, SettingSource.FILE, "", node.where());
        bind(part.section(), part.create().apply(config, name), node, onePath + ".");
    }

    private <C> void setting(SettingKey<C, ?> key, C config, SourceNode node, String path) {
        if (!node.complete()) {
            return;
        }
        boolean isText = node.kind() == SourceNode.Kind.TEXT;
        if (key.type() instanceof ListOf type && !isText) {
            list(key, type, config, node, path);
            return;
        }
        String text = node.text();
        if (!isText) {
            problems.add(node.where(), path, null, node.describe(), key.allowed(), null);
        } else if (text != null) {
            read(key, config, text, node, path);
        } else if (key.optional()) {
            read(key, config, SettingKey.NONE, node, path);
        } else {
            problems.add(node.where(), path, null, "has no value", key.allowed(), null);
        }
    }

    private <C> void read(SettingKey<C, ?> key, C config, String text, SourceNode node, String path) {
        try {
            key.read(config, text);
        } catch (BadValueException e) {
            problems.add(
                    node.where(),
                    path,
                    text,
                    String.valueOf(e.getMessage()),
                    key.allowed(),
                    key.type().suggest(text));
            return;
        }
        origins.put(path, SettingSource.FILE, key.print(config), node.where());
        if (key.type() instanceof ListOf type) {
            List<String> items = type.parse(text);
            for (int i = 0; i < items.size(); i++) {
                origins.put(path + "[" + i + "]", SettingSource.FILE, items.get(i), node.where());
            }
        }
    }

    private <C> void list(SettingKey<C, ?> key, ListOf type, C config, SourceNode node, String path) {
        List<String> items = new ArrayList<>();
        for (SourceNode child : node.children()) {
            String text = child.text();
            String itemPath = path + "[" + items.size() + "]";
            boolean item = namesAreKeys
                    ? node.kind() == SourceNode.Kind.LIST
                    : child.name().equals(type.itemName());
            if (!item) {
                String allowed = namesAreKeys ? type.describe() : "elements called " + type.itemName();
                problems.add(child.where(), path + "." + child.name(), text, "not an item", allowed, null);
            } else if (child.kind() != SourceNode.Kind.TEXT || text == null || text.isEmpty()) {
                if (child.complete()) {
                    problems.add(child.where(), itemPath, text, "not an item", type.item(), null);
                }
            } else {
                origins.put(itemPath, SettingSource.FILE, text, child.where());
                items.add(text);
            }
        }
        origins.put(path, SettingSource.FILE, String.join(", ", items), node.where());
        key.readItems(config, items);
    }
}
