package dev.holdfast.node.codec;

import dev.holdfast.config.SerializationConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** One Java serialisation stream, under a filter of its own. The JDK's filter for the whole JVM holds as well. */
final class PayloadInput extends ObjectInputStream {

    private final ClassResolver resolver;
    private final Filter filter;

    PayloadInput(byte[] bytes, int offset, ClassResolver resolver, AllowedClasses allowed, SerializationConfig limits)
            throws IOException {
        super(new ByteArrayInputStream(bytes, offset, bytes.length - offset));
        this.resolver = resolver;
        this.filter = new Filter(allowed, limits);
        setObjectInputFilter(filter);
    }

    /** Why the filter refused something, or null: the exception of the JDK does not say. */
    @Nullable
    String rejection() {
        return filter.rejection;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
        return resolver.resolve(description.getName());
    }

    @Override
    @SuppressWarnings("deprecation") // the replacement needs an instance, which only the stream can make
    protected Class<?> resolveProxyClass(String[] interfaces) throws IOException, ClassNotFoundException {
        Class<?>[] faces = new Class<?>[interfaces.length];
        for (int i = 0; i < interfaces.length; i++) {
            faces[i] = resolver.resolve(interfaces[i]);
        }
        ClassLoader loader = faces.length == 0 ? resolver.loader() : faces[0].getClassLoader();
        try {
            return Proxy.getProxyClass(loader, faces);
        } catch (IllegalArgumentException e) {
            throw new ClassNotFoundException(null, e);
        }
    }

    private static final class Filter implements ObjectInputFilter {

        private final AllowedClasses allowed;
        private final SerializationConfig limits;
        private final @Nullable ObjectInputFilter jvmWide = ObjectInputFilter.Config.getSerialFilter();
        private @Nullable String rejection;

        Filter(AllowedClasses allowed, SerializationConfig limits) {
            this.allowed = allowed;
            this.limits = limits;
        }

        @Override
        public Status checkInput(FilterInfo info) {
            String problem = problem(info);
            if (problem == null) {
                return Status.UNDECIDED;
            }
            rejection = problem;
            return Status.REJECTED;
        }

        private @Nullable String problem(FilterInfo info) {
            Class<?> type = info.serialClass();
            if (type != null && !allowed.allows(type)) {
                return AllowedClasses.refusal(type.getName());
            }
            if (info.depth() > limits.getMaxDepth()) {
                return limit("max-depth", info.depth(), limits.getMaxDepth());
            }
            if (info.references() > limits.getMaxReferences()) {
                return limit("max-references", info.references(), limits.getMaxReferences());
            }
            if (info.arrayLength() > limits.getMaxArrayLength()) {
                return limit("max-array-length", info.arrayLength(), limits.getMaxArrayLength());
            }
            if (info.streamBytes() > limits.getMaxBytes()) {
                return limit("max-bytes", info.streamBytes(), limits.getMaxBytes());
            }
            if (jvmWide != null && jvmWide.checkInput(info) == Status.REJECTED) {
                return "refused by the filter of this JVM (jdk.serialFilter): class="
                        + (type == null ? "none" : type.getName());
            }
            return null;
        }

        private static String limit(String name, long value, long max) {
            return "Object graph is over the limit serialization." + name + ": value=" + value + ", " + name + "="
                    + max;
        }
    }
}
