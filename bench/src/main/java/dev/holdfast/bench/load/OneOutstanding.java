package dev.holdfast.bench.load;

import dev.holdfast.bench.contender.Contender;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * One thread submits, waits for the result, submits the next: submit to stored (until {@code submit} returns) and submit to
 * result (until the waiting thread has it). Options: contender, directory, bytes, warm-up, seconds.
 */
final class OneOutstanding implements Measurement {
    private static final int MAX_SAMPLES = 5_000_000;

    @Override
    public Figures measure(Options options) throws Exception {
        byte[] payload = Measurement.payload(options);
        long[] stored = new long[MAX_SAMPLES];
        long[] result = new long[MAX_SAMPLES];
        try (Contender contender = Measurement.open(options)) {
            loop(contender, payload, options.number("warm-up"), stored, result);
            Spent before = Spent.now();
            int count = loop(contender, payload, options.number("seconds"), stored, result);
            Spent spent = Spent.now().since(before);
            return new Figures()
                    .putLatencies("stored", Arrays.copyOf(stored, count))
                    .putLatencies("result", Arrays.copyOf(result, count))
                    .put("cpu us", spent.cpuMicros() / count)
                    .put("allocated B", spent.allocatedBytes() / count);
        }
    }

    private static int loop(Contender contender, byte[] payload, int seconds, long[] stored, long[] result)
            throws Exception {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int count = 0;
        for (long start = System.nanoTime(); start - endNanos < 0 && count < MAX_SAMPLES; start = System.nanoTime()) {
            Contender.Stored task = contender.submit(payload.clone());
            long submitted = System.nanoTime();
            task.result();
            stored[count] = submitted - start;
            result[count] = System.nanoTime() - start;
            count++;
        }
        return count;
    }
}
