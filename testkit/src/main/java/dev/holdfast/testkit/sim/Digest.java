package dev.holdfast.testkit.sim;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A number for what a value says, its bytes included: equal in every run and in every JVM, which {@code hashCode} of an array or
 * an enum is not.
 */
final class Digest {

    private static final MethodType READER = MethodType.methodType(Object.class, Object.class);

    private final Map<Class<?>, List<MethodHandle>> components = new HashMap<>();

    /** @throws IllegalArgumentException a value that may be another one in every run */
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
        if (value instanceof String || value instanceof Number || value instanceof Boolean || value instanceof UUID) {
            return value.hashCode();
        }
        return ofMany(value);
    }

    private int ofMany(Object value) {
        if (value instanceof List<?> list) {
            return inOrder(list);
        }
        if (value instanceof SortedSet<?> set) {
            return inOrder(set);
        }
        if (value instanceof SortedMap<?, ?> map) {
            return 31 * inOrder(map.keySet()) + inOrder(map.values());
        }
        if (value instanceof Set<?> set) {
            return set.stream().mapToInt(this::of).sum();
        }
        if (value instanceof Optional<?> maybe) {
            return maybe.map(this::of).orElse(11);
        }
        throw new IllegalArgumentException("No digest: type=" + value.getClass());
    }

    private int inOrder(Iterable<?> values) {
        int digest = 1;
        for (Object each : values) {
            digest = 31 * digest + of(each);
        }
        return digest;
    }

    private int ofRecord(Record value) {
        int digest = value.getClass().getSimpleName().hashCode();
        for (MethodHandle each : components.computeIfAbsent(value.getClass(), Digest::readers)) {
            digest = 31 * digest + of(read(each, value));
        }
        return digest;
    }

    private static Object read(MethodHandle reader, Record value) {
        try {
            return reader.invokeExact((Object) value);
        } catch (Throwable e) {
            throw new IllegalStateException("Cannot read: type=" + value.getClass(), e);
        }
    }

    private static List<MethodHandle> readers(Class<?> type) {
        List<MethodHandle> readers = new ArrayList<>();
        for (RecordComponent each : type.getRecordComponents()) {
            try {
                readers.add(MethodHandles.lookup().unreflect(each.getAccessor()).asType(READER));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("Cannot read: component=" + each, e);
            }
        }
        return readers;
    }
}
