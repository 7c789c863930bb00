package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A load and who is put under it.
 *
 * @param name for the command line, and for {@link Targets}
 * @param title for the table
 * @param load of {@code dev.holdfast.bench.load.Measurement}
 * @param contenders in the order of a round
 * @param options of the load
 * @param heap {@code -Xmx} of each JVM
 */
record Scenario(
        String name, String title, String load, List<String> contenders, Map<String, Object> options, String heap) {

    static final int WARM_UP_SECONDS = 12;

    /** Two or three JVMs compile on the same cores: on a slow machine their rate was seen to grow for 40 s. */
    static final int MEMBERS_WARM_UP_SECONDS = 40;

    private static final String HEAP = "2g";
    private static final int OUTSTANDING = 256;
    private static final int LIVE = 1_000;
    private static final long MANY_RECORDS = 10_000_000;

    /** The preparation of a scenario: one JVM whose directory its rounds are given; its load, or none. */
    String preparation() {
        return load.equals("recover") ? "fill" : "";
    }

    static List<Scenario> all(int seconds) {
        List<Scenario> all = new ArrayList<>();
        for (int bytes : new int[] {128, 1024}) {
            for (int submitters : new int[] {1, 4}) {
                all.add(throughput(bytes, submitters, seconds));
            }
            all.add(blocking(bytes, seconds));
            all.add(oneOutstanding(bytes, seconds));
            all.add(always(bytes, seconds));
        }
        all.add(new Scenario(
                "retrieve-dispose",
                "retrieve and dispose by id, two calls, one thread, 128 B",
                "retrieve-dispose",
                List.of("holdfast", "hazelcast"),
                retrieving(Math.max(1, seconds / 2)),
                HEAP));
        all.add(recover("recover", "recovery in a new JVM, records of about 256 B, warm files", 4_000_000, HEAP));
        all.add(recover(
                "recover-64m", "recovery of 10,000,000 records, 1,000 live, heap of 64 MiB", MANY_RECORDS, "64m"));
        all.add(alone("heap", "heap per stored task, 128 B", "heap", Map.of("bytes", 128, "tasks", 500_000)));
        all.add(new Scenario(
                "cold",
                "from the start of the JVM to the first result, empty directory",
                "cold",
                List.of("holdfast", "hazelcast"),
                Map.of("bytes", 128),
                HEAP));
        all.add(alone("idle", "an idle node", "idle", Map.of("bytes", 128, "results", 0, "seconds", 20)));
        all.add(alone(
                "idle-full",
                "an idle node with 1,000,000 stored results",
                "idle",
                Map.of("bytes", 128, "results", 1_000_000, "seconds", 20)));
        all.add(alone(
                "checkpoint",
                "submit to stored while a checkpoint is written and while none is: 8,000 tasks/s, 1 KiB, one partition,"
                        + " segments of 16 MiB, 100,000 live results",
                "checkpoint",
                checkpointing(seconds)));
        for (int members : new int[] {2, 3}) {
            clusters(members, seconds, all);
        }
        all.add(new Scenario(
                "cluster-idle",
                "three idle members, default settings",
                "cluster-idle",
                List.of("holdfast"),
                Map.of("seconds", 20),
                HEAP));
        all.add(join());
        for (String signal : new String[] {"KILL", "STOP"}) {
            for (boolean leader : new boolean[] {false, true}) {
                all.add(failover(signal, leader));
            }
        }
        all.add(profile("cpu", "share of samples of running Java code", seconds));
        all.add(profile("alloc", "bytes allocated for a task", seconds));
        return all;
    }

    private static void clusters(int members, int seconds, List<Scenario> all) {
        String name = "cluster" + members;
        String what = members + " members, durability " + (members - 1) + ", 128 B: ";
        List<String> contenders =
                List.of("holdfast-" + members, "holdfast-" + members + "-always", "hazelcast-" + members);
        for (int submitters : new int[] {1, 4}) {
            all.add(new Scenario(
                    name + "-async-" + submitters,
                    what + "submitAsync, " + OUTSTANDING + " outstanding, " + of(submitters),
                    "throughput",
                    contenders,
                    members(loaded(128, submitters, seconds)),
                    HEAP));
        }
        all.add(new Scenario(
                name + "-blocking",
                what + "blocking submit, " + OUTSTANDING + " outstanding, 4 submitters",
                "blocking",
                contenders,
                members(loaded(128, 4, seconds)),
                HEAP));
        all.add(new Scenario(
                name + "-one",
                what + "one outstanding",
                "one-outstanding",
                contenders,
                members(timed(128, seconds)),
                HEAP));
    }

    private static Map<String, Object> members(Map<String, Object> options) {
        options.put("warm-up", MEMBERS_WARM_UP_SECONDS);
        return options;
    }

    private static Scenario join() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("bytes", 1024);
        options.put("outstanding", OUTSTANDING);
        options.put("megabytes", 1024);
        options.put("rate", 1_000);
        options.put("seconds", 10);
        return new Scenario(
                "cluster-join",
                "a third member joins two and copies 1 GB of log, while a client submits 1,000 tasks of 1 KiB a second",
                "join",
                List.of("holdfast"),
                options,
                "1g");
    }

    private static Scenario failover(String signal, boolean leader) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("signal", signal);
        options.put("leader", leader);
        options.put("outstanding", 2_000);
        options.put("warm-up", MEMBERS_WARM_UP_SECONDS);
        options.put("seconds", 10);
        return new Scenario(
                "failover-" + signal.toLowerCase(Locale.ROOT) + (leader ? "-leader" : ""),
                "three members, SIG" + signal + " of one that " + (leader ? "leads" : "does not lead")
                        + " the control plane",
                "failover",
                signal.equals("KILL") && !leader
                        ? List.of("holdfast", "holdfast-member", "hazelcast", "hazelcast-member")
                        : List.of("holdfast"),
                options,
                "1g");
    }

    private static Scenario profile(String of, String title, int seconds) {
        Map<String, Object> options = loaded(128, 1, Math.max(5, seconds));
        options.put("of", of);
        return new Scenario(
                "profile-" + of,
                title + ", by stage; submitAsync, " + OUTSTANDING + " outstanding, 1 submitter, 128 B",
                "profile",
                List.of("holdfast", "holdfast-class"),
                options,
                HEAP);
    }

    private static Scenario throughput(int bytes, int submitters, int seconds) {
        return new Scenario(
                "async-" + bytes + "-" + submitters,
                "submitAsync, " + OUTSTANDING + " outstanding, " + of(submitters) + ", " + bytes + " B",
                "throughput",
                besideOurs(bytes),
                loaded(bytes, submitters, seconds),
                HEAP);
    }

    /** Those that say more about the machine and the codec than about a record's length once only. */
    private static List<String> besideOurs(int bytes) {
        return bytes <= 128
                ? List.of("pool", "bare", "holdfast", "holdfast-class", "hazelcast")
                : List.of("bare", "holdfast", "hazelcast");
    }

    private static Scenario blocking(int bytes, int seconds) {
        return new Scenario(
                "blocking-" + bytes,
                "blocking submit, " + OUTSTANDING + " outstanding, 4 submitters, " + bytes + " B",
                "blocking",
                List.of("holdfast", "hazelcast"),
                loaded(bytes, 4, seconds),
                HEAP);
    }

    private static Scenario oneOutstanding(int bytes, int seconds) {
        return new Scenario(
                "one-" + bytes,
                "one outstanding, " + bytes + " B",
                "one-outstanding",
                besideOurs(bytes),
                timed(bytes, seconds),
                HEAP);
    }

    private static Scenario always(int bytes, int seconds) {
        return new Scenario(
                "always-" + bytes,
                "sync: always, submitAsync, " + OUTSTANDING + " outstanding, 1 submitter, " + bytes + " B",
                "throughput",
                List.of("bare-group", "holdfast-always"),
                loaded(bytes, 1, seconds),
                HEAP);
    }

    private static Scenario recover(String name, String title, long records, String heap) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("bytes", 96); // with class names and framing about 256 for each record
        options.put("records", records);
        options.put("live", LIVE);
        options.put("partitions", 16);
        return new Scenario(name, title, "recover", List.of("holdfast"), options, heap);
    }

    private static Scenario alone(String name, String title, String load, Map<String, Object> options) {
        return new Scenario(name, title, load, List.of("holdfast"), options, HEAP);
    }

    /** Long enough for some checkpoints: each 100 MB or so that are logged make one due. */
    private static Map<String, Object> checkpointing(int seconds) {
        Map<String, Object> options = timed(1024, 8 * seconds);
        options.put("results", 100_000);
        options.put("per-second", 8_000);
        return options;
    }

    private static Map<String, Object> timed(int bytes, int seconds) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("bytes", bytes);
        options.put("warm-up", WARM_UP_SECONDS);
        options.put("seconds", seconds);
        return options;
    }

    /** A short warm-up: only the two calls count, and storing what they take takes many times as long. */
    private static Map<String, Object> retrieving(int seconds) {
        Map<String, Object> options = timed(128, seconds);
        options.put("warm-up", 2);
        return options;
    }

    private static Map<String, Object> loaded(int bytes, int submitters, int seconds) {
        Map<String, Object> options = timed(bytes, seconds);
        options.put("submitters", submitters);
        options.put("outstanding", OUTSTANDING);
        return options;
    }

    private static String of(int submitters) {
        return submitters + (submitters == 1 ? " submitter" : " submitters");
    }
}
