package dev.holdfast.cli.doctor;

import dev.holdfast.cli.console.Style;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was looked at and found.
 *
 * @param id stable, for scripts: {@code disk.free}
 * @param value what it is, in a few words
 * @param wrong what is wrong with that, null if nothing is
 * @param remedy what to do; of something that is all right a hint, or null
 */
record Check(
        String id,
        Status status,
        String value,
        @Nullable String wrong,
        @Nullable String remedy) {

    enum Status {
        OK(Style.GOOD),
        /** A node runs, with less than it should have. */
        WARNING(Style.WARNING),
        /** A node does not start, or does not keep what it promises. */
        PROBLEM(Style.BAD);

        private final Style style;

        Status(Style style) {
            this.style = style;
        }

        Style style() {
            return style;
        }

        String word() {
            return this == OK ? "ok" : name();
        }
    }

    static Check ok(String id, String value) {
        return new Check(id, Status.OK, value, null, null);
    }

    static Check hint(String id, String value, String remedy) {
        return new Check(id, Status.OK, value, null, remedy);
    }

    static Check warning(String id, String value, String wrong, String remedy) {
        return new Check(id, Status.WARNING, value, wrong, remedy);
    }

    static Check problem(String id, String value, String wrong, String remedy) {
        return new Check(id, Status.PROBLEM, value, wrong, remedy);
    }

    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("check", id);
        document.put("status", status.name().toLowerCase(Locale.ROOT));
        document.put("value", value);
        if (wrong != null) {
            document.put("wrong", wrong);
        }
        if (remedy != null) {
            document.put("remedy", remedy);
        }
        return document;
    }
}
