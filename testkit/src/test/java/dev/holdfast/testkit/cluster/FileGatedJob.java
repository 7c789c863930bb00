package dev.holdfast.testkit.cluster;

import dev.holdfast.DurableCallable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Returns a value made at execution, in whichever process that is, once a file is there.
 *
 * @param gate its path
 */
record FileGatedJob(String token, String gate) implements DurableCallable<String> {

    private static final long LOOK_MILLIS = 20;

    @Override
    public String call() throws InterruptedException, IOException {
        Path file = Path.of(gate);
        try (WatchService watch = file.getFileSystem().newWatchService()) {
            while (!Files.exists(file)) {
                watch.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS); // nothing is registered: a pause
            }
        }
        return token + "=" + UUID.randomUUID();
    }
}
