package dev.holdfast.node.codec.stream;

import java.util.Arrays;

/** Reads big-endian values and never beyond its bytes: every length is checked before anything of it is made. */
final class Cursor {

    private final byte[] bytes;
    private int at;

    Cursor(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = Math.min(Math.max(at, 0), bytes.length);
    }

    int offset() {
        return at;
    }

    int left() {
        return bytes.length - at;
    }

    /** The next byte, which stays. */
    int peek() throws StreamProblem {
        need(1);
        return bytes[at] & 0xff;
    }

    int unsignedByte() throws StreamProblem {
        need(1);
        return bytes[at++] & 0xff;
    }

    int unsignedShort() throws StreamProblem {
        return unsignedByte() << 8 | unsignedByte();
    }

    int signedInt() throws StreamProblem {
        return unsignedShort() << 16 | unsignedShort();
    }

    long signedLong() throws StreamProblem {
        return (long) signedInt() << 32 | (signedInt() & 0xffff_ffffL);
    }

    /** Steps over {@code count} bytes and gives the first of them, {@code most} at most. */
    byte[] take(long count, int most) throws StreamProblem {
        need(count);
        byte[] head = Arrays.copyOfRange(bytes, at, at + (int) Math.min(count, most));
        at += (int) count;
        return head;
    }

    /** Steps over a text of {@code count} bytes of modified UTF-8 and gives its first {@code most} characters. */
    String text(long count, int most) throws StreamProblem {
        need(count);
        int end = at + (int) count;
        StringBuilder text = new StringBuilder((int) Math.min(count, most));
        while (at < end && text.length() < most) {
            text.append(character(end));
        }
        at = end;
        return text.toString();
    }

    private char character(int end) {
        int first = bytes[at++] & 0xff;
        if (first < 0x80) {
            return (char) first;
        }
        if (first >> 5 == 0b110 && at < end) {
            return (char) ((first & 0x1f) << 6 | (bytes[at++] & 0x3f));
        }
        if (first >> 4 == 0b1110 && at + 1 < end) {
            return (char) ((first & 0x0f) << 12 | (bytes[at++] & 0x3f) << 6 | (bytes[at++] & 0x3f));
        }
        return '\ufffd';
    }

    private void need(long count) throws StreamProblem {
        if (count < 0 || count > left()) {
            throw new StreamProblem("it ends early: offset=" + at + ", needed=" + count + ", left=" + left());
        }
    }
}
