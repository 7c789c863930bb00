package dev.holdfast.testkit;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.verify.Severity;
import dev.holdfast.storage.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The process that ends at a {@link CrashPoint}: a node that comes through all of them, with small segments, payloads in
 * chunks, a checkpoint and a close, and says what it is told and what it sees. Arguments: data directory, sync policy, life,
 * a file with the ids and unfinished keys known so far, whether this is the last life.
 */
final class CrashWorkload {

    private static final int SUBMITS = 44;

    /** How far behind a submit its result is disposed of. */
    private static final int BEHIND = 8;

    private static final long SEGMENT_BYTES = 256 * 1024;

    private static final int LONG_VALUE = 20_000;
    private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d+)");

    private final Path partition;
    private final DurableExecutorService executor;
    private final SayingClient client;
    private final int life;
    private final ConcurrentLinkedQueue<Long> longValues = new ConcurrentLinkedQueue<>();

    private CrashWorkload(Path directory, DurableExecutorService executor, int life) {
        this.partition = directory.resolve("partition-0000");
        this.executor = executor;
        this.client = new SayingClient(executor);
        this.life = life;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        SyncPolicy sync = SyncPolicy.valueOf(args[1]);
        int life = Integer.parseInt(args[2]);
        List<String> known = Files.readAllLines(Path.of(args[3]));
        boolean last = Boolean.parseBoolean(args[4]);
        List<Long> checkpointsBefore = checkpoints(directory.resolve("partition-0000"));
        try (HoldfastInstance node = Holdfast.newInstance(config(directory, sync))) {
            CrashHalts.enter(CrashPoint.Phase.LOAD);
            CrashWorkload workload = new CrashWorkload(directory, node.getDurableExecutorService("work"), life);
            workload.verify(known).get(SayingClient.DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (last) {
                workload.client.awaitEnd();
                workload.client.list();
            } else {
                workload.load();
                workload.awaitCheckpointBehind(checkpointsBefore);
            }
            CrashHalts.enter(CrashPoint.Phase.CLOSE);
        }
        if (last) {
            sayDamage(directory);
        }
        Said.say("FINISHED");
    }

    private static Config config(Path directory, SyncPolicy sync) {
        Config config = new Config().setPartitionCount(1).setMaxPayload(SEGMENT_BYTES / 3);
        config.getStorageConfig().setDirectory(directory).setSync(sync).setSegmentSize(SEGMENT_BYTES);
        config.addDurableExecutorConfig(new DurableExecutorConfig("work")
                .setPoolSize(2)
                .setCapacity(100_000)
                .setResultRetention(new ResultRetentionConfig().setMaxResults(1_000_000)));
        return config;
    }

    /** Retrieves all that is known, and submits unanswered keys again. */
    private CompletableFuture<?> verify(List<String> known) {
        return CompletableFuture.allOf(known.stream()
                .map(line -> line.startsWith("key ")
                        ? submit(line.substring(4), true, SayingTask.Kind.QUICK).seen()
                        : watch(Long.parseLong(line)))
                .toArray(CompletableFuture[]::new));
    }

    private record Submitted(long id, CompletableFuture<?> seen) {}

    /** More than two segments of results, and little that stays: a checkpoint is due within it. */
    private void load() throws Exception {
        // those that earlier lives had no time for
        for (Long id = longValues.poll(); id != null; id = longValues.poll()) {
            dispose(id, false);
        }
        List<Submitted> submitted = new ArrayList<>();
        for (int n = 0; n < SUBMITS; n++) {
            String token = "t" + life + "." + n;
            submitted.add(submit(token, n % 5 == 0, kindOf(n)));
            if (n % 10 == 0) {
                submit(token, true, kindOf(n)).seen().get(SayingClient.DEADLINE_SECONDS, TimeUnit.SECONDS);
            }
            if (n % 8 == 3) {
                client.cancel(submitted.get(n - 2).id());
            }
            if (n >= BEHIND) {
                disposeIfLong(submitted.get(n - BEHIND), n - BEHIND);
            }
        }
        for (int n = SUBMITS - BEHIND; n < SUBMITS; n++) {
            submitted.get(n).seen().get(SayingClient.DEADLINE_SECONDS, TimeUnit.SECONDS);
            disposeIfLong(submitted.get(n), n);
        }
    }

    private static SayingTask.Kind kindOf(int n) {
        return switch (n % 8) {
            case 1 -> SayingTask.Kind.QUICK;
            case 3 -> SayingTask.Kind.SLOW;
            case 5 -> SayingTask.Kind.FAILING;
            case 7 -> SayingTask.Kind.LARGE;
            default -> SayingTask.Kind.CHUNKED;
        };
    }

    private void disposeIfLong(Submitted task, int n) throws Exception {
        if (kindOf(n) == SayingTask.Kind.CHUNKED) {
            task.seen().get(SayingClient.DEADLINE_SECONDS, TimeUnit.SECONDS);
            dispose(task.id(), n % 4 == 0);
        }
    }

    private Submitted submit(String token, boolean keyed, SayingTask.Kind kind) {
        long id = client.submit(token, keyed, kind).orElseThrow();
        return new Submitted(id, watch(id));
    }

    private void dispose(long id, boolean retrieve) throws Exception {
        if (retrieve) {
            Object unused = client.take(id).get(SayingClient.DEADLINE_SECONDS, TimeUnit.SECONDS);
        } else {
            client.dispose(id);
        }
    }

    private CompletableFuture<?> watch(long id) {
        return client.watch(id, executor.<String>retrieveResult(id).thenApply(value -> {
            if (value.length() > LONG_VALUE) {
                longValues.add(id);
            }
            return value;
        }));
    }

    /** What a storage thread writes, and deletes behind it, is a part of the load: a close must not come before it. */
    private void awaitCheckpointBehind(List<Long> before) throws IOException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SayingClient.DEADLINE_SECONDS);
        for (List<Long> now = checkpoints(partition);
                now.size() != 1 || before.contains(now.get(0));
                now = checkpoints(partition)) {
            if (System.nanoTime() - endNanos > 0) {
                throw new IllegalStateException("No checkpoint was written: directory=" + partition);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static List<Long> checkpoints(Path partition) throws IOException {
        if (!Files.isDirectory(partition)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(partition)) {
            return entries.map(entry -> CHECKPOINT.matcher(String.valueOf(entry.getFileName())))
                    .filter(Matcher::matches)
                    .map(name -> Long.valueOf(name.group(1)))
                    .toList();
        }
    }

    private static void sayDamage(Path directory) throws IOException {
        try (StoppedDirectory stopped = StoppedDirectory.open(directory, "a test that verifies")) {
            new Verifier(stopped)
                    .verify().findings().stream()
                            .filter(finding -> finding.severity() != Severity.NOTE)
                            .forEach(finding -> Said.say("DAMAGE %s", finding));
        }
    }
}
