package dev.holdfast.node.codec;

import dev.holdfast.TaskNotSerializableException;
import dev.holdfast.config.ErrorCode;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of affinity keys: equal in every JVM for equal keys, for ever, as they decide about partitions. Texts, numbers,
 * UUIDs, enums, byte arrays, lists, arrays and records have bytes of their own; objects of the application's classes are
 * written field by field. What writes itself, and classes of the JDK, take Java serialisation, and must give equal bytes when
 * they are equal: no hash map or hash set, whose order may differ.
 *
 * <p>Plain Java serialisation would not do: it writes a string that two fields share otherwise than two equal ones.
 */
final class KeyCodec {

    /** A key is hashed with every submission. */
    private static final int MAX_BYTES = 1024 * 1024;

    private static final int MAX_DEPTH = 64;

    byte[] encode(Object key) {
        Objects.requireNonNull(key, "key");
        BoundedBytes bytes = new BoundedBytes(MAX_BYTES);
        try {
            write(key, new DataOutputStream(bytes), 0);
            return bytes.toBytes(new byte[0]);
        } catch (NotSerializableException e) {
            throw new TaskNotSerializableException(
                    ErrorCode.KEY_NOT_USABLE.says("Key can't be encoded: " + ObjectPath.describe("key", key, e)
                            + ". Use a String, a number, a UUID, an enum, or a record of those"),
                    e);
        } catch (BoundedBytes.OverLimitException e) {
            throw new TaskNotSerializableException(ErrorCode.KEY_NOT_USABLE.says(
                    "Key is too large: class=" + key.getClass().getTypeName() + ", key-bytes>=" + e.atLeast()
                            + ", max-key-bytes=" + MAX_BYTES + ". Use an id instead"));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new TaskNotSerializableException(
                    ErrorCode.KEY_NOT_USABLE.says(
                            "Key can't be encoded: class=" + key.getClass().getTypeName() + ", problem=" + e
                                    + ". Use a String, a number, a UUID, an enum, or a record of those"),
                    e);
        }
    }

    private static void write(@Nullable Object key, DataOutputStream out, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("nested more than " + MAX_DEPTH + " deep");
        }
        if (key == null) {
            out.writeByte('0');
        } else if (!writeValue(key, out) && !writeGroup(key, out, depth) && !writeFields(key, out, depth)) {
            out.writeByte('o');
            byte[] stream = serialised(key);
            out.writeInt(stream.length);
            out.write(stream);
        }
    }

    private static boolean writeValue(Object key, DataOutputStream out) throws IOException {
        if (key instanceof String text) {
            writeText('s', text, out);
        } else if (key instanceof Long number) {
            out.writeByte('l');
            out.writeLong(number);
        } else if (key instanceof Integer number) {
            out.writeByte('i');
            out.writeInt(number);
        } else if (key instanceof UUID uuid) {
            out.writeByte('u');
            out.writeLong(uuid.getMostSignificantBits());
            out.writeLong(uuid.getLeastSignificantBits());
        } else if (key instanceof Enum<?> constant) {
            writeText('e', constant.getDeclaringClass().getName() + "." + constant.name(), out);
        } else if (key instanceof byte[] bytes) {
            out.writeByte('b');
            out.writeInt(bytes.length);
            out.write(bytes);
        } else {
            return writeRareValue(key, out);
        }
        return true;
    }

    private static boolean writeRareValue(Object key, DataOutputStream out) throws IOException {
        if (key instanceof Boolean flag) {
            out.writeByte(flag ? 'T' : 'F');
        } else if (key instanceof Character character) {
            out.writeByte('c');
            out.writeChar(character);
        } else if (key instanceof Short number) {
            out.writeByte('h');
            out.writeShort(number);
        } else if (key instanceof Byte number) {
            out.writeByte('y');
            out.writeByte(number);
        } else if (key instanceof Double number) {
            out.writeByte('d');
            out.writeLong(Double.doubleToLongBits(number));
        } else if (key instanceof Float number) {
            out.writeByte('f');
            out.writeInt(Float.floatToIntBits(number));
        } else if (key.getClass() == BigInteger.class || key.getClass() == BigDecimal.class) {
            writeText('n', key.toString(), out);
        } else if (key instanceof Class<?> type) {
            writeText('k', type.getName(), out);
        } else {
            return false;
        }
        return true;
    }

    private static boolean writeGroup(Object key, DataOutputStream out, int depth) throws IOException {
        if (key instanceof List<?> list) {
            out.writeByte('L');
            out.writeInt(list.size());
            for (Object element : list) {
                write(element, out, depth + 1);
            }
        } else if (key instanceof Object[] array) {
            out.writeByte('A');
            out.writeInt(array.length);
            for (Object element : array) {
                write(element, out, depth + 1);
            }
        } else if (key instanceof Record) {
            writeText('R', key.getClass().getName(), out);
            for (RecordComponent component : key.getClass().getRecordComponents()) {
                write(valueOf(component, key), out, depth + 1);
            }
        } else {
            return false;
        }
        return true;
    }

    private static @Nullable Object valueOf(RecordComponent component, Object key) throws IOException {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(key);
        } catch (IllegalAccessException | InvocationTargetException | RuntimeException e) {
            throw new IOException("component " + component.getName() + " can't be read", e);
        }
    }

    private static void writeText(char tag, String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(tag);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Class name, then the serialisable fields, superclasses first; false if the class writes itself another way. */
    private static boolean writeFields(Object key, DataOutputStream out, int depth) throws IOException {
        if (!(key instanceof Serializable)) {
            throw new NotSerializableException(key.getClass().getName());
        }
        List<Class<?>> hierarchy = new ArrayList<>();
        Class<?> type = key.getClass();
        while (type != null && Serializable.class.isAssignableFrom(type)) {
            if (ClassFingerprint.isOfJdk(type) || writesItself(type) || key instanceof Externalizable) {
                return false;
            }
            hierarchy.add(0, type);
            type = type.getSuperclass();
        }
        writeText('O', key.getClass().getName(), out);
        for (Class<?> each : hierarchy) {
            for (ObjectStreamField field : ObjectStreamClass.lookup(each).getFields()) {
                write(valueOf(each, field, key), out, depth + 1);
            }
        }
        return true;
    }

    private static boolean writesItself(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals("writeObject") || method.getName().equals("writeReplace")) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Object valueOf(Class<?> type, ObjectStreamField field, Object key) throws IOException {
        try {
            Field declared = type.getDeclaredField(field.getName());
            declared.setAccessible(true);
            return declared.get(key);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException("field " + field.getName() + " can't be read", e);
        }
    }

    private static byte[] serialised(Object key) throws IOException {
        BoundedBytes bytes = new BoundedBytes(MAX_BYTES);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(key);
        }
        return bytes.toBytes(new byte[0]);
    }
}
