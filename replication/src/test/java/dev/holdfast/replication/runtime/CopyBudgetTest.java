package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CopyBudgetTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final CopyBudget budget = new CopyBudget(1_000, 100, 7);

    @Test
    void whatWasTakenTooMuchIsWaitedFor() {
        assertThat(budget.nanosToWait(7)).isZero();
        budget.take(1_100, 7);
        assertThat(budget.nanosToWait(7)).isEqualTo(SECOND + 1);
        assertThat(budget.nanosToWait(7 + SECOND / 2)).isEqualTo(SECOND / 2 + 1);
        assertThat(budget.nanosToWait(7 + SECOND + 1)).isZero();
    }

    @Test
    void ofAnIdleTimeNoMoreThanTheMostIsKept() {
        budget.take(100, 7);
        assertThat(budget.nanosToWait(1_000 * SECOND)).isZero();
        budget.take(200, 1_000 * SECOND);
        assertThat(budget.nanosToWait(1_000 * SECOND)).isEqualTo(SECOND / 10 + 1);
    }

    @Test
    void aClockThatGoesBackGivesNothing() {
        budget.take(600, 7);
        assertThat(budget.nanosToWait(-SECOND)).isEqualTo(SECOND / 2 + 1);
        assertThat(budget.nanosToWait(7)).isEqualTo(SECOND / 2 + 1);
    }

    @Test
    void theRateIsKeptHoweverLargeTheReadsAre() {
        long now = 7;
        long taken = 0;
        long[] sizes = {1, 5_000, 300, 40, 12_000};
        for (int i = 0; i < 10_000; i++) {
            now += budget.nanosToWait(now);
            budget.take(sizes[i % sizes.length], now);
            taken += sizes[i % sizes.length];
        }
        double seconds = (now - 7) / (double) SECOND;
        assertThat(taken / seconds).isBetween(999.0, 1_005.0);
    }
}
