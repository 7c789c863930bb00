package dev.holdfast.node.partition;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Keeps what is scheduled until the test says that its time has come. Any thread. */
final class HeldTimer extends ScheduledThreadPoolExecutor {

    private record Held(long delayMillis, Runnable command) {}

    private final List<Held> held = new CopyOnWriteArrayList<>();

    HeldTimer() {
        super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        held.add(new Held(unit.toMillis(delay), command));
        return super.schedule(() -> {}, 0, unit);
    }

    boolean holdsOneOf(long delayMillis) {
        return held.stream().anyMatch(each -> each.delayMillis() == delayMillis);
    }

    /** Runs all that is held with that delay. */
    void let(long delayMillis) {
        List<Held> due =
                held.stream().filter(each -> each.delayMillis() == delayMillis).toList();
        held.removeAll(due);
        due.forEach(each -> each.command().run());
    }
}
