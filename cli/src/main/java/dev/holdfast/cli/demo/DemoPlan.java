package dev.holdfast.cli.demo;

import dev.holdfast.TaskOptions;
import dev.holdfast.config.Config;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What a demo does; kept as a file, because parent, child and a later {@code --resume} must agree.
 *
 * @param folder absolute
 * @param killAfter how many tasks finish before the child is killed
 * @param threads the executor's pool
 * @param keep whether the next demo leaves this directory alone
 */
record DemoPlan(String folder, int killAfter, int threads, boolean keep, List<DemoFile> files) {

    static final String EXECUTOR = "demo";

    private static final int USUAL_LIMIT = 10_000;
    private static final int USUAL_KEYS = 100_000;

    /** How many tasks are at work when the child is killed. */
    int runningAtKill() {
        return Math.min(threads, files.size() - killAfter);
    }

    /** What does not depend on where the node is. */
    void applyTo(Config config) {
        config.setMaxWaiters(Math.max(config.getMaxWaiters(), files.size()));
        config.getStorageConfig()
                .setIdempotencyKeys(Math.max(USUAL_KEYS, files.size()))
                .setIdempotencyTtl(Duration.ofDays(365)); // the user of --interactive may take a break
        config.getDurableExecutorConfig(EXECUTOR)
                .setPoolSize(threads)
                .setCapacity(Math.max(USUAL_LIMIT, files.size()))
                .getResultRetention()
                .setMaxResults(Math.max(USUAL_LIMIT, files.size()));
    }

    /** Of the task of a file: stored once, however often it is submitted. */
    static TaskOptions options(String path) {
        return TaskOptions.create()
                .idempotencyKey(shortened(path, TaskOptions.MAX_IDEMPOTENCY_KEY))
                .label(shortened(path, TaskOptions.MAX_LABEL));
    }

    /** {@code path}, or its end behind a hash of the whole: distinct paths stay distinct. */
    private static String shortened(String path, int limit) {
        if (path.length() <= limit) {
            return path;
        }
        String hash = UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)) + ":";
        return hash + path.substring(path.length() - limit + hash.length());
    }

    /** A task's failure in words. */
    static String describe(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    /**
     * A file as it was when the folder was listed.
     *
     * @param path relative, with {@code /}
     * @param size bytes
     * @param modified time of the last change, with all its digits
     */
    record DemoFile(String path, long size, String modified) {}
}
