package dev.holdfast.bench.load;

import com.hazelcast.durableexecutor.DurableExecutorServiceFuture;
import dev.holdfast.bench.contender.HazelcastApart;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@link Failover} of the peer, with SIGKILL: as many submissions outstanding, each by a thread of its own, for its submits block. What
 * became of those that were under way is not looked at: it has no way to ask.
 */
final class HazelcastFailover implements Measurement {

    /** So many that each of its partitions has some. */
    private static final int KEYS = 100_000;

    private static final long STACK_BYTES = 256 << 10;
    private static final long PAUSE_MILLIS = 10;

    private final ServedAgain servedAgain = new ServedAgain();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private volatile boolean ended;

    @Override
    public Figures measure(Options options) throws Exception {
        try (HazelcastApart members = start(options)) {
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < options.number("outstanding"); i++) {
                Thread submitter = new Thread(null, () -> submitUntilTheEnd(members), "submitter-" + i, STACK_BYTES);
                submitter.setDaemon(true);
                submitters.add(submitter);
                submitter.start();
            }
            TimeUnit.SECONDS.sleep(options.number("warm-up"));
            String victim = members.pick();
            double before = Failover.perSecond(acknowledged);
            unknown.set(0);
            servedAgain.signals(members.ledBy(victim));
            members.kill(victim);
            boolean all = servedAgain.await();
            ended = true;
            if (!all) {
                throw new IllegalStateException("Partitions are not served again in time: " + servedAgain);
            }
            return servedAgain.figures().put("before: acks/s", before).put("not known", unknown.get());
        }
    }

    private static HazelcastApart start(Options options) throws Exception {
        return options.text("contender").endsWith(Failover.FROM_MEMBER)
                ? HazelcastApart.startWithOneHere(options.directory(), Options.POOL_SIZE, Failover.MEMBERS, 1)
                : HazelcastApart.start(options.directory(), Options.POOL_SIZE, Failover.MEMBERS, 1);
    }

    private void submitUntilTheEnd(HazelcastApart members) {
        byte[] payload = new byte[Failover.BYTES];
        while (!ended) {
            long startNanos = System.nanoTime();
            try {
                String key = "key-" + ThreadLocalRandom.current().nextInt(KEYS);
                acknowledged(startNanos, members.submit(payload, key));
            } catch (RuntimeException failed) {
                unknown.incrementAndGet();
                pause();
            }
        }
    }

    private void acknowledged(long startNanos, DurableExecutorServiceFuture<byte[]> future) {
        acknowledged.incrementAndGet();
        int partition = HazelcastApart.partitionOf(future.getTaskId());
        if (servedAgain.counts(startNanos, partition)) {
            servedAgain.acknowledged(partition, System.nanoTime());
            var unused = future.whenComplete((result, problem) -> servedAgain.result(problem, System.nanoTime()));
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
