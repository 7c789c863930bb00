package dev.holdfast.testkit;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.config.SyncPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The process that is killed: a node under load that says what it is told and what it sees. Arguments: data directory, sync
 * policy, life, seed, a file with the ids and unfinished keys known so far, whether this is the last life; and {@code heavy} if
 * results are to fill small segments soon.
 */
final class KillWorkload {

    private static final String HEAVY = "heavy";

    private static final int SUBMITTERS = 3;
    private static final int OPERATIONS = 1_500;

    private final SayingClient client;
    private final ConcurrentLinkedQueue<Long> ids = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> keys = new ConcurrentLinkedQueue<>();
    private final int life;
    private final boolean heavy;

    private KillWorkload(SayingClient client, int life, boolean heavy) {
        this.client = client;
        this.life = life;
        this.heavy = heavy;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        SyncPolicy sync = SyncPolicy.valueOf(args[1]);
        int life = Integer.parseInt(args[2]);
        long seed = Long.parseLong(args[3]);
        List<String> known = Files.readAllLines(Path.of(args[4]));
        boolean last = Boolean.parseBoolean(args[5]);
        boolean heavy = args.length > 6 && args[6].equals(HEAVY);
        try (HoldfastInstance node = Holdfast.newInstance(config(directory, sync, heavy))) {
            Said.say("READY");
            SayingClient client = new SayingClient(node.getDurableExecutorService("work"));
            KillWorkload workload = new KillWorkload(client, life, heavy);
            CompletableFuture<?> verified = workload.verify(known);
            if (last) {
                verified.get(SayingClient.DEADLINE_SECONDS, TimeUnit.SECONDS);
                client.awaitEnd();
                client.list();
                Said.say("FINISHED");
            } else {
                workload.load(seed);
                // The load is done before the kill came: stay until it comes.
                Thread.currentThread().join();
            }
        }
    }

    private static Config config(Path directory, SyncPolicy sync, boolean heavy) {
        Config config = new Config().setPartitionCount(heavy ? 2 : 4);
        config.getStorageConfig().setDirectory(directory).setSync(sync);
        config.addDurableExecutorConfig(new DurableExecutorConfig("work")
                .setPoolSize(4)
                .setCapacity(100_000)
                .setResultRetention(new ResultRetentionConfig().setMaxResults(1_000_000)));
        return config;
    }

    /** Retrieves all that is known, and submits unanswered keys again. */
    private CompletableFuture<?> verify(List<String> known) {
        return CompletableFuture.allOf(known.stream()
                .map(line -> {
                    long id;
                    if (line.startsWith("key ")) {
                        id = submit(line.substring(4), true, SayingTask.Kind.QUICK)
                                .orElseThrow();
                    } else {
                        id = Long.parseLong(line);
                        ids.add(id);
                    }
                    return client.watch(id);
                })
                .toArray(CompletableFuture[]::new));
    }

    private void load(long seed) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        Thread[] submitters = new Thread[SUBMITTERS];
        for (int i = 0; i < SUBMITTERS; i++) {
            SplittableRandom own = random.split();
            String prefix = "t" + life + "." + i + ".";
            submitters[i] = new Thread(() -> {
                for (int n = 0; n < OPERATIONS; n++) {
                    operate(own, prefix + n);
                }
            });
            submitters[i].start();
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
    }

    private void operate(SplittableRandom random, String token) {
        int choice = random.nextInt(100);
        if (choice < 50) {
            var unused = submit(token, random.nextInt(3) == 0, kindOf(choice));
        } else if (choice < 60) {
            String key = rotate(keys);
            if (key != null) {
                var unused = submit(key, true, SayingTask.Kind.QUICK);
            }
        } else {
            Long id = rotate(ids);
            if (id != null) {
                operateOn(id, choice);
            }
        }
    }

    private SayingTask.Kind kindOf(int choice) {
        if (heavy && choice < 17) {
            return SayingTask.Kind.CHUNKED;
        }
        return choice < 35
                ? SayingTask.Kind.QUICK
                : choice < 41 ? SayingTask.Kind.SLOW : choice < 46 ? SayingTask.Kind.FAILING : SayingTask.Kind.LARGE;
    }

    private void operateOn(long id, int choice) {
        if (choice < 80) {
            var unused = client.watch(id);
        } else if (choice < 86) {
            client.dispose(id);
        } else if (choice < 93) {
            var unused = client.take(id);
        } else {
            client.cancel(id);
        }
    }

    private OptionalLong submit(String token, boolean keyed, SayingTask.Kind kind) {
        if (keyed) {
            keys.add(token);
        }
        OptionalLong id = client.submit(token, keyed, kind);
        id.ifPresent(ids::add);
        return id;
    }

    private static <T> @org.jspecify.annotations.Nullable T rotate(ConcurrentLinkedQueue<T> queue) {
        T next = queue.poll();
        if (next != null) {
            queue.add(next);
        }
        return next;
    }
}
