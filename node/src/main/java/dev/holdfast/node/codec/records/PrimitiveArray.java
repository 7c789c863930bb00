package dev.holdfast.node.codec.records;

import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;

/** Arrays of a primitive type. */
final class PrimitiveArray extends ValueType {

    /** In its code, beside that of its elements. */
    static final int MARK = 0x80;

    private final PrimitiveType element;

    PrimitiveArray(PrimitiveType element) {
        super(element.code | MARK, element.type.arrayType());
        this.element = element;
    }

    @Override
    long size(Object value) {
        return 4 + (long) Array.getLength(value) * element.width;
    }

    @Override
    void write(RecordOutput out, Object value) {
        int length = Array.getLength(value);
        out.writeInt(length);
        ByteBuffer room = out.buffer(length * element.width);
        switch (element) {
            case BOOLEAN -> {
                for (boolean each : (boolean[]) value) {
                    room.put((byte) (each ? 1 : 0));
                }
            }
            case BYTE -> room.put((byte[]) value);
            case CHAR -> room.asCharBuffer().put((char[]) value);
            case SHORT -> room.asShortBuffer().put((short[]) value);
            case INT -> room.asIntBuffer().put((int[]) value);
            case LONG -> room.asLongBuffer().put((long[]) value);
            case FLOAT -> room.asFloatBuffer().put((float[]) value);
            case DOUBLE -> room.asDoubleBuffer().put((double[]) value);
        }
    }

    @Override
    Object read(RecordInput in) throws IOException {
        int length = in.arrayLength(type, element.width);
        ByteBuffer from = in.buffer(length * element.width);
        Object array = element == PrimitiveType.BYTE ? new byte[length] : Array.newInstance(element.type, length);
        switch (element) {
            case BOOLEAN -> {
                for (int i = 0; i < length; i++) {
                    ((boolean[]) array)[i] = from.get() != 0;
                }
            }
            case BYTE -> from.get((byte[]) array);
            case CHAR -> from.asCharBuffer().get((char[]) array);
            case SHORT -> from.asShortBuffer().get((short[]) array);
            case INT -> from.asIntBuffer().get((int[]) array);
            case LONG -> from.asLongBuffer().get((long[]) array);
            case FLOAT -> from.asFloatBuffer().get((float[]) array);
            case DOUBLE -> from.asDoubleBuffer().get((double[]) array);
        }
        return array;
    }
}
