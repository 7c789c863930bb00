package dev.holdfast.bench.load;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What a measurement is told: {@code key=value} words on the command line of its JVM. */
public record Options(Map<String, String> values) {

    /** Threads that run tasks, for every contender. */
    public static final int POOL_SIZE = 2;

    static Options parse(Iterable<String> words) {
        Map<String, String> values = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("Not key=value: word=" + word);
            }
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new Options(values);
    }

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("Missing option: key=" + key + ", given=" + values);
        }
        return value;
    }

    int number(String key) {
        return Integer.parseInt(text(key));
    }

    long longNumber(String key) {
        return Long.parseLong(text(key));
    }

    /** Where the contender may write. */
    Path directory() {
        return Path.of(text("directory"));
    }
}
