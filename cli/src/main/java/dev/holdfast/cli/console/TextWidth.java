package dev.holdfast.cli.console;

/**
 * Places that a text takes on a terminal: two for a Chinese, Japanese or Korean character and most emoji, none for a
 * combining mark (the blocks of Unicode's EastAsianWidth.txt, roughly).
 */
final class TextWidth {

    /** First and last code points of what is two places wide. */
    private static final int[][] WIDE = {
        {0x1100, 0x115F},
        {0x2E80, 0x303E},
        {0x3041, 0x33FF},
        {0x3400, 0x4DBF},
        {0x4E00, 0x9FFF},
        {0xA000, 0xA4CF},
        {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F},
        {0xFF00, 0xFF60},
        {0xFFE0, 0xFFE6},
        {0x1F300, 0x1F64F},
        {0x1F680, 0x1F6FF},
        {0x1F900, 0x1F9FF},
        {0x20000, 0x3FFFD}
    };

    private TextWidth() {}

    static int of(String text) {
        int width = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            width += of(text.codePointAt(at));
        }
        return width;
    }

    private static int of(int point) {
        if (point < WIDE[0][0]) {
            return point < 0x300 || !isMark(point) ? 1 : 0;
        }
        for (int[] block : WIDE) {
            if (point >= block[0] && point <= block[1]) {
                return 2;
            }
        }
        return isMark(point) ? 0 : 1;
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    /** {@code text} in at most {@code width} places; what was cut ends in {@code …}. Knows no escape sequences. */
    static String cut(String text, int width) {
        if (of(text) <= width) {
            return text;
        }
        int taken = 0;
        int end = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            if (taken + of(point) > width - 1) {
                break;
            }
            taken += of(point);
            end += Character.charCount(point);
        }
        return text.substring(0, end) + "…";
    }
}
