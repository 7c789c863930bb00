package dev.holdfast.node.codec;

import dev.holdfast.config.Config;
import dev.holdfast.config.SerializationConfig;
import java.io.IOException;
import java.io.InvalidClassException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Java serialisation with this node's class loader, allow-list and limits. */
final class ObjectStreams {

    private final ClassResolver resolver;
    private final AllowedClasses allowed;
    private final SerializationConfig limits;

    ObjectStreams(Config config, ClassResolver resolver) {
        this.resolver = resolver;
        this.allowed = new AllowedClasses(config);
        this.limits = config.getSerializationConfig();
    }

    AllowedClasses allowed() {
        return allowed;
    }

    /** A stream, and the classes whose files it depends on. */
    record Written(BoundedBytes bytes, Map<String, Class<?>> fingerprinted) {}

    /** One stream with these objects; at most {@code limit} bytes, else {@link BoundedBytes.OverLimitException}. */
    Written write(long limit, @Nullable Object... objects) throws IOException {
        BoundedBytes bytes = new BoundedBytes(limit);
        try (PayloadOutput out = new PayloadOutput(bytes, allowed)) {
            for (Object object : objects) {
                out.writeObject(object);
            }
            out.flush();
            return new Written(bytes, out.fingerprinted());
        }
    }

    /** The first {@code count} objects of the stream that begins at {@code offset}. */
    @Nullable
    Object[] read(byte[] bytes, int offset, int count) throws IOException, ClassNotFoundException {
        try (PayloadInput in = new PayloadInput(bytes, offset, resolver, allowed, limits)) {
            @Nullable Object[] objects = new @Nullable Object[count];
            for (int i = 0; i < count; i++) {
                objects[i] = readOne(in);
            }
            return objects;
        }
    }

    private static @Nullable Object readOne(PayloadInput in) throws IOException, ClassNotFoundException {
        try {
            return in.readObject();
        } catch (InvalidClassException e) {
            String rejection = in.rejection();
            if (rejection == null) {
                throw e;
            }
            throw new RefusedByFilterException(rejection, e);
        }
    }

    /** A class or a size that this node does not read; the message says which, and what to set. */
    static final class RefusedByFilterException extends IOException {

        private static final long serialVersionUID = 1L;

        RefusedByFilterException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
