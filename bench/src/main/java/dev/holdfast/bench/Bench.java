package dev.holdfast.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The table: every load, every contender, each round in a JVM of its own, contenders in turn within a round so that a slow
 * minute of the machine hits all of them. Median and, in brackets, least and most of the rounds.
 *
 * <p>{@code java -jar holdfast-bench.jar [ROUNDS [SECONDS]]}, 3 rounds of 5 seconds unless told.
 */
final class Bench {
    private static final List<String> CONTENDERS = List.of("bare", "holdfast");
    private static final int WARM_UP_SECONDS = 3;
    private static final String HEAP = "-Xmx2g";

    private Bench() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        System.out.printf(
                Locale.ROOT,
                "%s, %d cores, CRC32C of 1 KiB: %.0f ns; pool of %d, %s, %d rounds of %d s after %d s%n",
                "JDK " + Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                Calibration.crcNanos(),
                Load.POOL_SIZE,
                HEAP,
                rounds,
                seconds,
                WARM_UP_SECONDS);
        for (Load load : loads(seconds)) {
            print(load, measure(load, rounds));
        }
    }

    private static List<Load> loads(int seconds) {
        return List.of(
                new Load(128, 1, 1, WARM_UP_SECONDS, seconds),
                new Load(128, 1, 256, WARM_UP_SECONDS, seconds),
                new Load(128, 4, 256, WARM_UP_SECONDS, seconds),
                new Load(1024, 1, 256, WARM_UP_SECONDS, seconds));
    }

    private static Map<String, List<Measured>> measure(Load load, int rounds) throws Exception {
        Map<String, List<Measured>> found = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String contender : CONTENDERS) {
                found.computeIfAbsent(contender, name -> new ArrayList<>()).add(inItsOwnJvm(contender, load));
            }
        }
        return found;
    }

    private static Measured inItsOwnJvm(String contender, Load load) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(contender, load))
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        "The round failed: contender=" + contender + ", status=" + status + "; it said:\n" + output);
            }
            return Measured.fromOutput(output);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> command(String contender, Load load) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                HEAP,
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "-Dchronicle.analytics.disable=true",
                "-Dchronicle.announcer.disable=true",
                "-Dchronicle.disk.monitor.disable=true"));
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Round.class.getName(), contender));
        for (int value : new int[] {
            load.payloadBytes(), load.submitters(), load.outstanding(), load.warmUpSeconds(), load.seconds()
        }) {
            command.add(Integer.toString(value));
        }
        return command;
    }

    private static void print(Load load, Map<String, List<Measured>> found) {
        System.out.printf(Locale.ROOT, "%n%-34s%s%n", load.describe(), Measured.names());
        found.forEach((contender, rounds) -> System.out.printf(
                Locale.ROOT,
                "  %-32s%s%s%s%s%n",
                contender,
                spread(rounds, each -> each.perSecond() / 1000),
                spread(rounds, Measured::p50Micros),
                spread(rounds, Measured::p99Micros),
                spread(rounds, Measured::p999Micros)));
    }

    private static String spread(List<Measured> rounds, ToDoubleFunction<Measured> value) {
        double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        String text = String.format(
                Locale.ROOT, "%.1f [%.1f-%.1f]", sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
        return String.format(Locale.ROOT, "%28s", text);
    }
}
