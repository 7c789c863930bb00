package dev.holdfast.config.load;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Bytes: {@code 64MiB} (1,024 to a step), {@code 256KB} (1,000 to a step), {@code 4096}. */
final class Sizes implements ValueType<Long> {
    static final Sizes TYPE = new Sizes();

    private static final Map<String, Long> UNITS = new LinkedHashMap<>();
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,3})?)([a-z]*)");

    static {
        UNITS.put("TiB", 1L << 40);
        UNITS.put("GiB", 1L << 30);
        UNITS.put("MiB", 1L << 20);
        UNITS.put("KiB", 1L << 10);
        UNITS.put("TB", 1_000_000_000_000L);
        UNITS.put("GB", 1_000_000_000L);
        UNITS.put("MB", 1_000_000L);
        UNITS.put("KB", 1_000L);
        UNITS.put("B", 1L);
    }

    private Sizes() {}

    @Override
    public Long parse(String text) throws BadValueException {
        Matcher parts = TEXT.matcher(text.replace("_", "").replace(" ", "").toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new BadValueException("not a size");
        }
        String unit = parts.group(2);
        try {
            return new BigDecimal(parts.group(1))
                    .multiply(BigDecimal.valueOf(factor(unit)))
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new BadValueException("not a whole number of bytes below 2^63");
        }
    }

    private static long factor(String unit) throws BadValueException {
        if (unit.isEmpty()) {
            return 1;
        }
        for (Map.Entry<String, Long> known : UNITS.entrySet()) {
            if (known.getKey().equalsIgnoreCase(unit)) {
                return known.getValue();
            }
        }
        throw new BadValueException("not a unit of size");
    }

    /** In the largest binary unit that leaves no rest. */
    @Override
    public String print(Long value) {
        for (Map.Entry<String, Long> unit : UNITS.entrySet()) {
            if (unit.getKey().endsWith("iB") && value != 0 && value % unit.getValue() == 0) {
                return value / unit.getValue() + unit.getKey();
            }
        }
        return value.toString();
    }

    @Override
    public String describe() {
        return "a size such as 64MiB, 256KB or a number of bytes";
    }

    @Override
    public String unit() {
        return "bytes";
    }

    @Override
    public String pattern() {
        return "[0-9][0-9_ ]*(\\.[0-9]+)? *[a-zA-Z]{0,3}";
    }

    @Override
    public @Nullable String suggest(String text) {
        Matcher parts = Pattern.compile("([0-9]{1,9}) ?([kmgt])i?").matcher(text.toLowerCase(Locale.ROOT));
        return parts.matches() ? parts.group(1) + parts.group(2).toUpperCase(Locale.ROOT) + "iB" : null;
    }
}
