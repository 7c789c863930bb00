package dev.holdfast.node.service;

import dev.holdfast.config.Config;
import dev.holdfast.node.callback.CallbackPool;
import dev.holdfast.node.callback.Callbacks;
import dev.holdfast.node.codec.JavaTaskCodec;
import dev.holdfast.node.codec.ResultNotEncodableException;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.node.execution.BriefWait;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.partition.Execution;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.TaskId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A node without workers: the test starts and ends the attempts. */
final class FakeNode implements NodeContext, Execution, AutoCloseable {

    private static final String CALLBACK_POOL = "fake-callback";
    static final String CALLBACK_THREAD = CALLBACK_POOL + "-1";

    private final Config config;
    private final List<FakePartition> partitions;
    private final TaskCodec codec;
    private final CallbackPool callbacks = new CallbackPool(CALLBACK_POOL, 1, BriefWait.none(), look -> {});
    private final Map<TaskId, Running> running = new ConcurrentHashMap<>();
    private final Map<TaskId, String> executors = new ConcurrentHashMap<>();
    private final LatencyRecorder latencies = new LatencyRecorder();

    final Set<TaskId> interrupted = ConcurrentHashMap.newKeySet();
    final AtomicInteger blocked = new AtomicInteger();
    volatile boolean closed;
    volatile int members = 1;

    FakeNode(Config config, int partitionCount, int capacity) {
        this.config = config;
        this.partitions = IntStream.range(0, partitionCount)
                .mapToObj(id -> new FakePartition(id, capacity, this))
                .toList();
        this.codec = new JavaTaskCodec(config);
    }

    FakePartition partition(long taskId) {
        return partitions.get(new TaskId(taskId).partition().value());
    }

    List<FakePartition> fakes() {
        return partitions;
    }

    void start(long taskId, String executor) {
        executors.put(new TaskId(taskId), executor);
        running.put(new TaskId(taskId), new Running(new TaskId(taskId), 1, 1000));
    }

    void complete(long taskId, @Nullable Object result) {
        running.remove(new TaskId(taskId));
        try {
            TaskCodec.EncodedResult encoded = codec.encodeResult(result);
            post(
                    taskId,
                    new Command.Complete(
                            new TaskId(taskId).sequence(), 1, 1000, encoded.codec(), new Body.Inline(encoded.bytes())));
        } catch (ResultNotEncodableException e) {
            throw new AssertionError(e);
        }
    }

    void fail(long taskId, Throwable failure) {
        running.remove(new TaskId(taskId));
        TaskCodec.EncodedFailure encoded = codec.encodeFailure(failure);
        post(
                taskId,
                new Command.Fail(
                        new TaskId(taskId).sequence(), 1, 1000, encoded.info(), new Body.Inline(encoded.bytes())));
    }

    /** The attempt's thread is on its way out. */
    void leave(long taskId) {
        running.remove(new TaskId(taskId));
    }

    private void post(long taskId, Command command) {
        partition(taskId).post(command, reply -> {});
    }

    @Override
    public String nodeName() {
        return "fake";
    }

    @Override
    public int memberCount() {
        return members;
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public List<PartitionAccess> partitions() {
        return new ArrayList<>(partitions);
    }

    @Override
    public TaskCodec codec() {
        return codec;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public Callbacks callbacks() {
        return callbacks;
    }

    @Override
    public BriefWait briefWait() {
        return BriefWait.none();
    }

    @Override
    public String node() {
        return nodeName();
    }

    @Override
    public @Nullable Running find(TaskId task) {
        return running.get(task);
    }

    @Override
    public List<Running> of(String executor) {
        return running.values().stream()
                .filter(attempt -> executor.equals(executors.get(attempt.task())))
                .toList();
    }

    @Override
    public void interrupt(TaskId task) {
        interrupted.add(task);
    }

    @Override
    public Blocking blocking() {
        blocked.incrementAndGet();
        return blocked::decrementAndGet;
    }

    @Override
    public LatencyRecorder latencies(String executor) {
        return latencies;
    }

    @Override
    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException("Node is closed: node=fake");
        }
    }

    @Override
    public void close() {
        callbacks.close(10, TimeUnit.SECONDS);
    }
}
