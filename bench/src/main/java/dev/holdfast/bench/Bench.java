package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The tables: every scenario, every contender, each round in a JVM of its own, contenders in turn within a round so that a
 * slow minute of the machine hits all of them. Median and, in brackets, least and most of the rounds.
 *
 * <p>{@code java -jar holdfast-bench.jar [ROUNDS [SECONDS [SCENARIO...]]]}: 3 rounds of 5 seconds of all scenarios unless
 * told; a scenario is named, or the beginning of some names.
 */
final class Bench {

    private Bench() {}

    public static void main(String[] words) throws Exception {
        int rounds = words.length > 0 ? Integer.parseInt(words[0]) : 3;
        int seconds = words.length > 1 ? Integer.parseInt(words[1]) : 5;
        List<String> wanted = words.length > 2 ? Arrays.asList(words).subList(2, words.length) : List.of("");
        List<Scenario> scenarios = Scenario.all(seconds).stream()
                .filter(each -> wanted.stream().anyMatch(each.name()::startsWith))
                .toList();
        if (scenarios.isEmpty()) {
            throw new IllegalArgumentException("No such scenario: wanted=" + wanted + ", known="
                    + Scenario.all(seconds).stream().map(Scenario::name).toList());
        }
        System.out.println(machine(rounds, seconds));
        Results results = new Results();
        for (Scenario scenario : scenarios) {
            measure(scenario, rounds, results);
            System.out.print(results.table(scenario));
            System.out.flush();
        }
        System.out.println(Targets.table(results));
        System.out.println("\n" + machine(rounds, seconds));
    }

    /** Printed at the beginning and at the end: two runs, or halves of one, whose calibrations differ can not be compared. */
    private static String machine(int rounds, int seconds) throws IOException {
        return String.format(
                Locale.ROOT,
                "%s: JDK %s, %d cores, CRC32C of 1 KiB in %.0f ns; pool of 2 threads, heap of 2 GiB,%s CRC on, 16 partitions,"
                        + " %d rounds of %d s after %d s, of members after %d s",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                Calibration.crcNanos(),
                ContenderJvm.hasHugePages() ? " huge pages," : "",
                rounds,
                seconds,
                Scenario.WARM_UP_SECONDS,
                Scenario.MEMBERS_WARM_UP_SECONDS);
    }

    private static void measure(Scenario scenario, int rounds, Results results)
            throws IOException, InterruptedException {
        if (scenario.preparation().isEmpty()) {
            for (int round = 0; round < rounds; round++) {
                measureOnce(scenario, results);
            }
            return;
        }
        Path directory = ContenderJvm.newDirectory();
        try {
            ContenderJvm.measure(scenario.preparation(), "holdfast", scenario.options(), "2g", directory);
            for (int round = 0; round < rounds; round++) {
                results.add(
                        scenario.name(),
                        "holdfast",
                        ContenderJvm.measure(
                                scenario.load(), "holdfast", scenario.options(), scenario.heap(), directory));
            }
        } finally {
            ContenderJvm.delete(directory);
        }
    }

    private static void measureOnce(Scenario scenario, Results results) throws IOException, InterruptedException {
        for (String contender : scenario.contenders()) {
            Path directory = ContenderJvm.newDirectory();
            try {
                results.add(
                        scenario.name(),
                        contender,
                        ContenderJvm.measure(
                                scenario.load(), contender, scenario.options(), scenario.heap(), directory));
            } finally {
                ContenderJvm.delete(directory);
            }
        }
    }
}
