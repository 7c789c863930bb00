package dev.holdfast.node.codec;

import dev.holdfast.config.Config;
import dev.holdfast.config.SerializationConfig;
import java.io.IOException;
import java.io.InvalidClassException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Java serialisation with this node's class loader, allow-list and limits. Its streams are used again: one is handed out to
 * one message at a time, and dropped unless it came to a good end.
 */
final class ObjectStreams {

    private final ClassResolver resolver;
    private final AllowedClasses allowed;
    private final SerializationConfig limits;
    private final StreamPool<PayloadOutput> outputs = new StreamPool<>(StreamPool.usualSize());
    private final StreamPool<PayloadInput> inputs = new StreamPool<>(StreamPool.usualSize());

    ObjectStreams(Config config, ClassResolver resolver) {
        this.resolver = resolver;
        this.allowed = new AllowedClasses(config);
        this.limits = config.getSerializationConfig();
    }

    AllowedClasses allowed() {
        return allowed;
    }

    ClassResolver resolver() {
        return resolver;
    }

    SerializationConfig limits() {
        return limits;
    }

    /** A message that was written. To be closed, and not used after that: its bytes are where the next one's will be. */
    static final class Written implements AutoCloseable {

        private final StreamPool<PayloadOutput> pool;
        private final PayloadOutput out;

        private Written(StreamPool<PayloadOutput> pool, PayloadOutput out) {
            this.pool = pool;
            this.out = out;
        }

        /** A copy, behind {@code prefix}. */
        byte[] bytes(byte[] prefix) {
            return out.message(prefix);
        }

        /** The classes whose files the message depends on, by name. */
        Map<String, Class<?>> fingerprinted() {
            return out.fingerprinted();
        }

        @Override
        public void close() {
            if (out.forget()) {
                pool.giveBack(out);
            }
        }
    }

    /** One stream with these objects; at most {@code limit} bytes, else {@link BoundedBytes.OverLimitException}. */
    Written write(long limit, @Nullable Object... objects) throws IOException {
        PayloadOutput free = outputs.take();
        PayloadOutput out = free == null ? new PayloadOutput(allowed) : free;
        out.writeMessage(limit, objects);
        return new Written(outputs, out);
    }

    /** The first {@code count} objects of the stream that begins at {@code offset}. */
    @Nullable
    Object[] read(byte[] bytes, int offset, int count) throws IOException, ClassNotFoundException {
        if (!PayloadInput.isReusable(bytes, offset)) {
            return readAll(PayloadInput.single(bytes, offset, resolver, new PayloadFilter(allowed, limits)), count);
        }
        PayloadInput free = inputs.take();
        PayloadInput in = free == null ? PayloadInput.reusable(resolver, new PayloadFilter(allowed, limits)) : free;
        in.begin(bytes, offset);
        @Nullable Object[] objects = readAll(in, count);
        if (in.forget()) {
            inputs.giveBack(in);
        }
        return objects;
    }

    private static @Nullable Object[] readAll(PayloadInput in, int count) throws IOException, ClassNotFoundException {
        @Nullable Object[] objects = new @Nullable Object[count];
        for (int i = 0; i < count; i++) {
            objects[i] = readOne(in);
        }
        return objects;
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

        RefusedByFilterException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
