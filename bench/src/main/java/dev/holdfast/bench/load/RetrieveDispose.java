package dev.holdfast.bench.load;

import dev.holdfast.bench.contender.Contender;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * One thread retrieves results by id and disposes of them, two calls each; storing the tasks before is not measured.
 * Options: contender, directory, bytes, warm-up, seconds.
 */
final class RetrieveDispose implements Measurement {
    private static final int BATCH = 10_000;

    @Override
    public Figures measure(Options options) throws Exception {
        byte[] payload = Measurement.payload(options);
        try (Contender contender = Measurement.open(options)) {
            rate(contender, payload, options.number("warm-up"));
            return new Figures().put("k/s", rate(contender, payload, options.number("seconds")) / 1000);
        }
    }

    private static double rate(Contender contender, byte[] payload, int seconds) throws Exception {
        long wantedNanos = TimeUnit.SECONDS.toNanos(seconds);
        long spentNanos = 0;
        long done = 0;
        while (spentNanos < wantedNanos) {
            Queue<Long> ids = finishedTasks(contender, payload);
            long start = System.nanoTime();
            for (long id : ids) {
                contender.retrieve(id);
                contender.dispose(id);
            }
            spentNanos += System.nanoTime() - start;
            done += ids.size();
        }
        return done * 1e9 / spentNanos;
    }

    private static Queue<Long> finishedTasks(Contender contender, byte[] payload) throws Exception {
        Queue<Long> ids = new ArrayDeque<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            Contender.Stored task = contender.submit(payload);
            task.result();
            ids.add(task.id());
        }
        return ids;
    }
}
