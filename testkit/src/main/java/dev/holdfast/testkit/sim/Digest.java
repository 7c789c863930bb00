package dev.holdfast.testkit.sim;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A number for what a record says, its bytes included: equal in every run, which {@code hashCode} of an array is not. */
final class Digest {

    private final Map<Class<?>, List<Method>> components = new HashMap<>();

    int of(@Nullable Object value) {
        if (value == null) {
            return 7;
        }
        if (value instanceof Record each) {
            return ofRecord(each);
        }
        if (value instanceof Enum<?> each) {
            return each.name().hashCode();
        }
        if (value instanceof byte[] bytes) {
            return Arrays.hashCode(bytes);
        }
        if (value instanceof long[] numbers) {
            return Arrays.hashCode(numbers);
        }
        return value.hashCode(); // texts and numbers
    }

    private int ofRecord(Record value) {
        int digest = value.getClass().getSimpleName().hashCode();
        for (Method each : components.computeIfAbsent(value.getClass(), Digest::accessors)) {
            try {
                digest = 31 * digest + of(each.invoke(value));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("Cannot read " + each, e);
            }
        }
        return digest;
    }

    private static List<Method> accessors(Class<?> type) {
        List<Method> accessors = new ArrayList<>();
        for (RecordComponent each : type.getRecordComponents()) {
            accessors.add(each.getAccessor());
        }
        return accessors;
    }
}
