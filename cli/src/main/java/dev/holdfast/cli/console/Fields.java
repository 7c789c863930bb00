package dev.holdfast.cli.console;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints a document for people: a line for each of its keys, of a list one for each entry. */
public final class Fields {

    private Fields() {}

    public static void print(PrintWriter out, Map<String, ?> document) {
        int width = document.keySet().stream()
                .mapToInt(key -> heading(key).length())
                .max()
                .orElse(0);
        document.forEach((key, value) -> {
            String pad = heading(key) + ":" + " ".repeat(width - heading(key).length() + 1);
            if (value instanceof List<?> lines) {
                String before = pad;
                for (Object line : lines) {
                    out.println(before + Table.printable(text(line)));
                    before = " ".repeat(pad.length());
                }
                if (lines.isEmpty()) {
                    out.println(pad + "-");
                }
            } else {
                out.println(pad + Table.printable(text(value)));
            }
        });
    }

    private static String text(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> parts)) {
            return String.valueOf(value);
        }
        StringBuilder text = new StringBuilder();
        parts.forEach((name, part) -> text.append(text.length() == 0 ? "" : ", ")
                .append(name)
                .append('=')
                .append(part));
        return text.toString();
    }

    /** {@code submittedAt} becomes {@code Submitted at}. */
    private static String heading(String key) {
        String words = key.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
