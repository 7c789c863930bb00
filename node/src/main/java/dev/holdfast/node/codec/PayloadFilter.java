package dev.holdfast.node.codec;

import dev.holdfast.config.SerializationConfig;
import java.io.ObjectInputFilter;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The filter of one stream: allow-list and limits, and the JDK's filter for the whole JVM. The JDK counts references and bytes
 * over the life of a stream; here they are those of the message, whichever that is of its stream.
 */
final class PayloadFilter implements ObjectInputFilter {

    /** What the stream counted before is told by the first check: of a message that begins with an object, that is its first. */
    static final long BY_FIRST_CHECK = -1;

    private static final String JDK_FACTORY = "java.io.ObjectInputFilter$Config$BuiltinFilterFactory";

    private final AllowedClasses allowed;
    private final SerializationConfig limits;
    private @Nullable ObjectInputFilter jvmWide;
    private @Nullable String rejection;
    private long referencesBefore;
    private long bytesBefore;

    PayloadFilter(AllowedClasses allowed, SerializationConfig limits) {
        this.allowed = allowed;
        this.limits = limits;
    }

    /** A message begins. */
    void begin(long referencesBefore, long bytesBefore) {
        this.referencesBefore = referencesBefore;
        this.bytesBefore = bytesBefore;
        this.rejection = null;
        this.jvmWide = ObjectInputFilter.Config.getSerialFilter(); // it may be set at any time, once
    }

    /**
     * Whether each stream has the filter that it asks for. If not, a factory is installed that may choose by the stream's
     * thread or time.
     */
    static boolean isChosenHere() {
        return ObjectInputFilter.Config.getSerialFilterFactory()
                .getClass()
                .getName()
                .equals(JDK_FACTORY);
    }

    /** What a stream made now would have if it asked for {@code filter}. */
    static ObjectInputFilter installedWith(PayloadFilter filter) {
        if (isChosenHere()) {
            return filter;
        }
        BinaryOperator<@Nullable ObjectInputFilter> factory = ObjectInputFilter.Config.getSerialFilterFactory();
        ObjectInputFilter ofStream = factory.apply(null, ObjectInputFilter.Config.getSerialFilter());
        ObjectInputFilter chosen = factory.apply(ofStream, filter);
        return chosen == null ? info -> ObjectInputFilter.Status.UNDECIDED : chosen;
    }

    /** Why it refused something, or null: the exception of the JDK does not say. */
    @Nullable
    String rejection() {
        return rejection;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        if (referencesBefore == BY_FIRST_CHECK) {
            referencesBefore = info.references() - 1;
        }
        String problem = problem(info, info.references() - referencesBefore, info.streamBytes() - bytesBefore);
        if (problem == null) {
            return Status.UNDECIDED;
        }
        rejection = problem;
        return Status.REJECTED;
    }

    private @Nullable String problem(FilterInfo info, long references, long bytes) {
        Class<?> type = info.serialClass();
        if (type != null && !allowed.allows(type)) {
            return AllowedClasses.refusal(type.getName());
        }
        if (info.depth() > limits.getMaxDepth()) {
            return limit("max-depth", info.depth(), limits.getMaxDepth());
        }
        if (references > limits.getMaxReferences()) {
            return limit("max-references", references, limits.getMaxReferences());
        }
        if (info.arrayLength() > limits.getMaxArrayLength()) {
            return limit("max-array-length", info.arrayLength(), limits.getMaxArrayLength());
        }
        if (bytes > limits.getMaxBytes()) {
            return limit("max-bytes", bytes, limits.getMaxBytes());
        }
        if (jvmWide != null
                && jvmWide.checkInput(new OfMessage(type, info.arrayLength(), info.depth(), references, bytes))
                        == Status.REJECTED) {
            return "refused by the filter of this JVM (jdk.serialFilter): class="
                    + (type == null ? "none" : type.getName());
        }
        return null;
    }

    private static String limit(String name, long value, long max) {
        return "Object graph is over the limit serialization." + name + ": value=" + value + ", " + name + "=" + max;
    }

    /** What is asked about, counted over its message. */
    record OfMessage(@Nullable Class<?> serialClass, long arrayLength, long depth, long references, long streamBytes)
            implements FilterInfo {}
}
