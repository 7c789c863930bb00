package dev.holdfast.cli;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Any object as maps, lists, texts and numbers. Only records are looked into, and values of the JDK: everything else is
 * what its {@code toString} says, as its fields are nobody's business.
 */
final class PlainValues {

    private static final int DEEPEST = 32;

    private PlainValues() {}

    static @Nullable Object of(@Nullable Object value) {
        return of(value, 0);
    }

    private static @Nullable Object of(@Nullable Object value, int depth) {
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (depth > DEEPEST) {
            return "...";
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof Optional<?> optional) {
            return of(optional.orElse(null), depth + 1);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            map.forEach((key, entry) -> plain.put(String.valueOf(key), of(entry, depth + 1)));
            return plain;
        }
        if (value instanceof Collection<?> collection) {
            List<@Nullable Object> plain = new ArrayList<>();
            collection.forEach(entry -> plain.add(of(entry, depth + 1)));
            return plain;
        }
        if (value.getClass().isArray()) {
            List<@Nullable Object> plain = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                plain.add(of(Array.get(value, i), depth + 1));
            }
            return plain;
        }
        return value instanceof Record row ? components(row, depth) : String.valueOf(value);
    }

    private static Object components(Record row, int depth) {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        try {
            for (RecordComponent component : row.getClass().getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                plain.put(component.getName(), of(component.getAccessor().invoke(row), depth + 1));
            }
            return plain;
        } catch (ReflectiveOperationException | RuntimeException notToBeLookedInto) {
            return String.valueOf(row);
        }
    }
}
