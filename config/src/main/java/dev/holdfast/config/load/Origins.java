package dev.holdfast.config.load;

import java.util.HashMap;
import java.util.Map;

/**
 * Where the values of a configuration were written, so that a check at start still names file and line. A value that a
 * setter has changed since is no longer from there.
 */
public final class Origins {
    /** The place of what no file gave. */
    static final String PROGRAMMATIC = "programmatic configuration";

    private final Map<String, Origin> byPath = new HashMap<>();

    private record Origin(String printedValue, String where) {}

    /** None yet. */
    public Origins() {}

    void put(String path, String printedValue, String where) {
        byPath.put(path, new Origin(printedValue, where));
    }

    String whereOf(String path, String printedValue) {
        Origin origin = byPath.get(path);
        return origin != null && origin.printedValue().equals(printedValue) ? origin.where() : PROGRAMMATIC;
    }

    /** The place of a section, whatever is in it now. */
    public String whereOf(String path) {
        Origin origin = byPath.get(path);
        return origin == null ? PROGRAMMATIC : origin.where();
    }

    /** Takes over what the other one knows. */
    public void copy(Origins other) {
        byPath.putAll(other.byPath);
    }
}
