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

    /** After so many rounds a holder tells what is committed, so that nobody waits long for what he has. */
    private static final int MAX_ROUNDS = 4;

    /** After so many times so many rounds it leaves the rest to a storage thread. */
    private static final int MAX_TURNS = 4;

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
    private final int maxTurns;
    private final AtomicBoolean held = new AtomicBoolean();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    Drain(Work work, Executor storage) {
        this(work, storage, MAX_TURNS);
    }

    Drain(Work work, Executor storage, int maxTurns) {
        this.work = work;
        this.storage = storage;
        this.maxTurns = maxTurns;
    }

    void run() {
        run(maxTurns);
    }

    /** For who has others to serve, as a thread of the network: some rounds only. */
    void runBriefly() {
        run(1);
    }

    private void run(int most) {
        // With the flag set, a file operation under the lock would close the channel under everybody.
        boolean interrupted = Thread.interrupted();
        boolean goesOn = true;
        for (int turns = 1; goesOn; turns++) {
            goesOn = turn(turns == most);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Some rounds, and telling what came of them; whether this thread is to go on. */
    private boolean turn(boolean isLast) {
        Released noted = null;
        boolean isFull = false;
        for (int rounds = 1; !isFull && work.isDue() && held.compareAndSet(false, true); rounds++) {
            try {
                noted = work.round(noted);
            } finally {
                held.set(false);
            }
            isFull = rounds == MAX_ROUNDS;
        }
        boolean isMore = isFull && work.isDue();
        if (isMore && isLast) {
            schedule();
        }
        if (noted != null) {
            tell(noted, isMore && !isLast);
        }
        return isMore && !isLast;
    }

    private void tell(Released noted, boolean comesBack) {
        boolean told = false;
        try {
            work.tell(noted);
            told = true;
        } finally {
            if (comesBack && !told) { // this thread was the one that would look again
                schedule();
            }
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
