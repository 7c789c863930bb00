package dev.holdfast.node.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.config.ClientConfig;
import dev.holdfast.node.assembly.ServedNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FlappingConnectionTest extends RemoteFixture {

    private static final int SUBMITS = 1_000;
    private static final int THREADS = 32;
    private static final int CUT_EVERY = 125;

    record Numbered(int number) implements DurableCallable<Integer> {
        @Override
        public Integer call() {
            return number;
        }
    }

    @Test
    void everySubmitIsStoredOnceAndEveryResultArrives() throws Exception {
        ServedNode a = node("a", config -> config);
        TcpProxy proxy = opened(new TcpProxy(a.address()));
        a.tell(new PartitionTable(
                2,
                "dev",
                List.of(new PartitionTable.Node(a.id(), "a", proxy.address())),
                List.of(a.id().diskId(), a.id().diskId())));
        ClientConfig config =
                new ClientConfig().setMembers(List.of(proxy.address().toString()));
        config.getSerializationConfig().addAllowedClasses("dev.holdfast.**");
        HoldfastInstance client = opened(Holdfast.newClient(config));
        DurableExecutorService service = client.getDurableExecutorService(EXECUTOR);

        AtomicInteger count = new AtomicInteger();
        Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();
        ExecutorService submitters = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<DurableExecutorServiceFuture<Integer>>> submits = new ArrayList<>();
            for (int i = 0; i < SUBMITS; i++) {
                int number = i;
                submits.add(() -> {
                    DurableExecutorServiceFuture<Integer> future = service.submit(
                            new Numbered(number), TaskOptions.create().label("n" + number));
                    acknowledged.put(number, future.getTaskId());
                    if (count.incrementAndGet() % CUT_EVERY == 0) {
                        proxy.cut(); // all others are somewhere on their way
                    }
                    assertThat(future.get(50, TimeUnit.SECONDS)).isEqualTo(number);
                    return future;
                });
            }
            for (Future<DurableExecutorServiceFuture<Integer>> each : submitters.invokeAll(submits)) {
                Objects.requireNonNull(each.get());
            }
        } finally {
            submitters.shutdownNow();
        }

        assertThat(proxy.accepted()).as("connections").isGreaterThan(SUBMITS / CUT_EVERY / 2);
        Map<String, Long> stored = new HashMap<>();
        try (var tasks = service(a).tasks(TaskQuery.all())) {
            for (TaskInfo task : (Iterable<TaskInfo>) tasks::iterator) {
                assertThat(stored.put(Objects.requireNonNull(task.label()), task.taskId()))
                        .as("twice: %s", task.label())
                        .isNull();
            }
        }
        assertThat(stored).hasSize(SUBMITS);
        acknowledged.forEach((number, id) -> assertThat(stored).containsEntry("n" + number, id));
    }
}
