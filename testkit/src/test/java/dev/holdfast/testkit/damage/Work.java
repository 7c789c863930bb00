package dev.holdfast.testkit.damage;

import dev.holdfast.DurableCallable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A task whose result is known from its number, however often it runs. */
record Work(int number, Kind kind) implements DurableCallable<String> {

    private static final int LARGE = 320;

    /** What a {@link Kind#HELD} one waits for. */
    static final AtomicReference<CountDownLatch> GATE = new AtomicReference<>(new CountDownLatch(0));

    enum Kind {
        SMALL,
        /** Its result stays in the log and is read when it is asked for. */
        LARGE,
        FAILING,
        HELD
    }

    @Override
    public String call() throws InterruptedException {
        if (kind == Kind.HELD) {
            GATE.get().await();
        }
        if (kind == Kind.FAILING) {
            throw new IllegalStateException(value());
        }
        return value();
    }

    /** What it returns, or the message of what it throws. */
    String value() {
        String value = kind + "-" + number;
        return kind == Kind.LARGE ? value.repeat(LARGE / value.length()) : value;
    }
}
