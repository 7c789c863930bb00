package dev.holdfast.node.codec;

import dev.holdfast.node.codec.records.ReadGuard;
import dev.holdfast.node.codec.records.RecordCodec;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@link RecordCodec} with this node's class loader, allow-list and limits. */
final class RecordBodies {

    private final RecordCodec codec = new RecordCodec();
    private final ObjectStreams streams;
    private final Predicate<Class<?>> allowed;

    RecordBodies(ObjectStreams streams) {
        this.streams = streams;
        this.allowed = streams.allowed()::allows;
    }

    /** Null: it is for Java serialisation to write. */
    byte @Nullable [] encode(Object object, boolean isRun, long limit) {
        return object instanceof Record ? codec.encode(object, isRun, limit, allowed) : null;
    }

    Object decode(byte[] bytes) throws IOException, ClassNotFoundException {
        PayloadFilter filter = new PayloadFilter(streams.allowed(), streams.limits());
        filter.begin(0, 0);
        return codec.decode(bytes, new Guard(streams.resolver(), filter, PayloadFilter.installedWith(filter)));
    }

    /**
     * The same rules as for a stream.
     *
     * @param installed ours, and with it whatever is set for this JVM
     */
    private record Guard(ClassResolver resolver, PayloadFilter filter, ObjectInputFilter installed)
            implements ReadGuard {

        @Override
        public Class<?> resolve(String className) throws ClassNotFoundException {
            return resolver.resolve(className);
        }

        @Override
        public void admit(Class<?> type, long arrayLength, int depth, int references, int bytes) throws IOException {
            ObjectInputFilter.Status status =
                    installed.checkInput(new PayloadFilter.OfMessage(type, arrayLength, depth, references, bytes));
            if (status == ObjectInputFilter.Status.REJECTED) {
                String rejection = filter.rejection();
                throw new ObjectStreams.RefusedByFilterException(
                        rejection == null
                                ? "refused by the filter of this JVM (jdk.serialFilterFactory): class=" + type.getName()
                                : rejection,
                        null);
            }
        }
    }
}
