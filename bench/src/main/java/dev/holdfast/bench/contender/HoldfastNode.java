package dev.holdfast.bench.contender;

import dev.holdfast.Cluster;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskOptions;
import dev.holdfast.config.Config;
import dev.holdfast.config.SyncPolicy;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** An embedded node with its defaults: 16 partitions, CRC on. */
public final class HoldfastNode implements Contender {

    public static final String EXECUTOR = "bench";

    private static final TaskOptions OPTIONS = TaskOptions.create();

    private final HoldfastInstance instance;
    private final DurableExecutorService executor;
    private final Function<byte[], Callable<byte[]>> task;

    public HoldfastNode(Config config) {
        this(config, Echo::new);
    }

    HoldfastNode(Config config, Function<byte[], Callable<byte[]>> task) {
        this.task = task;
        instance = Holdfast.newInstance(config);
        executor = instance.getDurableExecutorService(EXECUTOR);
    }

    /** Defaults, {@code sync: os} among them. */
    public static Config config(Path directory, int poolSize) {
        Config config = new Config();
        config.getStorageConfig().setDirectory(directory);
        config.getDurableExecutorConfig(EXECUTOR).setPoolSize(poolSize);
        return config;
    }

    static Config always(Path directory, int poolSize) {
        Config config = config(directory, poolSize);
        config.getStorageConfig().setSync(SyncPolicy.ALWAYS);
        return config;
    }

    Cluster cluster() {
        return instance.getCluster();
    }

    public DurableExecutorService executor() {
        return executor;
    }

    @Override
    public CompletionStage<byte[]> submitAsync(byte[] payload) {
        return executor.submitAsync(task.apply(payload), OPTIONS).thenCompose(stored -> stored);
    }

    @Override
    public Stored submit(byte[] payload) {
        return new Handle(executor.submit(task.apply(payload)));
    }

    @Override
    public byte[] retrieve(long id) throws Exception {
        return executor.<byte[]>retrieveResult(id).get();
    }

    @Override
    public void dispose(long id) {
        executor.disposeResult(id);
    }

    @Override
    public void close() {
        instance.close();
    }

    private record Handle(DurableExecutorServiceFuture<byte[]> future) implements Stored {

        @Override
        public long id() {
            return future.getTaskId();
        }

        @Override
        public byte[] result() throws Exception {
            return future.get();
        }

        @Override
        public CompletionStage<byte[]> stage() {
            return future;
        }
    }
}
