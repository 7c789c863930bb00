package dev.holdfast.testkit;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what a suite did and found, and says it in one line when its class has ended, whether its tests pass or not:
 *
 * <pre>FIGURES crash trials=42 violations=0 skipped=0 at-most=7.1429% CrashPointsTest</pre>
 *
 * A test that counts no trial is one; one that fails has a violation at least. {@code at-most} is 3/n, the upper 95 % bound of a
 * rate of which nothing was seen in n trials. For a static field of the class; any thread.
 */
public final class Figures implements TestWatcher, AfterAllCallback {

    private static final Logger LOG = LoggerFactory.getLogger(Figures.class);

    private final String suite;
    private final AtomicLong trials = new AtomicLong();
    private final AtomicLong violations = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private volatile boolean none;
    private long trialsBefore;
    private long violationsBefore;

    /** @param suite its name, as in {@code -Dsuite=NAME} where it has one */
    public Figures(String suite) {
        this.suite = suite;
    }

    /** One more was done, whatever came of it. */
    public void trial() {
        trials(1);
    }

    /** So many more were done. */
    public void trials(long count) {
        trials.addAndGet(count);
    }

    /** So many more were found. */
    public void violations(long count) {
        violations.addAndGet(count);
    }

    /** The test that runs is no trial: it shows that the others can fail, for example. */
    public void noTrial() {
        none = true;
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        testEnded(false);
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        testEnded(true);
    }

    private synchronized void testEnded(boolean failed) {
        if (trials.get() == trialsBefore && !none) {
            trials.incrementAndGet();
        }
        none = false;
        if (failed && violations.get() == violationsBefore) {
            violations.incrementAndGet();
        }
        trialsBefore = trials.get();
        violationsBefore = violations.get();
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        skipped.incrementAndGet();
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        skipped.incrementAndGet();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LOG.info("{} {}", this, context.getRequiredTestClass().getSimpleName());
    }

    @Override
    public String toString() {
        return "FIGURES " + suite + " trials=" + trials + " violations=" + violations + " skipped=" + skipped
                + atMost();
    }

    private String atMost() {
        return violations.get() > 0 || trials.get() == 0
                ? ""
                : String.format(Locale.ROOT, " at-most=%.4f%%", Math.min(100.0, 300.0 / trials.get()));
    }
}
