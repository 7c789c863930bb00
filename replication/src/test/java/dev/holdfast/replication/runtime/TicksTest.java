package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TicksTest {

    /** Its timers are there, and go off when the test says so. */
    private static final class TimersByHand extends ScheduledThreadPoolExecutor {

        private final List<Runnable> timers = new ArrayList<>();
        private final List<ScheduledFuture<?>> scheduled = new ArrayList<>();

        private TimersByHand() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long first, long delay, TimeUnit unit) {
            timers.add(work);
            ScheduledFuture<?> timer = super.scheduleWithFixedDelay(work, 1, 1, TimeUnit.HOURS);
            scheduled.add(timer);
            return timer;
        }
    }

    private final TimersByHand byHand = new TimersByHand();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1);
    private final List<String> called = new ArrayList<>();

    @AfterEach
    void close() {
        byHand.shutdownNow();
        thread.shutdownNow();
    }

    @Test
    void thoseOfOnePeriodShareATimer() {
        Ticks ticks = new Ticks(byHand);
        Ticks.Ticking a = ticks.every(5, () -> called.add("a"));
        Ticks.Ticking b = ticks.every(5, () -> called.add("b"));
        Ticks.Ticking other = ticks.every(7, () -> called.add("other"));
        assertThat(byHand.timers).hasSize(2);
        byHand.timers.get(0).run();
        byHand.timers.get(0).run();
        assertThat(called).containsExactly("a", "b", "a", "b");
        List.of(a, b, other).forEach(Ticks.Ticking::cancel);
        assertThat(byHand.scheduled).allMatch(ScheduledFuture::isCancelled);
    }

    @Test
    void oneThatIsCancelledIsNotCalledAndTheOthersAre() {
        Ticks ticks = new Ticks(byHand);
        Ticks.Ticking a = ticks.every(5, () -> called.add("a"));
        Ticks.Ticking b = ticks.every(5, () -> called.add("b"));
        a.cancel();
        a.cancel();
        byHand.timers.get(0).run();
        assertThat(called).containsExactly("b");
        b.cancel();
        assertThat(byHand.scheduled.get(0).isCancelled()).isTrue();
        Ticks.Ticking again = ticks.every(5, () -> called.add("again"));
        assertThat(byHand.timers).as("a new timer").hasSize(2);
        byHand.timers.get(1).run();
        assertThat(called).containsExactly("b", "again");
        again.cancel();
    }

    @Test
    void oneThatThrowsTakesNobodyAlongAndIsCalledAgain() {
        Ticks ticks = new Ticks(byHand);
        Ticks.Ticking failing = ticks.every(5, () -> {
            called.add("failing");
            throw new IllegalStateException("planned");
        });
        Ticks.Ticking b = ticks.every(5, () -> called.add("b"));
        List<Throwable> told = new ArrayList<>();
        Thread current = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = current.getUncaughtExceptionHandler();
        current.setUncaughtExceptionHandler((by, failure) -> told.add(failure));
        try {
            byHand.timers.get(0).run();
            byHand.timers.get(0).run();
        } finally {
            current.setUncaughtExceptionHandler(before);
        }
        assertThat(called).containsExactly("failing", "b", "failing", "b");
        assertThat(told).extracting(Throwable::getMessage).containsExactly("planned", "planned");
        failing.cancel();
        b.cancel();
    }

    @Test
    void itIsTheGivenThreadThatCalls() throws InterruptedException {
        Ticks ticks = new Ticks(thread);
        CountDownLatch thrice = new CountDownLatch(3);
        Ticks.Ticking ticking = ticks.every(1_000_000, thrice::countDown);
        assertThat(thrice.await(10, TimeUnit.SECONDS)).isTrue();
        ticking.cancel();
    }
}
