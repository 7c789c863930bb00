package dev.holdfast.storage.log.segment;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Work of one kind that is done ahead, in the background, once at a time. Thread-safe. */
final class OneAtATime {

    private final Executor background;
    private final AtomicBoolean underWay = new AtomicBoolean();

    OneAtATime(Executor background) {
        this.background = background;
    }

    /** Nothing, where the same is under way, or nobody has time for it: what is not done ahead is done when it is due. */
    void begin(Runnable work) {
        if (underWay.get() || !underWay.compareAndSet(false, true)) {
            return; // each append asks
        }
        try {
            background.execute(() -> {
                try {
                    work.run();
                } finally {
                    underWay.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            underWay.set(false);
        }
    }
}
