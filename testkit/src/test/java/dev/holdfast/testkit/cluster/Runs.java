package dev.holdfast.testkit.cluster;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** What tasks of members in this JVM did, by their tokens, which are never used twice. */
final class Runs {

    private static final Map<String, List<String>> VALUES = new ConcurrentHashMap<>();
    private static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();

    private Runs() {}

    static void started(String token, String value) {
        VALUES.computeIfAbsent(token, unused -> new CopyOnWriteArrayList<>()).add(value);
    }

    /** The value of each start, in order. */
    static List<String> of(String token) {
        return VALUES.getOrDefault(token, List.of());
    }

    static CountDownLatch gate(String name) {
        return GATES.computeIfAbsent(name, unused -> new CountDownLatch(1));
    }
}
