package dev.holdfast.cli.demo;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.cli.demo.ChildEvent.Kind;
import dev.holdfast.config.Config;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The process that holds the demo's node. In its first life it stores all tasks, lets some of them finish, and waits to be
 * killed; in its second it stores them again (the same idempotency keys: no task is stored twice), serves what is there,
 * and only then starts to execute.
 */
public final class DemoChild {

    static final String FIRST = "first";
    static final String SECOND = "second";

    private static final int LONGEST_KEY = TaskOptions.MAX_IDEMPOTENCY_KEY;
    private static final int LONGEST_LABEL = TaskOptions.MAX_LABEL;
    private static final int USUAL_LIMIT = 10_000;
    private static final int USUAL_KEYS = 100_000;
    private static final long TICK_MILLIS = 1_000;

    private final DemoPlan plan;
    private final PrintStream events;
    private final HoldfastInstance node;
    private final DurableExecutorService executor;
    private final AtomicLong finished = new AtomicLong();

    private DemoChild(DemoPlan plan, PrintStream events, HoldfastInstance node) {
        this.plan = plan;
        this.events = events;
        this.node = node;
        this.executor = node.getDurableExecutorService(DemoPlan.EXECUTOR);
    }

    /** Arguments: the data directory, and which life it is. */
    public static void main(String[] arguments) {
        PrintStream events = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err); // a library's print is no event
        daemon("demo-parent-watch", DemoChild::endWithTheParent);
        daemon("demo-sign-of-life", () -> signOfLife(events));
        int exitCode = 0;
        try {
            live(Path.of(arguments[0]), arguments[1].equals(FIRST), events);
        } catch (Throwable failure) {
            failure.printStackTrace();
            emit(events, ChildEvent.of(Kind.TROUBLE, String.valueOf(failure), 0));
            exitCode = 1;
        }
        System.exit(exitCode);
    }

    private static void live(Path directory, boolean first, PrintStream events) throws Exception {
        DemoPlan plan = DemoDirectory.readPlan(directory);
        if (first) {
            Gate.limit(plan.killAfter());
        }
        try (HoldfastInstance node = Holdfast.newInstance(config(directory, plan, first))) {
            emit(
                    events,
                    ChildEvent.of(
                            Kind.READY, Gate.process(), ProcessHandle.current().pid()));
            DemoChild child = new DemoChild(plan, events, node);
            if (first) {
                child.untilKilled();
            } else {
                child.untilFinished();
            }
        }
        emit(events, ChildEvent.of(Kind.DONE, 0));
    }

    private static Config config(Path directory, DemoPlan plan, boolean autoStart) {
        int files = plan.files().size();
        Config config = new Config().setNodeName("demo").setAutoStart(autoStart);
        config.setMaxWaiters(Math.max(config.getMaxWaiters(), files));
        config.getStorageConfig()
                .setDirectory(directory)
                .setIdempotencyKeys(Math.max(USUAL_KEYS, files))
                .setIdempotencyTtl(Duration.ofDays(365)); // the user of --interactive may take a break
        config.getDurableExecutorConfig(DemoPlan.EXECUTOR)
                .setPoolSize(plan.threads())
                .setCapacity(Math.max(USUAL_LIMIT, files))
                .getResultRetention()
                .setMaxResults(Math.max(USUAL_LIMIT, files));
        return config;
    }

    private void untilKilled() throws InterruptedException {
        for (int file = 0; file < plan.files().size(); file++) {
            reportEnd(file, store(file));
        }
        Gate.awaitHeld(plan.runningAtKill());
        synchronized (finished) {
            while (finished.get() < plan.killAfter()) {
                finished.wait();
            }
        }
        emit(events, ChildEvent.held(finished.get(), plan.runningAtKill()));
        new CountDownLatch(1).await();
    }

    private void untilFinished() throws Exception {
        List<DurableExecutorServiceFuture<FileDigest>> futures = new ArrayList<>();
        for (int file = 0; file < plan.files().size(); file++) {
            futures.add(store(file));
        }
        List<Integer> open = new ArrayList<>();
        for (int file = 0; file < futures.size(); file++) {
            if (isEnded(futures.get(file).getTaskId())) {
                serve(file, futures.get(file));
            } else {
                open.add(file);
            }
        }
        node.start();
        for (int file : open) {
            reportEnd(file, futures.get(file));
        }
        synchronized (finished) {
            while (finished.get() < open.size()) {
                finished.wait();
            }
        }
        try (Stream<TaskInfo> tasks = executor.tasks(TaskQuery.all())) {
            emit(events, ChildEvent.of(Kind.TASKS, tasks.count()));
        }
    }

    private DurableExecutorServiceFuture<FileDigest> store(int file) {
        String path = plan.files().get(file).path();
        TaskOptions options = TaskOptions.create()
                .idempotencyKey(shortened(path, LONGEST_KEY))
                .label(shortened(path, LONGEST_LABEL));
        DurableExecutorServiceFuture<FileDigest> future =
                executor.submit(new FileDigestTask(plan.folder(), path), options);
        emit(events, ChildEvent.ofTask(Kind.STORED, file, future.getTaskId()));
        return future;
    }

    /** {@code path}, or its end behind a hash of the whole: distinct paths stay distinct. */
    private static String shortened(String path, int limit) {
        if (path.length() <= limit) {
            return path;
        }
        String hash = java.util.UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)) + ":";
        return hash + path.substring(path.length() - limit + hash.length());
    }

    private boolean isEnded(long taskId) {
        return executor.getTask(taskId).map(task -> task.state().isTerminal()).orElse(true);
    }

    private void serve(int file, DurableExecutorServiceFuture<FileDigest> future) throws InterruptedException {
        long taskId = future.getTaskId();
        try {
            FileDigest digest = executor.<FileDigest>retrieveResult(taskId).get();
            emit(events, ChildEvent.result(Kind.SERVED, file, taskId, digest));
        } catch (ExecutionException failed) {
            emit(events, ChildEvent.failed(file, taskId, describe(failed)));
        }
    }

    private void reportEnd(int file, DurableExecutorServiceFuture<FileDigest> future) {
        future.whenComplete((digest, failure) -> {
            emit(
                    events,
                    failure == null
                            ? ChildEvent.result(Kind.FINISHED, file, future.getTaskId(), digest)
                            : ChildEvent.failed(file, future.getTaskId(), describe(failure)));
            synchronized (finished) {
                finished.incrementAndGet();
                finished.notifyAll();
            }
        });
    }

    private static String describe(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    private static void emit(PrintStream events, ChildEvent event) {
        String line = event.toLine();
        synchronized (events) {
            events.print(line + "\n");
            events.flush();
        }
    }

    /** The parent holds the other end of the standard input: when it is gone, so is this process. */
    private static void endWithTheParent() {
        try {
            while (System.in.read() >= 0) {
                // nothing is ever said
            }
        } catch (IOException gone) {
            // as good as the end
        }
        Runtime.getRuntime().halt(1);
    }

    /** So that the parent can tell a node that works on a large file from one that is stuck. */
    private static void signOfLife(PrintStream events) {
        long before = -1;
        while (true) {
            long now = Gate.bytesWorked();
            if (now != before) {
                emit(events, ChildEvent.of(Kind.ALIVE, now));
                before = now;
            }
            try {
                Thread.sleep(TICK_MILLIS);
            } catch (InterruptedException ended) {
                return;
            }
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
