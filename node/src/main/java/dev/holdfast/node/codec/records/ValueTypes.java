package dev.holdfast.node.codec.records;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The types of values, by class and by code. */
final class ValueTypes {

    private static final Map<Class<?>, ValueType> BY_CLASS = new HashMap<>();
    private static final @Nullable ValueType[] BY_CODE = new @Nullable ValueType[256];

    static {
        add(new Text());
        for (PrimitiveType each : PrimitiveType.values()) {
            add(new Boxed(each));
            add(new PrimitiveArray(each));
        }
        add(new Uuid());
        TimeTypes.ALL.forEach(ValueTypes::add);
        add(new Whole());
        add(new Decimal());
    }

    private ValueTypes() {}

    private static void add(ValueType type) {
        BY_CLASS.put(type.type, type);
        BY_CODE[type.code] = type;
    }

    static @Nullable ValueType of(Class<?> type) {
        return BY_CLASS.get(type);
    }

    /** @param code 0 to 255 */
    static @Nullable ValueType of(int code) {
        return BY_CODE[code];
    }

    /** Also how an enum's constant is written: by its name. */
    static final class Text extends ValueType {
        static final Text INSTANCE = new Text();

        Text() {
            super('T', String.class);
        }

        @Override
        long size(Object value) {
            return 4 + RecordOutput.sizeOf((String) value);
        }

        @Override
        void write(RecordOutput out, Object value) {
            out.writeText((String) value);
        }

        @Override
        Object read(RecordInput in) throws IOException {
            return in.text(in.length(1));
        }
    }

    private static final class Boxed extends ValueType {
        private final PrimitiveType primitive;

        Boxed(PrimitiveType primitive) {
            super(Character.toLowerCase(primitive.code), primitive.boxed);
            this.primitive = primitive;
        }

        @Override
        long size(Object value) {
            return primitive.width;
        }

        @Override
        void write(RecordOutput out, Object value) {
            primitive.write(out, primitive.unbox(value));
        }

        @Override
        Object read(RecordInput in) throws IOException {
            return primitive.box(primitive.read(in));
        }
    }

    private static final class Uuid extends ValueType {
        Uuid() {
            super('U', UUID.class);
        }

        @Override
        long size(Object value) {
            return 16;
        }

        @Override
        void write(RecordOutput out, Object value) {
            UUID uuid = (UUID) value;
            out.writeLong(uuid.getMostSignificantBits());
            out.writeLong(uuid.getLeastSignificantBits());
        }

        @Override
        Object read(RecordInput in) throws IOException {
            return new UUID(in.signedLong(), in.signedLong());
        }
    }

    private static final class Whole extends ValueType {
        Whole() {
            super('G', BigInteger.class);
        }

        @Override
        long size(Object value) {
            return 4 + bytesOf((BigInteger) value);
        }

        @Override
        void write(RecordOutput out, Object value) {
            writeWhole(out, (BigInteger) value);
        }

        @Override
        Object read(RecordInput in) throws IOException {
            return readWhole(in);
        }
    }

    private static final class Decimal extends ValueType {
        Decimal() {
            super('M', BigDecimal.class);
        }

        @Override
        long size(Object value) {
            return 8 + bytesOf(((BigDecimal) value).unscaledValue());
        }

        @Override
        void write(RecordOutput out, Object value) {
            BigDecimal decimal = (BigDecimal) value;
            out.writeInt(decimal.scale());
            writeWhole(out, decimal.unscaledValue());
        }

        @Override
        Object read(RecordInput in) throws IOException {
            int scale = in.signedInt();
            return new BigDecimal(readWhole(in), scale);
        }
    }

    private static long bytesOf(BigInteger value) {
        return value.bitLength() / 8 + 1L;
    }

    private static void writeWhole(RecordOutput out, BigInteger value) {
        byte[] bytes = value.toByteArray();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static BigInteger readWhole(RecordInput in) throws IOException {
        return new BigInteger(in.take(in.length(1)));
    }
}
