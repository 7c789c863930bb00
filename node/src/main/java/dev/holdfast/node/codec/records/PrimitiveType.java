package dev.holdfast.node.codec.records;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** The primitive types. A value is carried as the bits of a long, so that none is boxed. */
enum PrimitiveType {
    BOOLEAN('Z', boolean.class, Boolean.class, 1),
    BYTE('B', byte.class, Byte.class, 1),
    CHAR('C', char.class, Character.class, 2),
    SHORT('S', short.class, Short.class, 2),
    INT('I', int.class, Integer.class, 4),
    LONG('J', long.class, Long.class, 8),
    FLOAT('F', float.class, Float.class, 4),
    DOUBLE('D', double.class, Double.class, 8);

    private static final PrimitiveType[] ALL = values();

    final char code;
    final Class<?> type;
    final Class<?> boxed;
    final int width;

    PrimitiveType(char code, Class<?> type, Class<?> boxed, int width) {
        this.code = code;
        this.type = type;
        this.boxed = boxed;
        this.width = width;
    }

    static @Nullable PrimitiveType of(Class<?> type) {
        for (PrimitiveType each : ALL) {
            if (each.type == type) {
                return each;
            }
        }
        return null;
    }

    static @Nullable PrimitiveType of(int code) {
        for (PrimitiveType each : ALL) {
            if (each.code == code) {
                return each;
            }
        }
        return null;
    }

    static boolean isBoxed(Object value) {
        for (PrimitiveType each : ALL) {
            if (each.boxed == value.getClass()) {
                return true;
            }
        }
        return false;
    }

    long get(Field field, Object of) throws IllegalAccessException {
        return switch (this) {
            case BOOLEAN -> field.getBoolean(of) ? 1 : 0;
            case BYTE -> field.getByte(of);
            case CHAR -> field.getChar(of);
            case SHORT -> field.getShort(of);
            case INT -> field.getInt(of);
            case LONG -> field.getLong(of);
            case FLOAT -> Float.floatToRawIntBits(field.getFloat(of));
            case DOUBLE -> Double.doubleToRawLongBits(field.getDouble(of));
        };
    }

    long unbox(Object value) {
        return switch (this) {
            case BOOLEAN -> (Boolean) value ? 1 : 0;
            case CHAR -> (Character) value;
            case FLOAT -> Float.floatToRawIntBits((Float) value);
            case DOUBLE -> Double.doubleToRawLongBits((Double) value);
            default -> ((Number) value).longValue();
        };
    }

    Object box(long bits) {
        return switch (this) {
            case BOOLEAN -> toBoolean(bits);
            case BYTE -> (byte) bits;
            case CHAR -> (char) bits;
            case SHORT -> (short) bits;
            case INT -> (int) bits;
            case LONG -> bits;
            case FLOAT -> toFloat(bits);
            case DOUBLE -> toDouble(bits);
        };
    }

    void write(RecordOutput out, long bits) {
        switch (width) {
            case 1 -> out.writeByte((int) bits);
            case 2 -> out.writeShort((int) bits);
            case 4 -> out.writeInt((int) bits);
            default -> out.writeLong(bits);
        }
    }

    long read(RecordInput in) throws IOException {
        return switch (width) {
            case 1 -> (byte) in.unsignedByte();
            case 2 -> (short) in.unsignedShort();
            case 4 -> in.signedInt();
            default -> in.signedLong();
        };
    }

    /** {@code (long) -> type}. */
    MethodHandle fromBits() {
        MethodHandle plain = MethodHandles.identity(long.class);
        return switch (this) {
            case BOOLEAN -> named("toBoolean");
            case FLOAT -> named("toFloat");
            case DOUBLE -> named("toDouble");
            default -> MethodHandles.explicitCastArguments(plain, MethodType.methodType(type, long.class));
        };
    }

    private MethodHandle named(String method) {
        try {
            return MethodHandles.lookup()
                    .findStatic(PrimitiveType.class, method, MethodType.methodType(type, long.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean toBoolean(long bits) {
        return bits != 0;
    }

    private static float toFloat(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    private static double toDouble(long bits) {
        return Double.longBitsToDouble(bits);
    }
}
