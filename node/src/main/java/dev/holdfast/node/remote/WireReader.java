package dev.holdfast.node.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link WireWriter} wrote. Nothing is allocated for a length that is longer than what has arrived, and nothing of
 * the bytes is kept. One thread.
 */
final class WireReader {

    private static final int FIRST_ELEMENTS = 256;

    private final ByteBuffer bytes;

    private WireReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * What {@code reading} finds in {@code bytes}, all of them.
     *
     * @throws MalformedMessageException something else is in them
     */
    static <T> T read(ByteBuffer bytes, Function<WireReader, T> reading) {
        try {
            WireReader reader = new WireReader(bytes);
            int layout = reader.u8();
            if (layout != WireWriter.LAYOUT) {
                throw new MalformedMessageException("An unknown layout: layout=" + layout + ", known="
                        + WireWriter.LAYOUT + "; the other side is of another version");
            }
            T value = reading.apply(reader);
            if (bytes.hasRemaining()) {
                throw new MalformedMessageException("Bytes behind the end: count=" + bytes.remaining());
            }
            return value;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedMessageException("Not a message of this protocol: found " + e, e);
        }
    }

    int u8() {
        return Byte.toUnsignedInt(bytes.get());
    }

    boolean flag() {
        int value = u8();
        if (value > 1) {
            throw new MalformedMessageException("No truth value: value=" + value);
        }
        return value == 1;
    }

    int u16() {
        return Short.toUnsignedInt(bytes.getShort());
    }

    int i32() {
        return bytes.getInt();
    }

    long i64() {
        return bytes.getLong();
    }

    /** From 0. */
    int count() {
        int count = i32();
        if (count < 0) {
            throw new MalformedMessageException("Not a number of things: count=" + count);
        }
        return count;
    }

    @Nullable
    String text() {
        int length = i32();
        return length == WireWriter.ABSENT ? null : new String(ofLength(length), UTF_8);
    }

    String requiredText() {
        String text = text();
        if (text == null) {
            throw new MalformedMessageException("A text is missing");
        }
        return text;
    }

    byte[] bytes() {
        return ofLength(i32());
    }

    private byte[] ofLength(int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new MalformedMessageException(
                    "A length that does not fit: length=" + length + ", remaining=" + bytes.remaining());
        }
        byte[] value = new byte[length];
        bytes.get(value);
        return value;
    }

    /** As many as the count in front of them says; a list grows with what has arrived. */
    <T> List<T> list(Function<WireReader, T> element) {
        int count = count();
        List<T> elements = new ArrayList<>(Math.min(count, FIRST_ELEMENTS));
        for (int i = 0; i < count; i++) {
            elements.add(element.apply(this));
        }
        return elements;
    }

    /** The constant of that number, counted from 0 in the order of declaration. */
    <E extends Enum<E>> E constant(E[] constants) {
        int number = u8();
        if (number >= constants.length) {
            throw new MalformedMessageException("An unknown constant: number=" + number + ", of="
                    + constants.getClass().getComponentType().getSimpleName());
        }
        return constants[number];
    }
}
