package dev.holdfast.bench;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskOptions;
import dev.holdfast.config.Config;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/** An embedded node with its defaults: {@code sync: os}, CRC on, 16 partitions, Java serialisation. */
final class HoldfastNode implements Contender {
    private static final TaskOptions OPTIONS = TaskOptions.create();

    private final HoldfastInstance instance;
    private final DurableExecutorService executor;

    HoldfastNode(Path directory, int poolSize) {
        Config config = new Config();
        config.getStorageConfig().setDirectory(directory);
        config.getDurableExecutorConfig("bench").setPoolSize(poolSize);
        instance = Holdfast.newInstance(config);
        executor = instance.getDurableExecutorService("bench");
    }

    @Override
    public CompletionStage<byte[]> submit(byte[] payload) {
        return executor.submitAsync(new Echo(payload), OPTIONS).thenCompose(stored -> stored);
    }

    @Override
    public void close() {
        instance.close();
    }
}
