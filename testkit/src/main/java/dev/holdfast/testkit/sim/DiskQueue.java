package dev.holdfast.testkit.sim;

import dev.holdfast.replication.protocol.Input;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What one process asks of its disk: one thing after the other, each taking its time, each answered in its turn. What was
 * done and not answered when the process ends is done.
 */
final class DiskQueue {

    private static final long MICRO = 1_000;

    private final Timeline timeline;
    private final SplittableRandom random;
    private final Consumer<Runnable> gate;
    private final Consumer<Input> answers;
    private final Supplier<Long> slowness;
    private int unanswered;
    private long freeAtNanos;
    private long answeredAtNanos;

    /**
     * @param gate lets what happens to the process happen, later or never
     * @param slowness how many times slower than usual the disk is now
     */
    DiskQueue(
            Timeline timeline,
            SplittableRandom random,
            Consumer<Runnable> gate,
            Consumer<Input> answers,
            Supplier<Long> slowness) {
        this.timeline = timeline;
        this.random = random;
        this.gate = gate;
        this.answers = answers;
        this.slowness = slowness;
    }

    void append(Supplier<Input> effect) {
        ask(effect, 20 + random.nextInt(200));
    }

    void force(Supplier<Input> effect) {
        ask(effect, 500 + random.nextInt(4_000));
    }

    /** Answered before it is done: what a disk must not do. */
    void answerEarly(Input answer, Runnable effect) {
        gate.accept(() -> {
            timeline.after(5 * SimSettings.MILLI, () -> gate.accept(effect));
            answers.accept(answer);
        });
    }

    boolean isIdle() {
        return unanswered == 0;
    }

    private void ask(Supplier<Input> effect, long micros) {
        unanswered++;
        freeAtNanos = Math.max(freeAtNanos, timeline.nowNanos()) + micros * MICRO * slowness.get();
        timeline.after(
                freeAtNanos - timeline.nowNanos(),
                () -> gate.accept(() -> {
                    Input answer = effect.get();
                    answeredAtNanos = Math.max(answeredAtNanos, timeline.nowNanos() + random.nextInt(200) * MICRO);
                    timeline.after(
                            answeredAtNanos - timeline.nowNanos(),
                            () -> gate.accept(() -> {
                                unanswered--;
                                answers.accept(answer);
                            }));
                }));
    }
}
