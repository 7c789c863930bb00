package dev.holdfast.testkit;

import dev.holdfast.storage.log.Body;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Text that is equal exactly where records of a log, or items of a checkpoint, are: arrays included. */
public final class Described {

    private Described() {}

    /** @param bytesOf a body that is not in memory */
    public static String describe(@Nullable Object value, Function<Body.Stored, byte[]> bytesOf) {
        if (value instanceof Body.Stored stored) {
            return describe(bytesOf.apply(stored), bytesOf);
        }
        if (value instanceof Body.Inline inline) {
            return describe(inline.bytes(), bytesOf);
        }
        if (value instanceof byte[] bytes) {
            return bytes.length + " bytes, hash " + Arrays.hashCode(bytes);
        }
        if (value instanceof long[] longs) {
            return Arrays.toString(longs);
        }
        if (value == null || !value.getClass().isRecord()) {
            return String.valueOf(value);
        }
        StringBuilder text = new StringBuilder(value.getClass().getSimpleName()).append('[');
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                text.append(component.getName())
                        .append('=')
                        .append(describe(component.getAccessor().invoke(value), bytesOf))
                        .append(", ");
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return text.append(']').toString();
    }
}
