package dev.holdfast.replication.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BriefSelectTest {

    private final AtomicBoolean someoneIsAwake = new AtomicBoolean();
    private final BriefSelect select = newSelect();

    /** Whose clock runs 10 us further whenever it is read. */
    private BriefSelect newSelect() {
        AtomicLong nanos = new AtomicLong(-17_000);
        return new BriefSelect(someoneIsAwake, () -> nanos.getAndAdd(10_000));
    }

    private static int untilItSleeps(BriefSelect select) throws Exception {
        int looks = 0;
        while (select.calculateStrategy(() -> 0, false) != SelectStrategy.SELECT) {
            looks++;
        }
        return looks;
    }

    @Test
    void whoHasNothingToDoLooksSomeTimesAndSleeps() throws Exception {
        assertThat(untilItSleeps(select)).isPositive();
        assertThat(someoneIsAwake).isFalse();
        assertThat(untilItSleeps(select)).as("and again when it was woken").isPositive();
    }

    @Test
    void whatIsReadyIsTakenAtOnce() throws Exception {
        assertThat(select.calculateStrategy(() -> 0, false)).isZero();
        assertThat(someoneIsAwake).isTrue();
        assertThat(select.calculateStrategy(() -> 3, false)).isEqualTo(3);
        assertThat(someoneIsAwake).as("it is busy, another may stay awake").isFalse();
    }

    @Test
    void whoHasTasksDoesNotSleep() throws Exception {
        assertThat(untilItSleeps(select)).isPositive();
        assertThat(select.calculateStrategy(() -> 0, true)).isZero();
        assertThat(someoneIsAwake).isFalse();
    }

    @Test
    void oneAtATimeStaysAwake() throws Exception {
        assertThat(select.calculateStrategy(() -> 0, false)).isZero();
        BriefSelect other = newSelect();
        assertThat(other.calculateStrategy(() -> 0, false)).isEqualTo(SelectStrategy.SELECT);
        assertThat(untilItSleeps(select)).isPositive();
        assertThat(other.calculateStrategy(() -> 0, false)).isZero();
    }
}
