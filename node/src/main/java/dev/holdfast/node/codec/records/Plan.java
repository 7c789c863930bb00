package dev.holdfast.node.codec.records;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.StreamCorruptedException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How records that were written by one schema are read into the classes as they are now. */
final class Plan {

    private static final long[] NO_PRIMITIVES = {};
    private static final @Nullable Object[] NO_REFERENCES = {};

    /** One record of it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Node(Construction construction, Step[] steps) {

        Object read(RecordInput in) throws IOException, ClassNotFoundException {
            long[] primitives = construction.primitives() == 0 ? NO_PRIMITIVES : new long[construction.primitives()];
            @Nullable
            Object[] references =
                    construction.references() == 0 ? NO_REFERENCES : new @Nullable Object[construction.references()];
            for (Step each : steps) {
                each.read(in, primitives, references);
            }
            try {
                return (Object) construction.make().invokeExact(primitives, references);
            } catch (Error e) {
                throw e;
            } catch (Throwable e) { // as Java serialisation reports what a record's constructor throws
                throw (IOException) new InvalidObjectException(e.getMessage()).initCause(e);
            }
        }
    }

    private final Node root;
    private final String[] names;
    private final Class<?>[] classes;
    private final Class<?>[] admitted;
    private final int depth;
    private final int references;

    /**
     * @param classes records and enums, by name; the root's first
     * @param values what else is to be admitted
     */
    Plan(Node root, Map<String, Class<?>> classes, Set<Class<?>> values, int depth, int references) {
        this.root = root;
        this.names = classes.keySet().toArray(String[]::new);
        this.classes = classes.values().toArray(Class<?>[]::new);
        this.admitted =
                Stream.concat(classes.values().stream(), values.stream()).toArray(Class<?>[]::new);
        this.depth = depth;
        this.references = references;
    }

    /** The record's class. */
    Class<?> type() {
        return classes[0];
    }

    /** Whether its classes are still those that their names stand for. */
    boolean isCurrent(ReadGuard guard) throws ClassNotFoundException {
        for (int i = 0; i < names.length; i++) {
            if (guard.resolve(names[i]) != classes[i]) {
                return false;
            }
        }
        return true;
    }

    Object read(byte[] bytes, int offset, ReadGuard guard) throws IOException, ClassNotFoundException {
        for (Class<?> each : admitted) {
            guard.admit(each, -1, depth, references, bytes.length);
        }
        RecordInput in = new RecordInput(
                bytes, offset, (type, length) -> guard.admit(type, length, depth, references, bytes.length));
        Object record = root.read(in);
        if (in.left() > 0) {
            throw new StreamCorruptedException("it goes on after its end: offset=" + in.offset());
        }
        return record;
    }
}
