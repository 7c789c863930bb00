package dev.holdfast.node.partition;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The try-lock of a partition, and who works off what was posted: whoever gets the lock, in rounds. Who does not get it goes
 * away, for the holder looks again after it unlocked, and before it tells anybody what was committed. So what was posted
 * before {@link #run} always has a holder or a scheduled drain; the argument is in {@code docs/concurrency.md}.
 *
 * <p>Any thread. Nobody waits here.
 */
final class Drain {

    /** After so many rounds a holder tells what is committed, and leaves the rest to a storage thread. */
    static final int MAX_ROUNDS = 4;

    /** What is worked off. */
    interface Work {

        /** Whether a round would do something; any thread. */
        boolean isDue();

        /** A round, under the lock; {@code noted} is to be told later, the answer is that and what this round adds. */
        @Nullable
        Released round(@Nullable Released noted);

        /** Outside the lock. */
        void tell(Released noted);
    }

    private final Work work;
    private final Executor storage;
    private final AtomicBoolean held = new AtomicBoolean();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Drain(Work work, Executor storage) {
        this.work = work;
        this.storage = storage;
    }

    void run() {
        // With the flag set, a file operation under the lock would close the channel under everybody.
        boolean interrupted = Thread.interrupted();
        Released noted = null;
        for (int rounds = 0; work.isDue(); rounds++) {
            if (rounds == MAX_ROUNDS) {
                schedule();
                break;
            }
            if (!held.compareAndSet(false, true)) {
                break;
            }
            try {
                noted = work.round(noted);
            } finally {
                held.set(false);
            }
        }
        if (noted != null) {
            work.tell(noted);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            storage.execute(() -> {
                scheduled.set(false); // first: what is posted from here on schedules again
                run();
            });
        }
    }
}
