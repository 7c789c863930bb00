package dev.holdfast.testkit;

import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** A node with a task that kills it: dies, or says SETTLED and ends with 0 once no task is waiting or running. */
final class PoisonScenario {

    static final int POISONED = 66;
    private static final int NEIGHBOURS = 15;
    private static final CountDownLatch NEIGHBOURS_RUN = new CountDownLatch(NEIGHBOURS);

    private PoisonScenario() {}

    public static void main(String[] args) throws Exception {
        try (HoldfastInstance node = PoisonTest.start(Path.of(args[0]))) {
            DurableExecutorService many = node.getDurableExecutorService("many");
            boolean fresh = tasks(many).isEmpty();
            switch (args[1]) {
                case "exit" -> submitIf(fresh, many, new Exit());
                case "once" -> {
                    if (fresh) {
                        var unused =
                                many.submit(new Halt(0), TaskOptions.create().maxCrashes(1));
                    }
                }
                case "neighbours" -> {
                    for (int i = 0; i < NEIGHBOURS; i++) {
                        submitIf(fresh, many, new Neighbour(fresh));
                    }
                    submitIf(fresh, many, new Halt(NEIGHBOURS));
                }
                case "retry" -> many.retry(tasks(many).get(0).taskId());
                case "discard" -> discard(many, tasks(many).get(0).taskId());
                default -> throw new IllegalArgumentException(args[1]);
            }
            await().atMost(Duration.ofSeconds(45))
                    .until(() -> tasks(many).stream()
                            .noneMatch(task -> task.state() == TaskState.PENDING || task.state() == TaskState.RUNNING));
            Said.say("SETTLED");
        }
    }

    private static void discard(DurableExecutorService many, long taskId) throws InterruptedException {
        boolean discarded = many.discard(taskId);
        try {
            many.retrieveResult(taskId).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StaleTaskIdException stale) {
                Said.say("DISCARDED %s %s", discarded, stale.reason());
            }
        }
    }

    private static void submitIf(boolean fresh, DurableExecutorService many, DurableCallable<String> task) {
        if (fresh) {
            var unused = many.submit(task);
        }
    }

    private static List<TaskInfo> tasks(DurableExecutorService executor) {
        try (Stream<TaskInfo> tasks = executor.tasks(TaskQuery.all())) {
            return tasks.toList();
        }
    }

    private record Exit() implements DurableCallable<String> {
        @Override
        public String call() {
            System.exit(POISONED);
            return "unreachable";
        }
    }

    /** Kills the process once its neighbours run too, the first time; later as soon as it runs. */
    private record Halt(int neighbours) implements DurableCallable<String> {
        @Override
        public String call() throws InterruptedException {
            if (neighbours > 0 && dev.holdfast.TaskContext.current().attempt() == 1) {
                NEIGHBOURS_RUN.await();
            }
            Runtime.getRuntime().halt(POISONED);
            return "unreachable";
        }
    }

    /** In the first life it runs until the poison kills all; later it completes. */
    private record Neighbour(boolean waits) implements DurableCallable<String> {
        @Override
        public String call() throws InterruptedException {
            NEIGHBOURS_RUN.countDown();
            if (waits && dev.holdfast.TaskContext.current().attempt() == 1) {
                new CountDownLatch(1).await();
            }
            return "fine";
        }
    }
}
