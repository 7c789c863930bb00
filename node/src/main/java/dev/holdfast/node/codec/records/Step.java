package dev.holdfast.node.codec.records;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads one stored component, and puts its value where the constructor takes it from. */
abstract class Step {

    abstract void read(RecordInput in, long[] primitives, @Nullable Object[] references)
            throws IOException, ClassNotFoundException;

    static final class OfPrimitive extends Step {
        private final PrimitiveType type;
        private final int slot;

        OfPrimitive(PrimitiveType type, int slot) {
            this.type = type;
            this.slot = slot;
        }

        @Override
        void read(RecordInput in, long[] primitives, @Nullable Object[] references)
                throws IOException, ClassNotFoundException {
            primitives[slot] = type.read(in);
        }
    }

    /** Steps over what no component takes any more; nothing is loaded for it. */
    static final class Skipped extends Step {
        private final Schema.Part part;

        Skipped(Schema.Part part) {
            this.part = part;
        }

        @Override
        void read(RecordInput in, long[] primitives, @Nullable Object[] references)
                throws IOException, ClassNotFoundException {
            skip(in, part);
        }

        private static void skip(RecordInput in, Schema.Part part) throws IOException {
            PrimitiveType primitive = PrimitiveType.of(part.code());
            if (primitive != null) {
                in.skip(primitive.width);
            } else if (in.isPresent()) {
                Schema nested = part.nested();
                ValueType value = part.enumClass() == null ? ValueTypes.of(part.code()) : ValueTypes.Text.INSTANCE;
                if (nested == null) {
                    Objects.requireNonNull(value).read(in);
                } else {
                    for (Schema.Part each : nested.parts()) {
                        skip(in, each);
                    }
                }
            }
        }
    }

    /** Anything that may be null. */
    abstract static class OfReference extends Step {
        private final int slot;

        OfReference(int slot) {
            this.slot = slot;
        }

        abstract Object value(RecordInput in) throws IOException, ClassNotFoundException;

        @Override
        void read(RecordInput in, long[] primitives, @Nullable Object[] references)
                throws IOException, ClassNotFoundException {
            references[slot] = in.isPresent() ? value(in) : null;
        }
    }

    static final class OfValue extends OfReference {
        private final ValueType type;

        OfValue(ValueType type, int slot) {
            super(slot);
            this.type = type;
        }

        @Override
        Object value(RecordInput in) throws IOException, ClassNotFoundException {
            return type.read(in);
        }
    }

    static final class OfEnum extends OfReference {
        private final Class<?> type;

        OfEnum(Class<?> type, int slot) {
            super(slot);
            this.type = type;
        }

        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // it was seen to be an enum
        Object value(RecordInput in) throws IOException, ClassNotFoundException {
            String name = (String) ValueTypes.Text.INSTANCE.read(in);
            try {
                return Enum.valueOf((Class) type, name);
            } catch (IllegalArgumentException e) {
                throw (IOException)
                        new InvalidObjectException("enum constant " + name + " does not exist in " + type).initCause(e);
            }
        }
    }

    static final class OfRecord extends OfReference {
        private final Plan.Node record;

        OfRecord(Plan.Node record, int slot) {
            super(slot);
            this.record = record;
        }

        @Override
        Object value(RecordInput in) throws IOException, ClassNotFoundException {
            return record.read(in);
        }
    }

    /** The component takes no such value now; as ever, null fits. */
    static final class Unfit extends OfReference {
        private final String className;
        private final String problem;

        Unfit(String className, String problem, int slot) {
            super(slot);
            this.className = className;
            this.problem = problem;
        }

        @Override
        Object value(RecordInput in) throws IOException, ClassNotFoundException {
            throw new InvalidClassException(className, problem);
        }
    }

    /** A class that is not there any more. */
    static final class Missing extends OfReference {
        private final ClassNotFoundException problem;

        Missing(ClassNotFoundException problem, int slot) {
            super(slot);
            this.problem = problem;
        }

        @Override
        Object value(RecordInput in) throws ClassNotFoundException {
            throw problem;
        }
    }
}
