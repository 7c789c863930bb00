package dev.holdfast.node.codec.stream;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns nodes into maps, lists and plain values. Prints each object once, so that a graph never grows into a tree. */
final class StructurePrinter {

    private static final int DEEPEST = 32;
    private static final int MOST_VALUES = 5_000;
    private static final int MOST_ELEMENTS = 200;
    private static final int MOST_BYTES = 32;
    private static final String CUT = "...";

    private final Map<Node, Integer> marks = new IdentityHashMap<>();
    private int values;
    private int depth;

    @Nullable
    Object print(Node node) {
        if (node instanceof Node.Nothing) {
            return null;
        }
        if (++values > MOST_VALUES || depth > DEEPEST) {
            return CUT;
        }
        depth++;
        try {
            return node instanceof Node.Instance instance
                    ? instance(instance)
                    : node instanceof Node.Array array ? array(array) : simple(node);
        } finally {
            depth--;
        }
    }

    private static Object simple(Node node) {
        if (node instanceof Node.Plain plain) {
            return printable(plain.value);
        }
        if (node instanceof Node.Text text) {
            return text.whole ? text.head : text.head + CUT + " (" + text.bytes + " bytes)";
        }
        if (node instanceof Node.Block block) {
            return bytes(block);
        }
        if (node instanceof Node.Constant constant) {
            return constant.type + "." + constant.name;
        }
        return node instanceof Node.Type type ? "class " + typeName(type.name) : String.valueOf(node);
    }

    /** JSON has no characters, and neither it nor YAML agree on what is no number. */
    private static Object printable(Object value) {
        if (value instanceof Character || (value instanceof Double d && !Double.isFinite(d))) {
            return value.toString();
        }
        return value instanceof Float f && !Float.isFinite(f) ? value.toString() : value;
    }

    private static String bytes(Node.Block block) {
        int shown = Math.min(MOST_BYTES, block.head.length);
        return "bytes(" + block.bytes + ")"
                + (shown == 0 ? "" : " " + HexFormat.of().formatHex(block.head, 0, shown))
                + (shown < block.bytes ? CUT : "");
    }

    private Object instance(Node.Instance instance) {
        Object value = KnownValues.of(instance);
        if (value != null) {
            return printable(value);
        }
        Integer seen = marks.get(instance);
        if (seen != null) {
            return "*" + seen;
        }
        String label = typeName(instance.type) + mark(instance);
        KnownContainers.Content content = KnownContainers.of(instance);
        if (content != null) {
            Object printed = content.pairs() ? pairs(content) : elements(content.elements(), content.count());
            return instance.isShared() ? labelled(label, "elements", printed) : printed;
        }
        return instance.type.equals(KnownValues.LAMBDA) ? lambda(instance) : fields(label, instance);
    }

    private Object array(Node.Array array) {
        Integer seen = marks.get(array);
        if (seen != null) {
            return "*" + seen;
        }
        String label = typeName(array.type) + mark(array);
        if (array.type.equals("[B")) {
            return array.elements.kept.isEmpty() ? label : simple(array.elements.kept.get(0));
        }
        Object printed = elements(array.elements.kept, array.elements.count);
        return array.isShared() ? labelled(label, "elements", printed) : printed;
    }

    /** Before the object's own parts are printed, which may come back to it. */
    private String mark(Node node) {
        if (!node.isShared()) {
            return "";
        }
        int mark = marks.size() + 1;
        marks.put(node, mark);
        return " &" + mark;
    }

    private static Map<String, @Nullable Object> labelled(String label, String name, @Nullable Object value) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("class", label);
        map.put(name, value);
        return map;
    }

    private List<@Nullable Object> elements(List<Node> nodes, long count) {
        List<@Nullable Object> list = new ArrayList<>();
        for (Node node : nodes) {
            if (list.size() == MOST_ELEMENTS || values > MOST_VALUES) {
                break;
            }
            list.add(print(node));
        }
        if (list.size() < count) {
            list.add(CUT + " (" + (count - list.size()) + " more)");
        }
        return list;
    }

    /** A map where the keys are texts of their own, else a list of its entries. */
    private Object pairs(KnownContainers.Content content) {
        List<Node> nodes = content.elements();
        long count = content.count() / 2;
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        List<@Nullable Object> entries = new ArrayList<>();
        boolean plainKeys = true;
        for (int i = 0; i + 1 < nodes.size() && entries.size() < MOST_ELEMENTS && values <= MOST_VALUES; i += 2) {
            Object key = print(nodes.get(i));
            Object value = print(nodes.get(i + 1));
            plainKeys &= key != null && !(key instanceof Map) && !(key instanceof List);
            plainKeys &= !map.containsKey(String.valueOf(key));
            map.put(String.valueOf(key), value);
            entries.add(entry(key, value));
        }
        String rest = count > entries.size() ? CUT + " (" + (count - entries.size()) + " more)" : "";
        if (!plainKeys) {
            if (!rest.isEmpty()) {
                entries.add(rest);
            }
            return entries;
        }
        if (!rest.isEmpty()) {
            map.put(CUT, rest);
        }
        return map;
    }

    private static Map<String, @Nullable Object> entry(@Nullable Object key, @Nullable Object value) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("key", key);
        entry.put("value", value);
        return entry;
    }

    private Object fields(String label, Node.Instance instance) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("class", label);
        for (Node.Part part : instance.parts) {
            part.fields.forEach((name, value) -> {
                String key = map.containsKey(name) ? typeName(part.type) + "." + name : name;
                if (values <= MOST_VALUES) {
                    map.put(key, print(value));
                }
            });
            if (part.written.count > 0) {
                String key = map.containsKey("written") ? typeName(part.type) + ".written" : "written";
                map.put(key, elements(part.written.kept, part.written.count));
            }
        }
        return map;
    }

    private Object lambda(Node.Instance lambda) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        String implementing = KnownValues.text(lambda.field("implClass")).replace('/', '.');
        String face = KnownValues.text(lambda.field("functionalInterfaceClass")).replace('/', '.');
        map.put("lambda", implementing + "." + KnownValues.text(lambda.field("implMethodName")));
        map.put("signature", KnownValues.text(lambda.field("implMethodSignature")));
        map.put("interface", face + "." + KnownValues.text(lambda.field("functionalInterfaceMethodName")));
        map.put("captured", print(lambda.field("capturedArgs")));
        return map;
    }

    /** {@code java.lang.String[]} instead of {@code [Ljava.lang.String;}. */
    static String typeName(String name) {
        int dimensions = 0;
        while (dimensions < name.length() && name.charAt(dimensions) == '[') {
            dimensions++;
        }
        if (dimensions == 0 || dimensions == name.length()) {
            return name;
        }
        String element = name.substring(dimensions);
        String plain = switch (element.charAt(0)) {
            case 'B' -> "byte";
            case 'C' -> "char";
            case 'D' -> "double";
            case 'F' -> "float";
            case 'I' -> "int";
            case 'J' -> "long";
            case 'S' -> "short";
            case 'Z' -> "boolean";
            default -> element.replaceAll("^L|;$", "");
        };
        return plain + "[]".repeat(Math.min(dimensions, 8));
    }
}
