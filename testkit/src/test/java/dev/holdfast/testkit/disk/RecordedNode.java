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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The process of a node over a recorded disk, for one of its lives. Arguments: directory, sync policy, log of the recorder, seed,
 * operations, how it ends, a file with the ids that it is to serve. It says what happened, each with a position in the log that
 * was read afterwards. Its results fill segments, and most are disposed of: its log is rolled, and replaced by checkpoints.
 */
final class RecordedNode {

    static final String EXECUTOR = "work";

    /** How a life ends. */
    enum End {
        /** In the midst of its load, its page cache stays: as by SIGKILL. */
        KILLED,
        /** In order. */
        CLOSED,
        /** With all done that was begun, a checkpoint in the place of segments, and nothing closed. */
        LAST
    }

    private static final int PARTITIONS = 2;
    private static final int SEGMENT_BYTES = 256 * 1024;
    private static final int PAYLOAD_BYTES = 64 * 1024;
    private static final int THREADS = 2;
    private static final long LIMIT_SECONDS = 120;

    /** In memory; in the log; in the log, in a frame; in chunks. */
    private static final int[] RESULT_BYTES = {16, 6_000, 30_000, 60_000};

    /** A load that waits for a checkpoint does so much more for it at most. */
    private static final int MOST = 10;

    private static final long LOOK_NANOS = 300_000;
    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private static volatile Path log = Path.of("none");

    private final DurableExecutorService executor;
    private final LogWatch files;
    private final int operations;
    private final End end;
    private final ConcurrentLinkedQueue<CompletableFuture<?>> futures = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> results = new ConcurrentLinkedQueue<>();

    private RecordedNode(DurableExecutorService executor, LogWatch files, int operations, End end) {
        this.executor = executor;
        this.files = files;
        this.operations = operations;
        this.end = end;
    }

    /** Returns a value made at execution, after it has said so. */
    record Task(int resultBytes) implements DurableCallable<String> {
        @Override
        public String call() {
            String value = Long.toHexString(ThreadLocalRandom.current().nextLong());
            say("RAN", TaskContext.current().taskId(), value);
            return value + "-" + value.repeat(resultBytes / value.length()) + "-" + resultBytes;
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
        Path directory = Path.of(arguments[0]);
        Config config = config(directory, SyncPolicy.valueOf(arguments[1]));
        LogWatch files = new LogWatch(directory, name -> say("FILE", 0, name));
        watch(files);
        HoldfastInstance node = EmbeddedNode.start(config, BootedStore.open(config, "recorded"));
        say("READY", 0, "-");
        End end = End.valueOf(arguments[5]);
        new RecordedNode(node.getDurableExecutorService(EXECUTOR), files, Integer.parseInt(arguments[4]) / THREADS, end)
                .live(new SplittableRandom(Long.parseLong(arguments[3])), Files.readAllLines(Path.of(arguments[6])));
        if (end == End.CLOSED) {
            node.close();
            say("CLOSED", 0, "-");
        }
        die(files);
    }

    /** Its first look is that before the node starts. */
    private static void watch(LogWatch files) throws IOException {
        files.look();
        Thread watching = new Thread(() -> {
            int told = 0;
            while (true) {
                try {
                    files.look();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                if (files.deleted() > told) {
                    told = files.deleted();
                    say("DELETED", 0, Integer.toString(told));
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        });
        watching.setDaemon(true);
        watching.start();
    }

    private void live(SplittableRandom random, List<String> known) throws Exception {
        known.stream().map(Long::valueOf).forEach(id -> see(id, executor.retrieveResult(id)));
        List<Thread> threads = Stream.generate(random::split)
                .limit(THREADS)
                .map(own -> new Thread(() -> load(own)))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Its last third comes when segments have been deleted, where that is asked for. */
    private void load(SplittableRandom random) {
        int done = 0;
        for (int tried = 0; done < operations && tried < MOST * operations; tried++) {
            operate(random);
            if (end != End.LAST || done < operations * 2 / 3 || files.deleted() > 0) {
                done++;
            }
        }
        if (end == End.KILLED) {
            die(files);
        }
    }

    private void operate(SplittableRandom random) {
        Long known = random.nextInt(5) < 2 ? results.poll() : null;
        if (known != null) {
            say("DISPOSING", known, "-");
            executor.disposeResult(known);
            say("DISPOSED", known, "-");
            return;
        }
        var future = executor.submit(new Task(RESULT_BYTES[random.nextInt(RESULT_BYTES.length)]));
        say("STORED", future.getTaskId(), "-");
        see(future.getTaskId(), future);
    }

    private void see(long id, CompletionStage<String> result) {
        futures.add(result.thenAccept(value -> {
                    say("SEEN", id, madeOf(value));
                    results.add(id);
                })
                .toCompletableFuture());
    }

    /** The part of a result that was made at execution; the rest is compared with it. */
    static String madeOf(String result) {
        String[] parts = result.split("-", -1);
        boolean whole =
                parts.length == 3 && parts[1].equals(parts[0].repeat(Integer.parseInt(parts[2]) / parts[0].length()));
        return whole ? parts[0] : "garbled:" + result.hashCode();
    }

    /** Once: nobody says anything behind it. */
    private static synchronized void die(LogWatch files) {
        say("END", 0, files.rolls() + "," + files.checkpoints() + "," + files.deleted());
        Runtime.getRuntime().halt(0); // nothing more is closed in order
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
