package dev.holdfast.node.codec;

import dev.holdfast.TaskNotAllowedException;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes object graphs, refuses classes that could not be read again, and notes the classes that hold the body of a
 * lambda or are anonymous: the names of those say nothing about what they do.
 *
 * <p>One stream writes one message after the other, each with the bytes that a new stream would write: between two it is
 * reset, which leaves its tables as they were made, and the byte that says so to a reader is dropped.
 */
final class PayloadOutput extends ObjectOutputStream {

    /**
     * What may be kept for the next message. Beyond that a new stream is cheap beside what it writes, and the tables of this
     * one have grown.
     */
    private static final int LARGEST_KEPT = 16 * 1024;

    private static final byte[] HEADER = {
        (byte) (STREAM_MAGIC >>> 8), (byte) STREAM_MAGIC, (byte) (STREAM_VERSION >>> 8), (byte) STREAM_VERSION
    };

    private final BoundedBytes bytes;
    private final AllowedClasses allowed;
    private final List<Class<?>> written = new ArrayList<>(4);
    private final List<String> capturing = new ArrayList<>(0);

    PayloadOutput(AllowedClasses allowed) throws IOException {
        this(new BoundedBytes(HEADER.length), allowed);
    }

    private PayloadOutput(BoundedBytes bytes, AllowedClasses allowed) throws IOException {
        super(bytes);
        this.bytes = bytes;
        this.allowed = allowed;
        enableReplaceObject(true);
        flush(); // its header, which begin() writes
    }

    /** One message of at most {@code limit} bytes, else {@link BoundedBytes.OverLimitException}. */
    void writeMessage(long limit, @Nullable Object[] objects) throws IOException {
        bytes.begin(limit, HEADER);
        for (Object object : objects) {
            writeObject(object);
        }
        flush();
    }

    /** The message, behind {@code prefix}. */
    byte[] message(byte[] prefix) {
        return bytes.toBytes(prefix);
    }

    /** Lets go of what it wrote. False: it is to be dropped. */
    boolean forget() {
        if (bytes.capacity() > LARGEST_KEPT) {
            return false;
        }
        try {
            reset();
        } catch (IOException e) {
            return false;
        }
        written.clear();
        capturing.clear();
        return true;
    }

    @Override
    protected void annotateClass(Class<?> type) {
        check(type);
        written.add(type);
    }

    @Override
    protected void annotateProxyClass(Class<?> type) {
        check(type);
    }

    @Override
    protected Object replaceObject(Object object) {
        if (object instanceof SerializedLambda lambda) {
            capturing.add(lambda.getCapturingClass().replace('/', '.'));
        }
        return object;
    }

    /** Classes whose class file has to be the same when the graph is read again, by name. */
    Map<String, Class<?>> fingerprinted() {
        Map<String, Class<?>> byName = Map.of();
        for (Class<?> type : written) {
            if (ClassFingerprint.isNeededFor(type)) {
                byName = byName.isEmpty() ? new TreeMap<>() : byName;
                byName.put(type.getName(), type);
            }
        }
        if (!capturing.isEmpty()) {
            Map<String, Class<?>> all = new HashMap<>();
            written.forEach(type -> all.put(type.getName(), type));
            for (String name : capturing) {
                // A lambda's form has its capturing class as an object, so it was written too.
                Class<?> type = Objects.requireNonNull(all.get(name), name);
                if (!ClassFingerprint.isOfJdk(type)) {
                    byName = byName.isEmpty() ? new TreeMap<>() : byName;
                    byName.put(name, type);
                }
            }
        }
        return byName;
    }

    private void check(Class<?> type) {
        if (!allowed.allows(type)) {
            throw new TaskNotAllowedException(AllowedClasses.refusal(type.getName()));
        }
    }
}
