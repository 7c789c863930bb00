package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run of losses of power showed under a policy: one line, printed whatever becomes of the run, with what was skipped and
 * why. A trial that throws is one with a violation. Of one thread; close it, and the line is printed.
 */
final class PowerFigures implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PowerFigures.class);

    /** Of "0 of n" with 95 % confidence at most this by n. */
    private static final double RULE_OF_THREE = 3;

    private final String what;
    private final SyncPolicy sync;
    private final int planned;
    private final long seed;
    private final boolean control;
    private final long startedNanos = System.nanoTime();
    private final Map<String, Long> sums = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private int trials;
    private int violating;
    private String whySkipped = "";

    private PowerFigures(String what, SyncPolicy sync, int planned, long seed, boolean control) {
        this.what = what;
        this.sync = sync;
        this.planned = planned;
        this.seed = seed;
        this.control = control;
    }

    static PowerFigures of(String what, SyncPolicy sync, int trials, long seed) {
        return new PowerFigures(what, sync, trials, seed, false);
    }

    /** Of trials that have to find something: the search can fail. */
    static PowerFigures ofControl(String what, SyncPolicy sync, int trials, long seed) {
        return new PowerFigures(what, sync, trials, seed, true);
    }

    /** Without it all is skipped. */
    void needs(Runnable need) {
        try {
            need.run();
        } catch (TestAbortedException e) {
            whySkipped = String.valueOf(e.getMessage());
            throw e;
        }
    }

    /** One loss of power, and what it broke. */
    void trial(Callable<? extends List<String>> trial) throws Exception {
        trials++;
        try {
            List<String> found = trial.call();
            violating += found.isEmpty() ? 0 : 1;
            violations.addAll(found);
        } catch (Exception | Error e) {
            violating++;
            violations.add("the trial ended by " + e);
            throw e;
        }
    }

    /** Adds to a figure that is printed beside. */
    void add(String name, long value) {
        sums.merge(name, value, Long::sum);
    }

    long sum(String name) {
        return sums.getOrDefault(name, 0L);
    }

    int violating() {
        return violating;
    }

    void noneIsViolated() {
        assertThat(violations).as("%s", this).isEmpty();
    }

    @Override
    public void close() {
        LOG.info("FIGURES power {}", this);
    }

    @Override
    public String toString() {
        boolean skipped = !whySkipped.isEmpty();
        StringBuilder line = new StringBuilder("what=" + what + ", sync=" + sync + ", trials=" + trials + ", "
                + (control ? "found=" : "violations=") + violating + ", skipped=" + (skipped ? planned : 0));
        if (skipped) {
            line.append(", because=").append(whySkipped);
        } else if (trials < planned) {
            line.append(", not-reached=").append(planned - trials);
        }
        if (!control && violating == 0 && trials > 0) {
            line.append(String.format(Locale.ROOT, ", at-most=%.3g%%", 100 * Math.min(1, RULE_OF_THREE / trials)));
        }
        sums.forEach((name, value) -> line.append(", ").append(name).append('=').append(value));
        return line + ", millis=" + (System.nanoTime() - startedNanos) / 1_000_000 + ", holdfast.seed=" + seed;
    }
}
