package dev.holdfast.node.admin;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Values from words on a command line. */
final class ArgumentValues {

    private static final Map<Class<?>, Function<String, Object>> PARSERS = Map.ofEntries(
            Map.entry(String.class, text -> text),
            Map.entry(CharSequence.class, text -> text),
            Map.entry(Object.class, text -> text),
            Map.entry(boolean.class, ArgumentValues::yesOrNo),
            Map.entry(Boolean.class, ArgumentValues::yesOrNo),
            Map.entry(byte.class, Byte::valueOf),
            Map.entry(Byte.class, Byte::valueOf),
            Map.entry(short.class, Short::valueOf),
            Map.entry(Short.class, Short::valueOf),
            Map.entry(int.class, Integer::valueOf),
            Map.entry(Integer.class, Integer::valueOf),
            Map.entry(long.class, Long::valueOf),
            Map.entry(Long.class, Long::valueOf),
            Map.entry(float.class, Float::valueOf),
            Map.entry(Float.class, Float::valueOf),
            Map.entry(double.class, Double::valueOf),
            Map.entry(Double.class, Double::valueOf),
            Map.entry(char.class, ArgumentValues::character),
            Map.entry(Character.class, ArgumentValues::character),
            Map.entry(Duration.class, ArgumentValues::duration),
            Map.entry(Instant.class, Instant::parse),
            Map.entry(LocalDate.class, LocalDate::parse),
            Map.entry(UUID.class, UUID::fromString),
            Map.entry(Path.class, Path::of),
            Map.entry(URI.class, URI::create),
            Map.entry(BigDecimal.class, BigDecimal::new),
            Map.entry(BigInteger.class, BigInteger::new));

    private ArgumentValues() {}

    /** @throws IllegalArgumentException it is none of this type, or there is no such type here; says what is allowed */
    static Object parse(Type type, String text) {
        if (type instanceof Class<?> known && known.isEnum()) {
            return constant(known, text);
        }
        Function<String, Object> parser = type instanceof Class<?> known ? PARSERS.get(known) : null;
        if (parser == null) {
            throw new IllegalArgumentException(
                    "only text, numbers, booleans, enums, Duration, Instant, LocalDate, UUID,"
                            + " Path, URI, BigDecimal and BigInteger can be given here");
        }
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not such a number", e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage() + "; in ISO 8601, as PT30S, 2026-01-31T12:00:00Z", e);
        }
    }

    private static Object constant(Class<?> type, String text) {
        Object[] constants = type.getEnumConstants();
        return Arrays.stream(constants)
                .filter(each -> ((Enum<?>) each).name().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("allowed are "
                        + String.join(
                                ", ",
                                Arrays.stream(constants)
                                        .map(each -> ((Enum<?>) each).name())
                                        .toList())));
    }

    private static Object yesOrNo(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("allowed are true and false");
        };
    }

    private static Object character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException("one character is allowed");
        }
        return text.charAt(0);
    }

    /** {@code PT30S}, or a number and a unit: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d}. */
    static Duration duration(String text) {
        String number = text.replaceFirst("(ms|s|m|h|d)$", "");
        if (!number.matches("[0-9]{1,15}") || number.equals(text)) {
            return Duration.parse(text);
        }
        long count = Long.parseLong(number);
        return switch (text.substring(number.length())) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
