package dev.holdfast.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final RandomGenerator LEAST_TAKEN_OFF = () -> 0L;
    private static final RandomGenerator MOST_TAKEN_OFF = () -> -1L;

    private final Backoff backoff = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(1));

    @Test
    void itDoublesFromTheFirstUpToTheMost() {
        assertThat(backoff.before(0, LEAST_TAKEN_OFF)).isZero();
        assertThat(backoff.before(1, LEAST_TAKEN_OFF)).isEqualTo(Duration.ofMillis(20));
        assertThat(backoff.before(2, LEAST_TAKEN_OFF)).isEqualTo(Duration.ofMillis(40));
        assertThat(backoff.before(6, LEAST_TAKEN_OFF)).isEqualTo(Duration.ofMillis(640));
        for (int failures : new int[] {7, 8, 30, 63, 64, 1000, Integer.MAX_VALUE}) {
            assertThat(backoff.before(failures, LEAST_TAKEN_OFF)).isEqualTo(Duration.ofSeconds(1));
        }
        Backoff hours = new Backoff(Duration.ofHours(1), Duration.ofDays(365));
        assertThat(hours.before(40, LEAST_TAKEN_OFF)).isEqualTo(Duration.ofDays(365));
    }

    @Test
    void atMostHalfIsTakenOff() {
        assertThat(backoff.before(1, MOST_TAKEN_OFF)).isBetween(Duration.ofMillis(10), Duration.ofMillis(11));
        long seed = 42;
        SplittableRandom random = new SplittableRandom(seed);
        for (int failures = 1; failures < 100; failures++) {
            Duration most = backoff.before(failures, LEAST_TAKEN_OFF);
            assertThat(backoff.before(failures, random)).as("seed=" + seed).isBetween(most.dividedBy(2), most);
        }
    }

    @Test
    void theFirstIsNotMoreThanTheMost() {
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("first=PT2S");
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("first=PT0S");
    }
}
