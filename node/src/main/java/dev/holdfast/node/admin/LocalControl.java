package dev.holdfast.node.admin;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorStats;
import dev.holdfast.TaskNotAllowedException;
import dev.holdfast.TaskNotSerializableException;
import dev.holdfast.TaskOptions;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.config.WhenFull;
import dev.holdfast.node.admin.AdminFailure.Reason;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.ExecutorView;
import dev.holdfast.node.service.DurableExecutorServiceImpl;
import dev.holdfast.node.service.TaskAction;
import dev.holdfast.node.service.TaskActions;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Acts on the node of this very process. Thread-safe; blocks as the calls of an executor do. */
public final class LocalControl implements NodeControl {

    /** Posted together, so that all are answered within one {@code submit-timeout}. */
    static final int SLICE = 256;

    private final AdminHost host;
    private final TaskActions actions;

    public LocalControl(AdminHost host) {
        this.host = host;
        this.actions = new TaskActions(host.context(), host::service);
    }

    /** By name. */
    List<SeenExecutor> executors() {
        return host.executors().stream().map(this::see).toList();
    }

    @Override
    public Optional<SeenExecutor> operate(String name, ExecutorOperation operation) {
        if (!host.executors().contains(name)) {
            return Optional.empty();
        }
        DurableExecutorService executor = host.service(name);
        switch (operation) {
            case PAUSE -> executor.pause();
            case RESUME -> executor.resume();
            case SHUTDOWN -> executor.shutdown();
            case REOPEN -> executor.reopen();
        }
        return Optional.of(see(name));
    }

    @Override
    public void act(TaskAction action, List<TaskId> ids, Consumer<TaskOutcome> outcomes) {
        for (int from = 0; from < ids.size(); from += SLICE) {
            List<Long> slice = ids.subList(from, Math.min(from + SLICE, ids.size())).stream()
                    .map(TaskId::value)
                    .toList();
            actions.perform(action, slice).forEach(outcomes);
        }
    }

    @Override
    public TaskId submit(SubmitRequest request) {
        TaskMaker maker = new TaskMaker(host.classLoader(), host.context().codec()::checkAllowed);
        try {
            Object task = maker.make(request.className(), request.arguments());
            DurableExecutorService executor = host.service(request.executor());
            TaskOptions options = options(request);
            return new TaskId(
                    task instanceof Callable<?> callable
                            ? executor.submit(callable, options).getTaskId()
                            : executor.submit((Runnable) task, options).getTaskId());
        } catch (RejectedExecutionException | TaskNotAllowedException refused) {
            throw new AdminFailure(Reason.REFUSED, String.valueOf(refused.getMessage()), refused);
        } catch (IllegalArgumentException | TaskNotSerializableException wrong) {
            throw new AdminFailure(Reason.USAGE, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static TaskOptions options(SubmitRequest request) {
        TaskOptions options = TaskOptions.create();
        options = request.label() == null ? options : options.label(request.label());
        options = request.key() == null ? options : options.key(request.key());
        options = request.idempotencyKey() == null ? options : options.idempotencyKey(request.idempotencyKey());
        options = request.maxCrashes() == 0 ? options : options.maxCrashes(request.maxCrashes());
        return request.resultTtlMillis() == 0
                ? options
                : options.resultTtl(Duration.ofMillis(request.resultTtlMillis()));
    }

    private SeenExecutor see(String name) {
        List<ExecutorView> views = new ArrayList<>();
        for (PartitionAccess partition : host.partitions()) {
            views.add(partition.executor(name));
        }
        SeenExecutor sum = ExecutorSums.of(name, views);
        DurableExecutorServiceImpl service = host.service(name);
        DurableExecutorStats stats = service.getStats();
        return new SeenExecutor(
                name,
                sum.shutdown(),
                sum.paused(),
                stats.pending(),
                stats.running(),
                sum.held(),
                sum.results(),
                sum.counters(),
                host.knowsSettings() ? live(name, service.settings(), stats) : null);
    }

    private SeenExecutor.Live live(String name, DurableExecutorConfig settings, DurableExecutorStats stats) {
        ResultRetentionConfig retention = settings.getResultRetention();
        Duration ttl = retention.getTtl();
        List<SeenExecutor.Attempt> attempts = host.partitions().stream()
                .flatMap(partition -> partition.running(name).stream())
                .map(running -> new SeenExecutor.Attempt(running.task(), running.attempt(), running.startedAtMillis()))
                .sorted(Comparator.comparingLong(SeenExecutor.Attempt::startedAtMillis))
                .limit(SeenExecutor.Live.MAX_ATTEMPTS)
                .toList();
        return new SeenExecutor.Live(
                stats.rejected(),
                settings.getPoolSize(),
                settings.getCapacity(),
                settings.getMaxHeld(),
                retention.getMaxResults(),
                retention.getMaxBytes(),
                ttl == null ? TaskSpec.NO_TTL : ttl.toMillis(),
                retention.getWhenFull() == WhenFull.REJECT,
                stats.submitToStored(),
                stats.submitToResult(),
                stats.execution(),
                attempts);
    }

    /** The node is closed by whoever started it. */
    @Override
    public void close() {}
}
