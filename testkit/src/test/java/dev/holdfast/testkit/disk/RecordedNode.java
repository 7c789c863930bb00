package dev.holdfast.testkit.disk;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskContext;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.assembly.EmbeddedNode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The process of a node over a recorded disk. Arguments: directory, sync policy, log of the recorder, seed, operations. It says
 * what happened, each with a position in the log that was read afterwards, and halts.
 */
final class RecordedNode {

    static final String EXECUTOR = "work";

    private static final int PARTITIONS = 2;
    private static final int SEGMENT_BYTES = 256 * 1024;
    private static final int PAYLOAD_BYTES = 64 * 1024;
    private static final int THREADS = 2;
    private static final long LIMIT_SECONDS = 120;
    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private static volatile Path log = Path.of("none");

    private RecordedNode() {}

    /** Returns a value made at execution, after it has said so. */
    record Task(int resultBytes) implements DurableCallable<String> {
        @Override
        public String call() {
            String value = Long.toHexString(ThreadLocalRandom.current().nextLong());
            say("RAN", TaskContext.current().taskId(), value);
            return value + "-" + value.repeat(resultBytes / value.length());
        }
    }

    static Config config(Path directory, SyncPolicy sync) {
        Config config = new Config().setPartitionCount(PARTITIONS).setMaxPayload(PAYLOAD_BYTES);
        config.getStorageConfig()
                .setDirectory(directory)
                .setSync(sync)
                .setSegmentSize(SEGMENT_BYTES)
                .setLowSpaceWatermark(SEGMENT_BYTES);
        config.addDurableExecutorConfig(new DurableExecutorConfig(EXECUTOR).setPoolSize(2));
        return config;
    }

    public static void main(String[] arguments) throws Exception {
        log = Path.of(arguments[2]);
        Config config = config(Path.of(arguments[0]), SyncPolicy.valueOf(arguments[1]));
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[3]));
        int operations = Integer.parseInt(arguments[4]);
        HoldfastInstance node = EmbeddedNode.start(config, BootedStore.open(config, "recorded"));
        DurableExecutorService executor = node.getDurableExecutorService(EXECUTOR);
        ConcurrentLinkedQueue<CompletableFuture<?>> futures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = Stream.generate(random::split)
                .limit(THREADS)
                .map(own -> new Thread(() -> load(executor, own, operations / THREADS, futures)))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        say("END", 0, "-");
        Runtime.getRuntime().halt(0); // nothing is closed in order
    }

    private static void load(
            DurableExecutorService executor,
            SplittableRandom random,
            int operations,
            ConcurrentLinkedQueue<CompletableFuture<?>> futures) {
        ConcurrentLinkedQueue<Long> results = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < operations; i++) {
            Long known = random.nextInt(5) == 0 ? results.poll() : null;
            if (known != null) {
                say("DISPOSING", known, "-");
                executor.disposeResult(known);
                say("DISPOSED", known, "-");
                continue;
            }
            var future = executor.submit(new Task(random.nextInt(8) == 0 ? 6_000 : 16));
            long id = future.getTaskId();
            say("STORED", id, "-");
            futures.add(future.thenAccept(value -> {
                        say("SEEN", id, madeOf(value));
                        results.add(id);
                    })
                    .toCompletableFuture());
        }
    }

    /** The part of a result that was made at execution. */
    static String madeOf(String result) {
        return result.substring(0, result.indexOf('-'));
    }

    private static synchronized void say(String what, long id, String value) {
        try {
            String line = what + " " + id + " " + value + " " + Files.size(log) + "\n";
            OUT.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
