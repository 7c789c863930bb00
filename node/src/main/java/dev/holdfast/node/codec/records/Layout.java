package dev.holdfast.node.codec.records;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the records of one class are written: their schema, and what reads their components. Falls with the class. */
final class Layout {

    private static final int DEEPEST = 8;
    private static final int MOST_COMPONENTS = 128;
    private static final int MOST_IDENTITIES = 32;

    private static final ClassValue<Optional<Layout>> LAYOUTS = new ClassValue<>() {
        @Override
        protected Optional<Layout> computeValue(Class<?> type) {
            return Optional.ofNullable(new Builder().layout(type));
        }
    };

    final Component[] components;
    final byte[] schema;

    /** Records and enums: the classes that an allow-list is asked about. */
    final List<Class<?>> classes;

    /** How many objects of one graph can be the same one. */
    final int identities;

    private Layout(Component[] components, byte[] schema, Builder built) {
        this.components = components;
        this.schema = schema;
        this.classes = List.copyOf(built.classes);
        this.identities = built.identities;
    }

    /** Null: its records are not written in this form. */
    static @Nullable Layout of(Class<?> type) {
        return type.isRecord() ? LAYOUTS.get(type).orElse(null) : null;
    }

    /** Not one of these: something about its type of records can be seen that this form would lose. */
    private static final class NotFitException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final class Builder {
        private final Set<Class<?>> classes = new LinkedHashSet<>();
        private final List<Class<?>> path = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);
        private int identities;
        private int count;

        @Nullable
        Layout layout(Class<?> type) {
            try {
                Component[] components = components(type);
                return new Layout(components, bytes.toByteArray(), this);
            } catch (NotFitException | IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
                return null; // Java serialisation takes it, and says what is wrong if something is
            }
        }

        private Component[] components(Class<?> type)
                throws NotFitException, IOException, ReflectiveOperationException {
            RecordComponent[] components = type.getRecordComponents();
            count += components.length;
            if (!isPlain(type) || path.contains(type) || path.size() == DEEPEST || count > MOST_COMPONENTS) {
                throw new NotFitException();
            }
            path.add(type);
            classes.add(type);
            out.writeUTF(type.getName());
            out.writeByte(components.length);
            Component[] fields = new Component[components.length];
            for (int i = 0; i < components.length; i++) {
                out.writeUTF(components[i].getName());
                Field field = type.getDeclaredField(components[i].getName());
                field.setAccessible(true);
                fields[i] = component(field);
            }
            path.remove(path.size() - 1);
            return fields;
        }

        private Component component(Field field) throws NotFitException, IOException, ReflectiveOperationException {
            Class<?> type = field.getType();
            PrimitiveType primitive = PrimitiveType.of(type);
            if (primitive != null) {
                out.writeByte(primitive.code);
                return new Component.OfPrimitive(field, primitive);
            }
            ValueType value = ValueTypes.of(type);
            if (value != null) {
                out.writeByte(value.code);
                countIdentity(value.hasIdentity());
                return new Component.OfValue(field, value);
            }
            if (type.isEnum()) {
                out.writeByte(Schema.ENUM);
                out.writeUTF(type.getName());
                classes.add(type);
                return new Component.OfEnum(field);
            }
            if (!type.isRecord()) {
                throw new NotFitException();
            }
            out.writeByte(Schema.RECORD);
            countIdentity(true);
            return new Component.OfRecord(field, components(type));
        }

        private void countIdentity(boolean hasIdentity) throws NotFitException {
            identities += hasIdentity ? 1 : 0;
            if (identities > MOST_IDENTITIES) {
                throw new NotFitException();
            }
        }

        private static boolean isPlain(Class<?> type) throws IllegalAccessException {
            Construction.of(type); // a class that could not be read again is not written
            return Serializable.class.isAssignableFrom(type)
                    && !java.io.Externalizable.class.isAssignableFrom(type)
                    && !type.isHidden()
                    && !Construction.hasMethod(type, "writeReplace")
                    && !Construction.hasMethod(type, "readResolve");
        }
    }
}
