package dev.holdfast.config.load;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The small value types. Durations, sizes and lists have a class of their own. */
final class ValueTypes {
    static final ValueType<Integer> INT = count("");
    static final ValueType<Long> LONG = longCount("");
    static final ValueType<String> TEXT = new Text();
    static final ValueType<Path> PATH = new PathName();
    static final ValueType<Boolean> BOOL = new TrueOrFalse();

    private ValueTypes() {}

    /** How many of what. */
    static ValueType<Integer> count(String unit) {
        return new WholeNumber<>(Integer::valueOf, unit);
    }

    /** How many of what, where it may be more than two thousand million. */
    static ValueType<Long> longCount(String unit) {
        return new WholeNumber<>(Long::valueOf, unit);
    }

    static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type, boolean lowerCase) {
        return new OneOf<>(List.of(type.getEnumConstants()), lowerCase);
    }

    private record WholeNumber<N extends Number>(Function<String, N> convert, String unit) implements ValueType<N> {
        @Override
        public N parse(String text) throws BadValueException {
            if (!text.matches("[+-]?[0-9]+(_[0-9]+)*")) {
                throw new BadValueException("not a whole number");
            }
            try {
                return convert.apply(text.replace("_", ""));
            } catch (NumberFormatException e) {
                throw new BadValueException("out of range");
            }
        }

        @Override
        public String print(N value) {
            return value.toString();
        }

        @Override
        public String describe() {
            return "a whole number";
        }

        @Override
        public String pattern() {
            return "[+-]?[0-9]+(_[0-9]+)*";
        }
    }

    private static final class Text implements ValueType<String> {
        @Override
        public String parse(String text) throws BadValueException {
            if (text.isEmpty()) {
                throw new BadValueException("empty");
            }
            return text;
        }

        @Override
        public String print(String value) {
            return value;
        }

        @Override
        public String describe() {
            return "a text";
        }
    }

    private static final class PathName implements ValueType<Path> {
        @Override
        public Path parse(String text) throws BadValueException {
            if (text.isEmpty()) {
                throw new BadValueException("empty");
            }
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new BadValueException("not a path on this system");
            }
        }

        @Override
        public String print(Path value) {
            return value.toString();
        }

        @Override
        public String describe() {
            return "a path";
        }
    }

    private static final class TrueOrFalse implements ValueType<Boolean> {
        @Override
        public Boolean parse(String text) throws BadValueException {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new BadValueException("neither true nor false");
            };
        }

        @Override
        public String print(Boolean value) {
            return value.toString();
        }

        @Override
        public String describe() {
            return "true or false";
        }

        @Override
        public List<String> texts() {
            return List.of("true", "false");
        }

        @Override
        public @Nullable String suggest(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "yes", "y", "on", "1", "enabled" -> "true";
                case "no", "n", "off", "0", "disabled" -> "false";
                default -> Nearest.of(text, List.of("true", "false"));
            };
        }
    }

    private static final class OneOf<E extends Enum<E>> implements ValueType<E> {
        private final List<E> values;
        private final boolean lowerCase;

        OneOf(List<E> values, boolean lowerCase) {
            this.values = values;
            this.lowerCase = lowerCase;
        }

        @Override
        public E parse(String text) throws BadValueException {
            for (E value : values) {
                if (value.name().equalsIgnoreCase(text.replace('-', '_'))) {
                    return value;
                }
            }
            throw new BadValueException("not one of the values");
        }

        @Override
        public String print(E value) {
            return lowerCase ? value.name().toLowerCase(Locale.ROOT) : value.name();
        }

        @Override
        public String describe() {
            return String.join(" | ", texts());
        }

        @Override
        public @Nullable String suggest(String text) {
            return Nearest.of(text, texts());
        }

        @Override
        public List<String> texts() {
            List<String> names = new ArrayList<>();
            values.forEach(value -> names.add(print(value)));
            return names;
        }
    }
}
