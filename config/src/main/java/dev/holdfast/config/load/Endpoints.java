package dev.holdfast.config.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code host:port}; an IPv6 address stands in brackets. */
public final class Endpoints {
    private static final Pattern ENDPOINT =
            Pattern.compile("(?:\\[[0-9A-Fa-f:.%\\p{Alnum}]{2,64}]|[\\p{L}\\p{N}._-]{1,253}):([0-9]{1,5})");

    private Endpoints() {}

    /** Whether the text is one, with a port from 1 to 65535. */
    public static boolean isEndpoint(String text) {
        Matcher parts = ENDPOINT.matcher(text);
        if (!parts.matches()) {
            return false;
        }
        int port = Integer.parseInt(parts.group(1));
        return port >= 1 && port <= 65_535;
    }
}
