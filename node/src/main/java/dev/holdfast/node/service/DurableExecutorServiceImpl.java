package dev.holdfast.node.service;

import static java.util.Objects.requireNonNull;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.DurableExecutorStats;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.node.ledger.Command.Operation;
import dev.holdfast.node.partition.Execution;
import dev.holdfast.node.partition.PartitionAccess;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The executor of one name on one node; {@link #reconcileOperations} is for the start of the node. Thread-safe. */
public final class DurableExecutorServiceImpl implements DurableExecutorService {

    private static final TaskOptions NO_OPTIONS = TaskOptions.create();

    private final Core core;
    private final Submitter submitter;
    private final TaskControl control;
    private final Results results;
    private final ExecutorOperations operations;
    private final Termination termination;
    private final Inspection inspection;
    private final BulkCalls bulk;

    public DurableExecutorServiceImpl(String name, NodeContext context) {
        this.core = Core.of(name, context);
        this.control = new TaskControl(core);
        this.submitter = new Submitter(core, control);
        this.results = new Results(core);
        this.operations = new ExecutorOperations(core);
        this.termination = new Termination(core, operations);
        this.inspection = new Inspection(core);
        this.bulk = new BulkCalls(core, submitter);
    }

    /** Finishes a shutdown, reopen, pause, resume or destroy that a stop cut short between two partitions. */
    public void reconcileOperations() {
        operations.reconcile();
    }

    /** Not to be changed. */
    public DurableExecutorConfig settings() {
        return core.config();
    }

    TaskControl control() {
        return control;
    }

    @Override
    public String getName() {
        return core.name();
    }

    @Override
    public <T> DurableExecutorServiceFuture<T> submit(Callable<T> task) {
        return submit(task, NO_OPTIONS);
    }

    @Override
    public <T> DurableExecutorServiceFuture<T> submit(Runnable task, T result) {
        return submitter.submit(request(task, result, NO_OPTIONS, true));
    }

    @Override
    public DurableExecutorServiceFuture<?> submit(Runnable task) {
        return submit(task, NO_OPTIONS);
    }

    @Override
    public <T> DurableExecutorServiceFuture<T> submit(Callable<T> task, TaskOptions options) {
        requireNonNull(task, "task");
        requireNonNull(options, "options");
        submitter.checkOpen();
        return submitter.submit(Request.of(core, task, options));
    }

    @Override
    public DurableExecutorServiceFuture<?> submit(Runnable task, TaskOptions options) {
        return submitter.submit(request(task, null, options, true));
    }

    private Request request(Runnable task, @Nullable Object result, TaskOptions options, boolean keepResult) {
        requireNonNull(task, "task");
        requireNonNull(options, "options");
        submitter.checkOpen();
        return Request.of(core, task, result, options, keepResult);
    }

    @Override
    public <T> CompletionStage<DurableExecutorServiceFuture<T>> submitAsync(Callable<T> task, TaskOptions options) {
        requireNonNull(task, "task");
        requireNonNull(options, "options");
        try {
            submitter.checkOpen();
            return submitter.submitAsync(Request.of(core, task, options));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public <T> DurableExecutorServiceFuture<T> submitToKeyOwner(Callable<T> task, Object key) {
        return submit(task, NO_OPTIONS.key(key));
    }

    @Override
    public DurableExecutorServiceFuture<?> submitToKeyOwner(Runnable task, Object key) {
        return submit(task, NO_OPTIONS.key(key));
    }

    @Override
    public void execute(Runnable task) {
        submitter.store(request(task, null, NO_OPTIONS, false), System.nanoTime());
    }

    @Override
    public void executeOnKeyOwner(Runnable task, Object key) {
        submitter.store(request(task, null, NO_OPTIONS.key(key), false), System.nanoTime());
    }

    @Override
    public <T> DurableExecutorServiceFuture<T> retrieveResult(long taskId) {
        return results.retrieve(taskId);
    }

    @Override
    public <T> DurableExecutorServiceFuture<T> retrieveAndDisposeResult(long taskId) {
        return results.retrieveAndDispose(taskId);
    }

    @Override
    public void disposeResult(long taskId) {
        control.dispose(taskId);
    }

    @Override
    public boolean cancel(long taskId) {
        return control.cancel(taskId, true);
    }

    @Override
    public boolean retry(long taskId) {
        return control.retry(taskId, false);
    }

    @Override
    public boolean retry(long taskId, boolean acceptChangedCode) {
        return control.retry(taskId, acceptChangedCode);
    }

    @Override
    public boolean discard(long taskId) {
        return control.discard(taskId);
    }

    @Override
    public Optional<TaskInfo> getTask(long taskId) {
        return inspection.task(taskId);
    }

    @Override
    public Stream<TaskInfo> tasks(TaskQuery query) {
        return inspection.tasks(requireNonNull(query, "query"));
    }

    @Override
    public DurableExecutorStats getStats() {
        return inspection.stats();
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return bulk.invokeAll(tasks);
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        return bulk.invokeAll(tasks, timeout, unit);
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        return bulk.invokeAny(tasks);
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return bulk.invokeAny(tasks, timeout, unit);
    }

    @Override
    public void shutdown() {
        operations.perform(Operation.SHUTDOWN);
    }

    @Override
    public List<Runnable> shutdownNow() {
        return termination.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return operations.latest().shutdown();
    }

    @Override
    public boolean isTerminated() {
        return termination.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return termination.await(timeout, unit);
    }

    @Override
    public void reopen() {
        operations.perform(Operation.REOPEN);
    }

    @Override
    public void pause() {
        operations.perform(Operation.PAUSE);
    }

    @Override
    public void resume() {
        operations.perform(Operation.RESUME);
    }

    @Override
    public boolean isPaused() {
        return operations.latest().paused();
    }

    /** Interrupts what runs; what it returns finds no task any more. */
    @Override
    public void destroy() {
        operations.checkAllowed(); // before anybody is asked what runs
        Map<PartitionAccess, List<Execution.Running>> running = new LinkedHashMap<>();
        core.partitions().forEach(partition -> running.put(partition, partition.running(core.name())));
        operations.perform(Operation.DESTROY);
        running.forEach((partition, attempts) ->
                attempts.forEach(attempt -> partition.interrupt(attempt.task().sequence())));
    }

    @Override
    public void close() {
        // Nothing, as the interface says.
    }

    @Override
    public String toString() {
        return "DurableExecutorService[name=" + core.name() + ", node="
                + core.context().nodeName() + "]";
    }
}
