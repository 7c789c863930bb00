package dev.holdfast.cli.demo;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskQuery;
import dev.holdfast.cli.demo.ChildEvent.Kind;
import dev.holdfast.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private final DemoPlan plan;
    private final ParentLink parent;
    private final HoldfastInstance node;
    private final DurableExecutorService executor;
    private final AtomicLong finished = new AtomicLong();

    private DemoChild(DemoPlan plan, ParentLink parent, HoldfastInstance node) {
        this.plan = plan;
        this.parent = parent;
        this.node = node;
        this.executor = node.getDurableExecutorService(DemoPlan.EXECUTOR);
    }

    /** Arguments: the data directory, and which life it is. */
    public static void main(String[] arguments) {
        ParentLink.run(word -> {}, parent -> live(Path.of(arguments[0]), arguments[1].equals(FIRST), parent));
    }

    private static void live(Path directory, boolean first, ParentLink parent) throws Exception {
        DemoPlan plan = DemoDirectory.readPlan(directory);
        if (first) {
            Gate.limit(plan.killAfter());
        }
        try (HoldfastInstance node = Holdfast.newInstance(config(directory, plan, first))) {
            parent.emit(ChildEvent.of(
                    Kind.READY, Gate.process(), ProcessHandle.current().pid()));
            DemoChild child = new DemoChild(plan, parent, node);
            if (first) {
                child.untilKilled();
            } else {
                child.untilFinished();
            }
        }
        parent.emit(ChildEvent.of(Kind.DONE, 0));
    }

    private static Config config(Path directory, DemoPlan plan, boolean autoStart) {
        Config config = new Config().setNodeName("demo").setAutoStart(autoStart);
        config.getStorageConfig().setDirectory(directory);
        plan.applyTo(config);
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
        parent.emit(ChildEvent.held(finished.get(), plan.runningAtKill()));
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
            parent.emit(ChildEvent.of(Kind.TASKS, tasks.count()));
        }
    }

    private DurableExecutorServiceFuture<FileDigest> store(int file) {
        String path = plan.files().get(file).path();
        DurableExecutorServiceFuture<FileDigest> future =
                executor.submit(new FileDigestTask(plan.folder(), path), DemoPlan.options(path));
        parent.emit(ChildEvent.ofTask(Kind.STORED, file, future.getTaskId()));
        return future;
    }

    private boolean isEnded(long taskId) {
        return executor.getTask(taskId).map(task -> task.state().isTerminal()).orElse(true);
    }

    private void serve(int file, DurableExecutorServiceFuture<FileDigest> future) throws InterruptedException {
        long taskId = future.getTaskId();
        try {
            FileDigest digest = executor.<FileDigest>retrieveResult(taskId).get();
            parent.emit(ChildEvent.result(Kind.SERVED, file, taskId, digest));
        } catch (ExecutionException failed) {
            parent.emit(ChildEvent.failed(file, taskId, DemoPlan.describe(failed)));
        }
    }

    private void reportEnd(int file, DurableExecutorServiceFuture<FileDigest> future) {
        future.whenComplete((digest, failure) -> {
            parent.emit(
                    failure == null
                            ? ChildEvent.result(Kind.FINISHED, file, future.getTaskId(), digest)
                            : ChildEvent.failed(file, future.getTaskId(), DemoPlan.describe(failure)));
            synchronized (finished) {
                finished.incrementAndGet();
                finished.notifyAll();
            }
        });
    }
}
