package dev.holdfast.bench.contender;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bare loop with every append forced to the medium before it counts. One thread forces; what is appended while it does
 * shares the next force.
 */
final class GroupCommitLoop implements Contender {

    private final ExecutorService pool;
    private final Appends appends;
    private final Thread forcer;
    private final Object lock = new Object();
    /** Under {@link #lock}: what goes on after the next force. */
    private List<Runnable> waiting = new ArrayList<>();
    /** Under {@link #lock}. */
    private boolean closed;

    GroupCommitLoop(Path directory, int poolSize) throws IOException {
        pool = Executors.newFixedThreadPool(poolSize);
        appends = new Appends(directory);
        appends.append(new byte[1]); // so that there is a file
        FileChannel channel = FileChannel.open(appends.file().toPath(), StandardOpenOption.WRITE);
        forcer = new Thread(() -> forceUntilClosed(channel), "forcer");
        forcer.start();
    }

    @Override
    public CompletionStage<byte[]> submitAsync(byte[] payload) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        append(payload, () -> run(payload, result));
        return result;
    }

    @Override
    public Stored submit(byte[] payload) throws Exception {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> stored = new CompletableFuture<>();
        append(payload, () -> {
            stored.complete(null);
            run(payload, result);
        });
        stored.get();
        return new Promise(result);
    }

    private void run(byte[] payload, CompletableFuture<byte[]> result) {
        pool.execute(() -> {
            byte[] value = Echo.answer(payload);
            append(value, () -> result.complete(value));
        });
    }

    private void append(byte[] message, Runnable afterForce) {
        appends.append(message);
        synchronized (lock) {
            waiting.add(afterForce);
            lock.notifyAll();
        }
    }

    private void forceUntilClosed(FileChannel channel) {
        try (channel) {
            while (true) {
                List<Runnable> forced;
                synchronized (lock) {
                    while (waiting.isEmpty() && !closed) {
                        lock.wait();
                    }
                    if (waiting.isEmpty()) {
                        return;
                    }
                    forced = waiting;
                    waiting = new ArrayList<>();
                }
                channel.force(false);
                forced.forEach(Runnable::run);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("The forces ended", e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        forcer.join();
        pool.shutdown();
        if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("The pool does not end: seconds=60");
        }
        appends.close();
    }
}
