package dev.holdfast.testkit.sim;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The last things that happened, for whoever has to understand a failure; turned into text only then. */
final class Trace {

    private static final int LIMIT = Integer.getInteger("holdfast.trace", 160);
    private static final int LONGEST_LINE = 700;

    private record Line(long atNanos, Object[] parts) {}

    private final Timeline timeline;
    private final Deque<Line> lines = new ArrayDeque<>();

    Trace(Timeline timeline) {
        this.timeline = timeline;
    }

    void add(Object... parts) {
        lines.add(new Line(timeline.nowNanos(), parts));
        if (lines.size() > LIMIT) {
            lines.remove();
        }
    }

    List<String> lines() {
        return lines.stream().map(Trace::text).toList();
    }

    private static String text(Line line) {
        String text = line.atNanos / 1_000 + " us " + String.join(" ", words(line.parts));
        return text.length() > LONGEST_LINE ? text.substring(0, LONGEST_LINE) + "..." : text;
    }

    private static List<String> words(Object[] parts) {
        return Arrays.stream(parts).map(String::valueOf).toList();
    }
}
