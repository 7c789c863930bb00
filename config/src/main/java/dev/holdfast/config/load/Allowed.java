package dev.holdfast.config.load;

import dev.holdfast.config.NamePatterns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What the values of settings may be. */
final class Allowed {

    static final long KIB = 1024;
    static final long MIB = 1024 * KIB;
    static final long GIB = 1024 * MIB;
    static final long TIB = 1024 * GIB;
    static final int MOST_MEMBERS = 1_000;
    static final int MOST_PATTERNS = 10_000;

    /** The names of an executor or a protection: anything printable. */
    static final Limit<String> SERVICE_NAME = named(
            "(?=\\S)[^\\p{Cc}\\p{Cs}\\uFFFE\\uFFFF]{1,255}(?<=\\S)",
            "1 to 255 characters, no space at either end, no control characters");

    static final Limit<String> NODE_NAME = named("[\\p{L}\\p{N}._-]{1,64}", "1 to 64 letters, digits, `.`, `_` or `-`");
    static final Limit<String> HOST = named("[^\\s\\p{Cc}/]{1,255}", "a host name or address");
    static final Limit<Path> FILE = Limit.matching(path -> !path.toString().isEmpty(), "");
    static final Limit<String> ENDPOINT = Limit.matching(Endpoints::isEndpoint, "host:port or [IPv6]:port");
    static final Limit<String> CLASS_PATTERN = Limit.matching(
            NamePatterns::isClassPattern, "com.acme.Job, com.acme.*, com.acme.**, com.acme.Jo*, or ** for every class");

    private Allowed() {}

    static Limit<Integer> ints(int least, int most) {
        return Limit.between(ValueTypes.INT, least, most);
    }

    static Limit<Long> longs(long least, long most) {
        return Limit.between(ValueTypes.LONG, least, most);
    }

    static Limit<Long> sizes(long least, long most) {
        return Limit.between(Sizes.TYPE, least, most);
    }

    static Limit<Duration> times(Duration least, Duration most) {
        return Limit.between(Durations.TYPE, least, most);
    }

    private static Limit<String> named(String regex, String description) {
        Predicate<String> whole = Pattern.compile(regex).asMatchPredicate();
        return Limit.matching(whole, description);
    }
}
