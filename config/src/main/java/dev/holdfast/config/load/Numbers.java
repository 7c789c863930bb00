package dev.holdfast.config.load;

import java.util.regex.Pattern;

/** Numbers for people. */
final class Numbers {
    private static final Pattern THOUSANDS = Pattern.compile("(?<=[0-9])(?=(?:[0-9]{3})+$)");

    private Numbers() {}

    /** {@code 10,000} for {@code 10000}; anything else as it is. */
    static String grouped(String text) {
        return text.length() > 4 ? THOUSANDS.matcher(text).replaceAll(",") : text;
    }
}
