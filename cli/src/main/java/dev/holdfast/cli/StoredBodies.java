package dev.holdfast.cli;

import dev.holdfast.cli.console.Documents;
import dev.holdfast.cli.console.Table;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskView;
import dev.holdfast.node.codec.BodyStructure;
import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in the stored bytes of a task and its result, in the documents about it. Read from the bytes alone: no class of
 * theirs is needed, and none is loaded.
 */
final class StoredBodies {

    private static final int SHOWN_BYTES = 64;
    private static final String CONTENT = "content";

    private StoredBodies() {}

    /** Adds what they hold to the {@code payload} and {@code result} of a document of {@code tasks show}. */
    static void addTo(Map<String, Object> document, TaskView view, SeenTask task) {
        if (task.payloadBytes() != SeenTask.NONE && document.get("payload") instanceof Map<?, ?> about) {
            byte[] bytes = view.payload(task);
            Map<String, @Nullable Object> more = copy(about);
            int shown = Math.min(SHOWN_BYTES, bytes.length);
            more.put("hex", HexFormat.of().formatHex(bytes, 0, shown) + (shown < bytes.length ? "..." : ""));
            put(more, BodyStructure.ofTask(task.spec().codec(), bytes));
            document.put("payload", more);
        }
        String codec = task.resultCodec();
        if (codec != null && document.get("result") instanceof Map<?, ?> about) {
            Map<String, @Nullable Object> more = copy(about);
            put(more, BodyStructure.ofResult(codec, view.result(task)));
            document.put("result", more);
        }
    }

    /** Adds {@code content}, and {@code contentProblem} where that is not all. */
    static void put(Map<String, @Nullable Object> document, BodyStructure structure) {
        document.put(CONTENT, structure.value());
        if (structure.problem() != null) {
            document.put("contentProblem", structure.problem());
        }
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> about) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        about.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    /** For people: {@code key=value, ...} on one line behind {@code heading}, and below it the content as YAML. */
    static void print(PrintWriter out, String heading, Map<?, ?> parts) {
        StringBuilder line = new StringBuilder();
        parts.forEach((name, part) -> {
            if (!name.equals(CONTENT)) {
                line.append(line.length() == 0 ? "" : ", ")
                        .append(name)
                        .append('=')
                        .append(part);
            }
        });
        out.println(heading + Table.printable(line.toString()));
        if (parts.containsKey(CONTENT)) {
            yaml(parts.get(CONTENT)).lines().forEach(text -> out.println("  " + text));
        }
    }

    /** {@code content} as YAML that is safe on a terminal. */
    static String yaml(@Nullable Object content) {
        StringBuilder safe = new StringBuilder();
        Documents.yaml(content)
                .lines()
                .forEach(line -> safe.append(safe.length() == 0 ? "" : "\n").append(Table.printable(line)));
        return safe.toString();
    }
}
