package dev.holdfast.config.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The text of a file: UTF-8, strictly, and of a bounded length. */
final class SourceText {
    /** A configuration of ten thousand executors has this size. */
    static final int MOST_BYTES = 1024 * 1024;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private SourceText() {}

    /** The text, or null after a problem was added. The stream stays open. */
    static @Nullable String read(InputStream in, String label, Problems problems) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            problems.add(label, "", null, "the file is too large", "at most 1MiB", null);
            return null;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer input = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(input, text, true);
        if (result.isError()) {
            String where = place(label, bytes, input.position());
            problems.add(where, "", null, "the file is not UTF-8", "UTF-8 throughout", null);
            return null;
        }
        String whole = text.flip().toString();
        return !whole.isEmpty() && whole.charAt(0) == BYTE_ORDER_MARK ? whole.substring(1) : whole;
    }

    private static String place(String label, byte[] bytes, int end) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < end; i++) {
            boolean newLine = bytes[i] == '\n';
            line += newLine ? 1 : 0;
            column = newLine ? 1 : column + 1;
        }
        return at(label, line, column);
    }

    /** Line and column are counted from 1. */
    static String at(String label, int line, int column) {
        return label + ":" + line + ":" + column;
    }
}
