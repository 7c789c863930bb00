package dev.holdfast.node.codec.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collections and maps of the JDK: where their elements are in what they write. */
final class KnownContainers {

    /** @param elements the first of them, of a map keys and values in turn; {@code count} says how many there are */
    record Content(boolean pairs, List<Node> elements, long count) {}

    private static final String UTIL = "java.util.";
    private static final String COLLECTIONS = "java.util.Collections$";

    /** They write their elements as objects, after data that says how many. */
    private static final Set<String> WRITE_ELEMENTS = Set.of(
            "ArrayList",
            "LinkedList",
            "ArrayDeque",
            "PriorityQueue",
            "HashSet",
            "LinkedHashSet",
            "concurrent.CopyOnWriteArrayList",
            "concurrent.ConcurrentLinkedQueue",
            "concurrent.ConcurrentLinkedDeque");

    private static final Set<String> WRITE_PAIRS = Set.of(
            "HashMap",
            "LinkedHashMap",
            "TreeMap",
            "Hashtable",
            "Properties",
            "IdentityHashMap",
            "EnumMap",
            "concurrent.ConcurrentHashMap",
            "concurrent.ConcurrentSkipListMap");

    /** They hold another container, or an array, in a field. */
    private static final Map<String, String> HOLD = Map.ofEntries(
            Map.entry("java.util.Arrays$ArrayList", "a"),
            Map.entry("java.util.Vector", "elementData"),
            Map.entry("java.util.Stack", "elementData"),
            Map.entry("java.util.EnumSet$SerializationProxy", "elements"),
            Map.entry("java.util.concurrent.CopyOnWriteArraySet", "al"),
            Map.entry(COLLECTIONS + "UnmodifiableCollection", "c"),
            Map.entry(COLLECTIONS + "UnmodifiableList", "list"),
            Map.entry(COLLECTIONS + "UnmodifiableRandomAccessList", "list"),
            Map.entry(COLLECTIONS + "UnmodifiableSet", "c"),
            Map.entry(COLLECTIONS + "UnmodifiableMap", "m"),
            Map.entry(COLLECTIONS + "SynchronizedList", "list"),
            Map.entry(COLLECTIONS + "SynchronizedRandomAccessList", "list"),
            Map.entry(COLLECTIONS + "SynchronizedSet", "c"),
            Map.entry(COLLECTIONS + "SynchronizedMap", "m"));

    private static final int MOST_WRAPPERS = 8;

    private KnownContainers() {}

    /** What is in it, or null if it is none of these, or not written as they are. */
    static @Nullable Content of(Node.Instance instance) {
        Node at = instance;
        for (int i = 0; i < MOST_WRAPPERS && at instanceof Node.Instance holder; i++) {
            String field = HOLD.get(holder.type);
            if (field == null) {
                return direct(holder);
            }
            at = holder.field(field);
        }
        if (at instanceof Node.Array array && !array.type.equals("[B")) {
            Node size = instance.field("elementCount");
            return size instanceof Node.Plain plain && plain.value instanceof Integer count
                    ? content(false, array.elements.kept, Math.min(Math.max(count, 0), array.elements.count))
                    : content(false, array.elements.kept, array.elements.count);
        }
        return null;
    }

    private static @Nullable Content direct(Node.Instance instance) {
        String type = instance.type;
        if (type.equals("java.util.CollSer")) {
            boolean map = instance.field("tag") instanceof Node.Plain tag
                    && tag.value instanceof Integer bits
                    && (bits & 0xff) == 3;
            return written(map, instance, 0);
        }
        if (type.startsWith(COLLECTIONS)) {
            return single(instance, type.substring(COLLECTIONS.length()));
        }
        if (!type.startsWith(UTIL)) {
            return null;
        }
        String name = type.substring(UTIL.length());
        if (name.equals("TreeSet") || name.equals("concurrent.ConcurrentSkipListSet")) {
            return written(false, instance, 1); // its comparator comes first
        }
        if (WRITE_ELEMENTS.contains(name)) {
            return written(false, instance, 0);
        }
        return WRITE_PAIRS.contains(name) ? written(true, instance, 0) : null;
    }

    private static @Nullable Content single(Node.Instance instance, String name) {
        return switch (name) {
            case "EmptyList", "EmptySet" -> content(false, List.of(), 0);
            case "EmptyMap" -> content(true, List.of(), 0);
            case "SingletonList", "SingletonSet" -> content(false, List.of(instance.field("element")), 1);
            case "SingletonMap" -> content(true, List.of(instance.field("k"), instance.field("v")), 2);
            default -> null;
        };
    }

    private static Content written(boolean pairs, Node.Instance instance, int skip) {
        Node.Sequence written = instance.written();
        List<Node> elements = new ArrayList<>();
        int skipped = 0;
        for (Node node : written.kept) {
            if (node instanceof Node.Block || skipped < skip) {
                skipped++;
            } else {
                elements.add(node);
            }
        }
        long count = written.count - skipped;
        int last = elements.size() - 1;
        boolean ended = pairs
                && count == elements.size()
                && last > 0
                && elements.get(last) instanceof Node.Nothing
                && elements.get(last - 1) instanceof Node.Nothing;
        if (ended && instance.type.startsWith("java.util.concurrent.")) {
            return content(true, elements.subList(0, last - 1), count - 2); // their end is a pair of nulls
        }
        return content(pairs, elements, count);
    }

    private static Content content(boolean pairs, List<Node> elements, long count) {
        return new Content(pairs, elements.subList(0, (int) Math.min(count, elements.size())), count);
    }
}
