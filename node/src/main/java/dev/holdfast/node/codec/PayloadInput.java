package dev.holdfast.node.codec;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Reads Java serialisation under {@link PayloadFilter}. One stream may read one message after the other, see {@link
 * #isReusable}: between two it is fed a reset, so that its tables are empty, and its filter counts anew.
 */
final class PayloadInput extends ObjectInputStream {

    /** Beyond that a new stream is cheap beside what it reads, and the tables of this one have grown. */
    private static final int LARGEST_KEPT = 16 * 1024;

    private static final int HEADER_BYTES = 4;
    private static final byte[] HEADER = {
        (byte) (STREAM_MAGIC >>> 8), (byte) STREAM_MAGIC, (byte) (STREAM_VERSION >>> 8), (byte) STREAM_VERSION
    };

    /** Empties its tables, which happens where the next object would be read, and is such an object. */
    private static final byte[] RESET = {TC_RESET, TC_NULL};

    private final MessageBytes source;
    private final ClassResolver resolver;
    private final PayloadFilter filter;
    private boolean closed;

    /** For messages that {@link #begin} names. */
    static PayloadInput reusable(ClassResolver resolver, PayloadFilter filter) throws IOException {
        return new PayloadInput(new MessageBytes(HEADER, 0), resolver, filter);
    }

    /** For one message, at {@code offset}. */
    static PayloadInput single(byte[] bytes, int offset, ClassResolver resolver, PayloadFilter filter)
            throws IOException {
        filter.begin(0, 0);
        return new PayloadInput(new MessageBytes(bytes, offset), resolver, filter);
    }

    private PayloadInput(MessageBytes source, ClassResolver resolver, PayloadFilter filter) throws IOException {
        super(source);
        this.source = source;
        this.resolver = resolver;
        this.filter = filter;
        setObjectInputFilter(filter);
    }

    /**
     * Whether the message may be read by a stream that is used again: if it is small, and begins with an object, as its
     * filter then knows what it counts from. And if no filter factory is installed: one may choose by the stream's thread or
     * time, so each message needs a stream of its own.
     */
    static boolean isReusable(byte[] bytes, int offset) {
        int length = bytes.length - offset;
        if (length <= HEADER_BYTES || length > LARGEST_KEPT || bytes[offset + HEADER_BYTES] != TC_OBJECT) {
            return false;
        }
        for (int i = 0; i < HEADER_BYTES; i++) {
            if (bytes[offset + i] != HEADER[i]) {
                return false;
            }
        }
        return PayloadFilter.isChosenHere();
    }

    /** The next message, which {@link #isReusable}. */
    void begin(byte[] bytes, int offset) {
        filter.begin(PayloadFilter.BY_FIRST_CHECK, source.supplied() - HEADER_BYTES);
        source.supply(bytes, offset + HEADER_BYTES);
    }

    /** Lets go of what it read. False: it is to be dropped, as after any exception. */
    boolean forget() {
        try {
            if (closed || source.left() > 0 || available() > 0) {
                return false; // something of this message could come up in the next
            }
            source.supply(RESET, 0);
            boolean isEmpty = readObject() == null && source.left() == 0;
            source.supply(RESET, RESET.length);
            return isEmpty;
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            return false; // the message itself was read
        }
    }

    /** By a class that is being read: it would be closed for the next message as well. */
    @Override
    public void close() throws IOException {
        closed = true;
        super.close();
    }

    /** Why the filter refused something, or null: the exception of the JDK does not say. */
    @Nullable
    String rejection() {
        return filter.rejection();
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
}
