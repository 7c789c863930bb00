package dev.holdfast.storage.log.frame;

import java.util.Arrays;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.wire.BinaryWire;
import net.openhft.chronicle.wire.ValueIn;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one body's Wire part, read whole before any is used. The bytes were checked by their CRC before; what does
 * not read all the same was written by something else. One thread at a time, used again for every record.
 */
final class FieldValues {

    private static final int CACHED_TEXTS = 256;

    private final long[] numbers = new long[Field.FIRST_TEXT];
    private final @Nullable String[] texts = new @Nullable String[Field.LIMIT - Field.FIRST_TEXT];
    private final String[] recent = new String[CACHED_TEXTS];
    private final StringBuilder builder = new StringBuilder();
    private long numbersSeen;
    private long textsSeen;

    FieldValues() {
        Arrays.fill(recent, "");
    }

    /**
     * @throws UnknownFieldException a field that this version does not know
     * @throws RuntimeException not fields at all
     */
    void read(Bytes<?> bytes, BinaryWire wire, long start, int length) {
        numbersSeen = 0;
        textsSeen = 0;
        bytes.readPositionRemaining(start, length);
        while (bytes.readRemaining() > 0) {
            long field = wire.readEventNumber();
            ValueIn value = wire.getValueIn();
            if (field > 0 && field < Field.FIRST_TEXT) {
                numbers[(int) field] = value.int64();
                numbersSeen |= 1L << field;
            } else if (field >= Field.FIRST_TEXT && field < Field.LIMIT) {
                int index = (int) field - Field.FIRST_TEXT;
                texts[index] = read(value);
                textsSeen |= 1L << index;
            } else {
                throw new UnknownFieldException(field);
            }
        }
    }

    /** Refuses fields that stand in neither mask: bits of numbers, and of texts less {@link Field#FIRST_TEXT}. */
    void allow(long numberMask, long textMask) {
        long unknownNumbers = numbersSeen & ~numberMask;
        long unknownTexts = textsSeen & ~textMask;
        if (unknownNumbers != 0) {
            throw new UnknownFieldException(Long.numberOfTrailingZeros(unknownNumbers));
        }
        if (unknownTexts != 0) {
            throw new UnknownFieldException(Field.FIRST_TEXT + Long.numberOfTrailingZeros(unknownTexts));
        }
    }

    boolean has(int field) {
        return (numbersSeen & (1L << field)) != 0;
    }

    /** Whether there is a number of {@code numberMask}. */
    boolean hasAny(long numberMask) {
        return (numbersSeen & numberMask) != 0;
    }

    long number(int field) {
        return has(field) ? numbers[field] : 0;
    }

    long number(int field, long defaultValue) {
        return has(field) ? numbers[field] : defaultValue;
    }

    int smallNumber(int field) {
        return Math.toIntExact(number(field));
    }

    boolean flag(int field) {
        return number(field) != 0;
    }

    @Nullable
    String text(int field) {
        int index = field - Field.FIRST_TEXT;
        return (textsSeen & (1L << index)) == 0 ? null : texts[index];
    }

    String required(int field) {
        String text = text(field);
        if (text == null) {
            throw new IllegalStateException("A field is missing: field=" + field);
        }
        return text;
    }

    /** Names of executors, classes and codecs come again and again: one object for all of them. */
    private String read(ValueIn value) {
        builder.setLength(0);
        value.textTo(builder);
        int hash = 0;
        for (int i = 0; i < builder.length(); i++) {
            hash = 31 * hash + builder.charAt(i);
        }
        int slot = (hash ^ (hash >>> 16)) & (CACHED_TEXTS - 1);
        if (!recent[slot].contentEquals(builder)) {
            recent[slot] = builder.toString();
        }
        return recent[slot];
    }

    /** A field that a later version added. */
    static final class UnknownFieldException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnknownFieldException(long field) {
            super("field=" + field);
        }
    }
}
