package dev.holdfast.node.codec.records;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** One component of a record, as it is written. Its field is read, not its accessor: that one may do something of its own. */
abstract class Component {

    /** What {@link #size} answers for a value that this form would change. */
    static final long NOT_FIT = -1;

    final Field field;

    Component(Field field) {
        this.field = field;
    }

    /** Bytes of its value in {@code record}, or {@link #NOT_FIT}. */
    abstract long size(Object record, Identities seen) throws IllegalAccessException;

    abstract void write(Object record, RecordOutput out) throws IllegalAccessException;

    static final class OfPrimitive extends Component {
        private final PrimitiveType type;

        OfPrimitive(Field field, PrimitiveType type) {
            super(field);
            this.type = type;
        }

        @Override
        long size(Object record, Identities seen) {
            return type.width;
        }

        @Override
        void write(Object record, RecordOutput out) throws IllegalAccessException {
            type.write(out, type.get(field, record));
        }
    }

    static final class OfValue extends Component {
        private final ValueType type;

        OfValue(Field field, ValueType type) {
            super(field);
            this.type = type;
        }

        @Override
        long size(Object record, Identities seen) throws IllegalAccessException {
            Object value = field.get(record);
            if (value == null) {
                return 1;
            }
            if (value.getClass() != type.type || (type.hasIdentity() && !seen.isNew(value))) {
                return NOT_FIT; // a BigDecimal may be of a class of somebody's own
            }
            return 1 + type.size(value);
        }

        @Override
        void write(Object record, RecordOutput out) throws IllegalAccessException {
            Object value = field.get(record);
            out.writeByte(value == null ? 0 : 1);
            if (value != null) {
                type.write(out, value);
            }
        }
    }

    static final class OfEnum extends Component {
        OfEnum(Field field) {
            super(field);
        }

        private @Nullable String name(Object record) throws IllegalAccessException {
            Enum<?> constant = (Enum<?>) field.get(record);
            return constant == null ? null : constant.name();
        }

        @Override
        long size(Object record, Identities seen) throws IllegalAccessException {
            String name = name(record);
            return name == null ? 1 : 1 + ValueTypes.Text.INSTANCE.size(name);
        }

        @Override
        void write(Object record, RecordOutput out) throws IllegalAccessException {
            String name = name(record);
            out.writeByte(name == null ? 0 : 1);
            if (name != null) {
                out.writeText(name);
            }
        }
    }

    static final class OfRecord extends Component {
        private final Component[] components;

        OfRecord(Field field, Component[] components) {
            super(field);
            this.components = components;
        }

        @Override
        long size(Object record, Identities seen) throws IllegalAccessException {
            Object value = field.get(record);
            if (value == null) {
                return 1;
            }
            long size = seen.isNew(value) ? sizeOf(components, value, seen) : NOT_FIT;
            return size == NOT_FIT ? NOT_FIT : 1 + size;
        }

        @Override
        void write(Object record, RecordOutput out) throws IllegalAccessException {
            Object value = field.get(record);
            out.writeByte(value == null ? 0 : 1);
            if (value != null) {
                for (Component each : components) {
                    each.write(value, out);
                }
            }
        }
    }

    static long sizeOf(Component[] components, Object record, Identities seen) throws IllegalAccessException {
        long sum = 0;
        for (Component each : components) {
            long size = each.size(record, seen);
            if (size == NOT_FIT) {
                return NOT_FIT;
            }
            sum += size;
        }
        return sum;
    }
}
