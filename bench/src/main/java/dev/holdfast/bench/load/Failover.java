package dev.holdfast.bench.load;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskOptions;
import dev.holdfast.bench.contender.Echo;
import dev.holdfast.bench.contender.MembersApart;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Three members, durability 1, default settings; a client, or one of the members, keeps many submissions outstanding while another
 * member is killed or stands still. Times are from just before the signal, of submissions that began after it, to the partitions that the member led.
 * Options: directory, contender, outstanding, signal (KILL or STOP), leader (of the control plane), warm-up, seconds.
 *
 * <p>Afterwards the results of what was acknowledged around the signal are waited for, and it is submitted again under its keys: it has
 * to get the ids that it has. A result that is evicted, as the executor's retention has it, is counted apart: it was there.
 */
final class Failover implements Measurement {

    private static final int SEQUENCE_BITS = 48;
    private static final int PARTITIONS = 16;
    static final int BYTES = 128;
    static final int MEMBERS = 3;

    /** How a contender's name ends that submits from one of the members, and has no client. */
    static final String FROM_MEMBER = "-member";

    private static final int MAX_CHECKED = 5_000;
    private static final long RESULT_SECONDS = 60;

    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicLong indeterminate = new AtomicLong();
    private final Map<String, Integer> problems = new ConcurrentSkipListMap<>();
    private final AtomicLong acknowledgedBefore = new AtomicLong();
    private final ServedAgain servedAgain = new ServedAgain();
    private volatile boolean ended;

    /** @param number decides its keys */
    private record Acknowledged(long number, DurableExecutorServiceFuture<byte[]> future) {}

    @Override
    public Figures measure(Options options) throws Exception {
        boolean kill = options.text("signal").equals("KILL");
        try (MembersApart members = start(options)) {
            Semaphore outstanding = new Semaphore(options.number("outstanding"));
            Thread submitter = new Thread(() -> submitUntilTheEnd(members.executor(), outstanding), "submitter");
            submitter.start();
            TimeUnit.SECONDS.sleep(options.number("warm-up"));
            String victim = members.pick(Boolean.parseBoolean(options.text("leader")));
            acknowledged.clear(); // old ones may have been evicted
            double before = perSecond(acknowledgedBefore);
            servedAgain.signals(members.ledBy(victim));
            if (kill) {
                members.kill(victim);
            } else {
                members.pause(victim);
            }
            TimeUnit.SECONDS.sleep(options.number("seconds"));
            if (!kill) {
                members.resume(victim);
                TimeUnit.SECONDS.sleep(3);
            }
            boolean all = servedAgain.await();
            ended = true;
            submitter.join();
            if (!outstanding.tryAcquire(options.number("outstanding"), 2, TimeUnit.MINUTES)) {
                throw new IllegalStateException("Submissions are never answered");
            }
            return figures(members, all).put("before: acks/s", before);
        }
    }

    private static MembersApart start(Options options) throws Exception {
        return options.text("contender").endsWith(FROM_MEMBER)
                ? MembersApart.startWithOneHere(options.directory(), Options.POOL_SIZE, MEMBERS, 1)
                : MembersApart.start(options.directory(), Options.POOL_SIZE, MEMBERS, 1);
    }

    /** How many come in a second that is waited for. */
    static double perSecond(AtomicLong count) throws InterruptedException {
        long before = count.get();
        TimeUnit.SECONDS.sleep(1);
        return count.get() - before;
    }

    private void submitUntilTheEnd(DurableExecutorService executor, Semaphore outstanding) {
        byte[] payload = new byte[BYTES];
        for (long number = 0; !ended; number++) {
            outstanding.acquireUninterruptibly();
            long submitted = number;
            long startNanos = System.nanoTime();
            var unused = executor.submitAsync(new Echo(payload), options(number))
                    .whenComplete((future, problem) -> {
                        outstanding.release();
                        if (future == null) {
                            indeterminate.incrementAndGet();
                            problems.merge(withoutNumbers(problem), 1, Integer::sum);
                        } else {
                            acknowledged(submitted, startNanos, future);
                        }
                    });
        }
    }

    private static TaskOptions options(long number) {
        return TaskOptions.create().key("key-" + (number * 31 % 1009)).idempotencyKey("submission-" + number);
    }

    private void acknowledged(long number, long startNanos, DurableExecutorServiceFuture<byte[]> future) {
        int partition = (int) (future.getTaskId() >>> SEQUENCE_BITS);
        if (!servedAgain.hasSignalled()) {
            acknowledgedBefore.incrementAndGet();
            if (ThreadLocalRandom.current().nextInt(16) == 0) {
                acknowledged.add(new Acknowledged(number, future));
            }
            return;
        }
        acknowledged.add(new Acknowledged(number, future));
        if (servedAgain.counts(startNanos, partition)) {
            servedAgain.acknowledged(partition, System.nanoTime());
            var unused = future.whenComplete((result, problem) -> servedAgain.result(problem, System.nanoTime()));
        }
    }

    private static String withoutNumbers(@Nullable Throwable problem) {
        return String.valueOf(problem).replaceAll("[0-9]+", "N");
    }

    private Figures figures(MembersApart members, boolean all) throws Exception {
        if (!all) {
            throw new IllegalStateException("Partitions are not served again in time: " + servedAgain + ", of="
                    + PARTITIONS + ", acknowledged=" + acknowledged.size()
                    + ", without answer=" + problems + "; the members said:\n" + members.lastWords());
        }
        DurableExecutorService executor = members.executor();
        long gone = 0;
        long evicted = 0;
        Map<String, Integer> why = new TreeMap<>();
        long silent = 0;
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(RESULT_SECONDS);
        long twice = 0;
        List<Acknowledged> some = acknowledged.stream().limit(MAX_CHECKED).toList();
        List<CompletableFuture<byte[]>> results =
                some.stream().map(each -> each.future().toCompletableFuture()).toList();
        for (CompletableFuture<byte[]> each : results) {
            try {
                each.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                boolean isEvicted = e.getCause() instanceof StaleTaskIdException stale
                        && stale.reason() == StaleTaskIdException.Reason.EVICTED;
                evicted += isEvicted ? 1 : 0;
                gone += isEvicted ? 0 : 1;
                why.merge(withoutNumbers(e.getCause()), 1, Integer::sum);
            } catch (TimeoutException e) {
                silent++;
            }
        }
        why.forEach((what, count) -> System.out.println(NOTE + "without a result: " + count + " times " + what));
        for (Acknowledged each : some) {
            long again = executor.submitAsync(new Echo(new byte[BYTES]), options(each.number()))
                    .toCompletableFuture()
                    .get(1, TimeUnit.MINUTES)
                    .getTaskId();
            twice += again == each.future().getTaskId() ? 0 : 1;
        }
        return servedAgain
                .figures()
                .put("looked at", some.size())
                .put("lost", gone)
                .put("evicted", evicted)
                .put("without result", silent)
                .put("entered twice", twice)
                .put("not known", indeterminate.get());
    }
}
