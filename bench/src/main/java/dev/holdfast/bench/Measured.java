package dev.holdfast.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a round found. A line of text on the way from the contender's JVM to the table. */
record Measured(double perSecond, double p50Micros, double p99Micros, double p999Micros) {
    private static final String PREFIX = "measured ";

    /** @param nanos submit-to-result of each task that finished in the measured time; sorted by this method */
    static Measured of(long[] nanos, double seconds) {
        if (nanos.length == 0) {
            throw new IllegalStateException("No task finished: seconds=" + seconds);
        }
        Arrays.sort(nanos);
        return new Measured(nanos.length / seconds, micros(nanos, 0.5), micros(nanos, 0.99), micros(nanos, 0.999));
    }

    private static double micros(long[] sorted, double share) {
        int index = (int) Math.min(sorted.length - 1L, (long) Math.ceil(share * sorted.length) - 1);
        return sorted[Math.max(0, index)] / 1000.0;
    }

    String toLine() {
        return String.format(Locale.ROOT, "%s%f %f %f %f", PREFIX, perSecond, p50Micros, p99Micros, p999Micros);
    }

    /** The last line of {@code output} that {@link #toLine} wrote. */
    static Measured fromOutput(String output) {
        String line = output.lines()
                .filter(each -> each.startsWith(PREFIX))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IllegalStateException("The round measured nothing; it said:\n" + output));
        double[] values = Stream.of(line.substring(PREFIX.length()).split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Measured(values[0], values[1], values[2], values[3]);
    }

    static String names() {
        return Stream.of("k/s", "p50 us", "p99 us", "p99.9 us")
                .map(name -> String.format(Locale.ROOT, "%28s", name))
                .collect(Collectors.joining());
    }
}
