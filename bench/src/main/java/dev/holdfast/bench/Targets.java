package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What has to be reached, as ratios of medians within one run, or as figures. */
final class Targets {

    private final Results results;
    private final List<String> lines = new ArrayList<>();

    private Targets(Results results) {
        this.results = results;
    }

    /** A table in Markdown of those whose scenarios were measured. */
    static String table(Results results) {
        Targets targets = new Targets(results);
        targets.throughput();
        targets.latency();
        targets.alone();
        targets.clusters();
        return "\n### Targets\n\n| figure | wanted | is | |\n|---|---|---:|---|\n" + String.join("\n", targets.lines);
    }

    private void throughput() {
        for (int bytes : new int[] {128, 1024}) {
            for (int submitters : new int[] {1, 4}) {
                String scenario = "async-" + bytes + "-" + submitters;
                atLeast(10, scenario, "k/s", "hazelcast");
                atLeast(submitters == 1 ? 0.8 : 1.2, scenario, "k/s", "bare");
            }
            atLeast(5, "blocking-" + bytes, "k/s", "hazelcast");
            ratio("always-" + bytes, "holdfast-always", "k/s", "bare-group", 1, true);
        }
        atLeast(5, "retrieve-dispose", "k/s", "hazelcast");
    }

    private void latency() {
        for (int bytes : new int[] {128, 1024}) {
            String scenario = "one-" + bytes;
            atMost(1 / 4.0, scenario, "result p50 us", "hazelcast");
            atMost(2, scenario, "result p50 us", "bare");
            atMost(1 / 8.0, scenario, "stored p50 us", "hazelcast");
            atMost(2, scenario, "stored p50 us", "bare");
            atMost(1 / 4.0, scenario, "result p99.9 us", "hazelcast");
            atMost(1 / 4.0, scenario, "stored p99.9 us", "hazelcast");
        }
    }

    private void alone() {
        figure("recover", "k records/s", 1_000, true);
        figure("recover-64m", "k records", 10_000, true);
        figure("heap", "unfinished B", 400, false);
        figure("heap", "finished B", 300, false);
        figure("cold", "ms", 1_500, false);
        figure("idle", "% of a core", 0.5, false);
        figure("idle-full", "% of a core", 0.5, false);
        figure("checkpoint", "p99.9 with / without", 3, false);
    }

    private void clusters() {
        for (int members : new int[] {2, 3}) {
            String ours = "holdfast-" + members;
            String rival = "hazelcast-" + members;
            String name = "cluster" + members;
            ratio(name + "-async-1", ours, "k/s", rival, 10, true);
            ratio(name + "-async-4", ours, "k/s", rival, 10, true);
            ratio(name + "-blocking", ours, "k/s", rival, 3, true);
            ratio(name + "-one", ours, "result p50 us", rival, 1 / 3.0, false);
        }
        figure("cluster-idle", "the busiest, %", 4, false);
        figure("cluster-join", "catching up / before", 2, false);
        figure("failover-kill", "first submit ms", 500, false);
        figure("failover-kill-leader", "first submit ms", 2_500, false);
        figure("failover-stop", "first submit ms", 3_000, false);
        figure("failover-stop-leader", "first submit ms", 5_000, false);
    }

    private void atLeast(double wanted, String scenario, String figure, String rival) {
        ratio(scenario, "holdfast", figure, rival, wanted, true);
    }

    private void atMost(double wanted, String scenario, String figure, String rival) {
        ratio(scenario, "holdfast", figure, rival, wanted, false);
    }

    private void ratio(String scenario, String ours, String figure, String rival, double wanted, boolean atLeast) {
        OptionalDouble mine = results.median(scenario, ours, figure);
        OptionalDouble theirs = results.median(scenario, rival, figure);
        if (mine.isPresent() && theirs.isPresent()) {
            add(scenario + ": " + figure + " / " + rival, mine.getAsDouble() / theirs.getAsDouble(), wanted, atLeast);
        }
    }

    private void figure(String scenario, String figure, double wanted, boolean atLeast) {
        OptionalDouble value = results.median(scenario, "holdfast", figure);
        if (value.isPresent()) {
            add(scenario + ": " + figure, value.getAsDouble(), wanted, atLeast);
        }
    }

    private void add(String name, double is, double wanted, boolean atLeast) {
        boolean met = atLeast ? is >= wanted : is <= wanted;
        lines.add("| " + name + " | " + (atLeast ? ">= " : "<= ") + Results.number(wanted) + " | " + Results.number(is)
                + " | " + (met ? "met" : "**missed**") + " |");
    }
}
