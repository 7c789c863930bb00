package dev.holdfast.testkit.disk;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.config.SyncPolicy;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process of a node on a disk that fails. Arguments: directory, sync policy. It does what its standard input says, a line
 * for each, and says what came of it; {@link DiskChild} is the other end.
 */
final class DiskNode {

    static final int PARTITIONS = 2;
    static final int CAPACITY = 1_000;

    private static final int SEGMENT_BYTES = 256 * 1024;
    private static final int PAYLOAD_BYTES = 64 * 1024;
    private static final long RESULT_SECONDS = 30;
    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private final DurableExecutorService executor;

    private DiskNode(DurableExecutorService executor) {
        this.executor = executor;
    }

    public static void main(String[] arguments) throws Exception {
        Config config = new Config().setPartitionCount(PARTITIONS).setMaxPayload(PAYLOAD_BYTES);
        config.getStorageConfig()
                .setDirectory(Path.of(arguments[0]))
                .setSync(SyncPolicy.valueOf(arguments[1]))
                .setSegmentSize(SEGMENT_BYTES)
                .setLowSpaceWatermark(SEGMENT_BYTES);
        config.addDurableExecutorConfig(
                new DurableExecutorConfig("work").setPoolSize(4).setCapacity(CAPACITY));
        HoldfastInstance node;
        try {
            node = Holdfast.newInstance(config);
        } catch (RuntimeException e) {
            say("REFUSES " + codeOf(e) + " " + oneLine(e));
            throw e;
        }
        say("READY");
        new DiskNode(node.getDurableExecutorService("work")).serve(node);
    }

    private void serve(HoldfastInstance node) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "SUBMIT" -> submit(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
                case "RESULT" -> result(Long.parseLong(words[1]));
                case "DISPOSE" -> dispose(Long.parseLong(words[1]));
                case "HOLD" -> Held.close();
                case "RELEASE" -> Held.open();
                case "CLOSE" -> node.close();
                default -> throw new IllegalArgumentException("Not known: line=" + line);
            }
            say("DONE");
        }
    }

    /** So many, or until one is refused. */
    private void submit(String prefix, int count, int bytes) {
        String filling = "x".repeat(bytes);
        for (int i = 0; i < count; i++) {
            String token = prefix + "-" + i;
            try {
                say("STORED " + token + " "
                        + executor.submit(new Held(token, filling)).getTaskId());
            } catch (RuntimeException e) {
                say("REFUSED " + token + " " + codeOf(e) + " " + e.getClass().getSimpleName() + " " + oneLine(e));
                return;
            }
        }
    }

    private void result(long id) {
        try {
            say("SEEN " + id + " " + executor.<String>retrieveResult(id).get(RESULT_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            String reason = e.getCause() instanceof StaleTaskIdException stale
                    ? stale.reason().name()
                    : codeOf(e) + " " + oneLine(e);
            say("STALE " + id + " " + reason);
        } catch (TimeoutException e) {
            say("STALE " + id + " no-answer");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            say("STALE " + id + " " + codeOf(e) + " " + oneLine(e));
        }
    }

    private void dispose(long id) {
        try {
            executor.disposeResult(id);
            say("DISPOSED " + id);
        } catch (RuntimeException e) {
            say("KEPT " + id + " " + codeOf(e) + " " + oneLine(e));
        }
    }

    private static String codeOf(Throwable failure) {
        return ErrorCode.of(failure).map(ErrorCode::id).orElse("none");
    }

    private static String oneLine(Throwable failure) {
        return String.valueOf(failure).replace('\n', ' ');
    }

    /** One write for a line: what was said before a death is known whole. */
    private static synchronized void say(String line) {
        try {
            OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
