package dev.holdfast.config.load;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code 30s}, {@code 100ms}, {@code 1h30m}, {@code PT30S}. A bare number is refused: its unit would be a guess. */
final class Durations implements ValueType<Duration> {
    static final Durations TYPE = new Durations();

    private static final Map<String, Duration> UNITS = Map.of(
            "ns", Duration.ofNanos(1),
            "us", Duration.ofNanos(1_000),
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final String[] PRINTED = {"d", "h", "m", "s", "ms", "us", "ns"};
    private static final Pattern PART = Pattern.compile("([0-9]{1,18})(ns|us|ms|s|m|h|d)");
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + "){1,7}");

    private Durations() {}

    @Override
    public Duration parse(String text) throws BadValueException {
        String compact = text.replace("_", "").replace(" ", "").toLowerCase(Locale.ROOT);
        try {
            if (compact.equals("0")) {
                return Duration.ZERO;
            }
            if (WHOLE.matcher(compact).matches()) {
                return sum(compact);
            }
            if (compact.startsWith("p")) {
                return Duration.parse(compact);
            }
        } catch (ArithmeticException | DateTimeException e) {
            throw new BadValueException("not a duration");
        }
        throw new BadValueException(compact.matches("[0-9]+") ? "a duration needs a unit" : "not a duration");
    }

    private static Duration sum(String compact) {
        Duration total = Duration.ZERO;
        Matcher part = PART.matcher(compact);
        while (part.find()) {
            Duration unit = UNITS.get(part.group(2));
            if (unit != null) {
                total = total.plus(unit.multipliedBy(Long.parseLong(part.group(1))));
            }
        }
        return total;
    }

    /** In the largest unit that leaves no rest. */
    @Override
    public String print(Duration value) {
        if (value.isZero()) {
            return "0s";
        }
        for (String name : PRINTED) {
            Duration unit = UNITS.getOrDefault(name, Duration.ofNanos(1));
            long count = value.dividedBy(unit);
            if (count > 0 && unit.multipliedBy(count).equals(value)) {
                return count + name;
            }
        }
        return value.toString();
    }

    @Override
    public String describe() {
        return "a duration such as 100ms, 30s, 24h or PT30S";
    }

    @Override
    public String unit() {
        return "time";
    }

    @Override
    public String pattern() {
        return "([0-9][0-9_ ]*[nNuUmMsShHdD]{0,2} *)+|[pP][0-9a-zA-Z.]+";
    }

    @Override
    public @Nullable String suggest(String text) {
        return text.matches("[0-9]{1,9}") ? text + "s" : null;
    }
}
