package dev.holdfast.bench.load;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one measurement found, by name: a line of text on the way from its JVM to the table. */
public final class Figures {

    private static final String PREFIX = "measured";

    private final Map<String, Double> values = new LinkedHashMap<>();

    public Figures put(String name, double value) {
        values.put(name, value);
        return this;
    }

    /** Percentiles 50, 99 and 99.9 in microseconds, under {@code name p50} and so on. */
    Figures putLatencies(String name, long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalStateException("Nothing was measured: name=" + name);
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        put(name + " p50 us", micros(sorted, 0.5));
        put(name + " p99 us", micros(sorted, 0.99));
        return put(name + " p99.9 us", micros(sorted, 0.999));
    }

    private static double micros(long[] sorted, double share) {
        int index = (int) Math.min(sorted.length - 1L, (long) Math.ceil(share * sorted.length) - 1);
        return sorted[Math.max(0, index)] / 1000.0;
    }

    public Map<String, Double> values() {
        return values;
    }

    String toLine() {
        StringBuilder line = new StringBuilder(PREFIX);
        values.forEach(
                (name, value) -> line.append('\t').append(name).append('=').append(value));
        return line.toString();
    }

    /** The last line of {@code output} that {@link #toLine} wrote. */
    public static Figures fromOutput(String output) {
        String line = output.lines()
                .filter(each -> each.startsWith(PREFIX + "\t"))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IllegalStateException("Nothing was measured; it said:\n" + output));
        Figures figures = new Figures();
        for (String word : line.substring(PREFIX.length() + 1).split("\t")) {
            int equals = word.lastIndexOf('=');
            figures.put(word.substring(0, equals), Double.parseDouble(word.substring(equals + 1)));
        }
        return figures;
    }
}
