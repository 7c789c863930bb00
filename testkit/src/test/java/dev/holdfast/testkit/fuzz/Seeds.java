package dev.holdfast.testkit.fuzz;

import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.Surroundings;
import dev.holdfast.storage.directory.ClusterFile;
import dev.holdfast.storage.directory.ClusterMark;
import dev.holdfast.storage.directory.EpochFile;
import dev.holdfast.storage.directory.HighWaterMark;
import dev.holdfast.storage.directory.Limits;
import dev.holdfast.storage.directory.LimitsFile;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SequenceRange;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskSpec;
import dev.holdfast.storage.log.frame.EncodedBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Inputs to begin with: what Holdfast itself writes, and those that are kept because they once showed something. */
final class Seeds {

    private Seeds() {}

    static List<byte[]> of(Target target) throws IOException {
        List<byte[]> seeds = new ArrayList<>(kept(target));
        seeds.add(new byte[0]);
        switch (target) {
            case GUARDED_READER -> seeds.add(Documents.of(joined(records())).bytes());
            case RECORDS, RUNS -> {
                seeds.addAll(records());
                seeds.addAll(locals());
                seeds.add(joined(records()));
            }
            case CHECKPOINT -> {
                seeds.addAll(items());
                seeds.add(joined(items()));
            }
            case SMALL_FILES -> seeds.addAll(smallFiles());
            case CONFIG_XML -> seeds.add(config().toXml().getBytes(StandardCharsets.UTF_8));
            case CONFIG_YAML -> seeds.add(config().toYaml().getBytes(StandardCharsets.UTF_8));
            case CONFIG_HAZELCAST_XML -> seeds.add(HAZELCAST.getBytes(StandardCharsets.UTF_8));
        }
        return seeds;
    }

    /** A line is an input in Base64; one that begins with # says what the next one shows. */
    private static List<byte[]> kept(Target target) throws IOException {
        try (InputStream in = Seeds.class.getResourceAsStream(target.name() + ".txt")) {
            if (in == null) {
                return List.of();
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Base64.getDecoder()::decode)
                    .toList();
        }
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        parts.forEach(whole::writeBytes);
        return whole.toByteArray();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (7 * i);
        }
        return bytes;
    }

    private static List<byte[]> records() throws IOException {
        TaskSpec spec =
                new TaskSpec("java", "com.acme.Größe", "f00d", "label", "k\u0000ey", "once-1", 1, 60_000, false);
        Body body = new Body.Inline(bytes(40));
        RequestId request = new RequestId(new UUID(3, -4), Long.MAX_VALUE, 1L << 40);
        List<byte[]> inputs = new ArrayList<>();
        for (LogRecord.Replicated each : List.of(
                new LogRecord.EpochStarted(new Epoch(Documents.FILE_NUMBER), 3, LogRecord.EpochCause.VISIT, 10),
                new LogRecord.Submitted(1, "a", 11, spec, body, request),
                new LogRecord.Submitted(1L << 46, "", Long.MAX_VALUE, spec, new Body.Inline(new byte[0])),
                new LogRecord.AttemptStarted(1, 2, 12),
                new LogRecord.AttemptAbandoned(1, 2, 13),
                new LogRecord.Completed(1, 2, 12, 14, "java", body),
                new LogRecord.Completed(1, 2, 12, 14, "java", null),
                new LogRecord.Failed(1, 1, 0, 15, new FailureInfo("java.io.IOException", "gone \uD83D\uDE00"), body),
                new LogRecord.Cancelled(1, 16, request),
                new LogRecord.Disposed(1, 17),
                new LogRecord.Discarded(1, 17, request),
                new LogRecord.Evicted(1, 18),
                new LogRecord.Expired(1, 19),
                new LogRecord.Parked(1, "class changed", 20),
                new LogRecord.Quarantined(1, 3, 21),
                new LogRecord.Retried(1, "beef", true, 22, request),
                new LogRecord.ExecutorShutdown("a", 1, 24),
                new LogRecord.ExecutorReopened("a", 2, 25),
                new LogRecord.ExecutorPaused("a", 3, 26),
                new LogRecord.ExecutorResumed("a", 4, 27),
                new LogRecord.ExecutorDestroyed("a", 5, -28),
                new LogRecord.SequencesLost(new SequenceRange(5, 65_541), 29))) {
            EncodedBatch batch = new EncodedBatch();
            batch.add(List.of(each));
            inputs.add(Documents.encoded(batch, Documents.FILE_NUMBER).asInput());
        }
        return inputs;
    }

    private static List<byte[]> locals() throws IOException {
        LogEnd end = new LogEnd(new Lsn(7), new Epoch(1), 99);
        List<byte[]> inputs = new ArrayList<>();
        for (int kind = 0; kind < 3; kind++) {
            EncodedBatch batch = new EncodedBatch();
            switch (kind) {
                case 0 -> batch.add(new LogRecord.SegmentOpened(1, 2, "always", 0, end));
                case 1 -> batch.add(new LogRecord.Truncated(end));
                default -> batch.addForced(end);
            }
            inputs.add(Documents.encoded(batch, Documents.FILE_NUMBER).asInput());
        }
        // the first of two chunks
        ByteBuffer chunk = ByteBuffer.allocate(60).order(ByteOrder.LITTLE_ENDIAN);
        chunk.putInt(0, 2).putInt(8, 2).putInt(16, 80);
        inputs.add(Documents.input(63, 0, chunk.array()));
        return inputs;
    }

    private static List<byte[]> items() throws IOException {
        TaskSpec spec = new TaskSpec("java", "com.acme.HashFile", null, null, null, null, 3, TaskSpec.NO_TTL, true);
        byte[] bytes = bytes(30);
        Body body = new Body.Inline(bytes);
        List<byte[]> inputs = new ArrayList<>();
        add(inputs, new SnapshotItem.OfPartition(new Epoch(4), 9, 77), null);
        add(inputs, new SnapshotItem.Lost(new SequenceRange(2, 3)), null);
        SnapshotItem.Counters counters = new SnapshotItem.Counters(1, 2, 3, 4, 5, 6, 7, Long.MAX_VALUE);
        add(inputs, new SnapshotItem.OfExecutor("a", 5, true, false, true, 12, counters), null);
        add(
                inputs,
                new SnapshotItem.OfTask(
                        10,
                        "a",
                        1,
                        spec,
                        body,
                        SnapshotItem.State.COMPLETED,
                        2,
                        true,
                        1,
                        true,
                        3,
                        4,
                        "held",
                        "java",
                        null,
                        body),
                bytes);
        add(
                inputs,
                new SnapshotItem.OfTask(
                        11,
                        "b",
                        1,
                        spec,
                        new Body.Stored(new Lsn(4), 30, 0),
                        SnapshotItem.State.FAILED,
                        0,
                        false,
                        0,
                        false,
                        0,
                        0,
                        null,
                        null,
                        new FailureInfo("java.lang.Error", null),
                        body),
                bytes);
        add(inputs, new SnapshotItem.Tombstones("a", new long[] {1, 2, 500}, SnapshotItem.Removal.EVICTED), null);
        add(inputs, new SnapshotItem.Key("a", "once", 10, 99), null);
        List<SnapshotItem.Call> calls = new ArrayList<>();
        for (SnapshotItem.Caused caused : SnapshotItem.Caused.values()) {
            calls.add(new SnapshotItem.Call(7, caused, 5));
        }
        add(inputs, new SnapshotItem.Caller(new UUID(3, -4), 7, 1_700_000_000_000L, calls), null);
        return inputs;
    }

    private static void add(List<byte[]> inputs, SnapshotItem item, byte @Nullable [] bodies) throws IOException {
        EncodedBatch batch = new EncodedBatch();
        batch.add(item, bodies, bodies);
        inputs.add(Documents.encoded(batch, Documents.FILE_NUMBER).asInput());
    }

    /** As {@link SmallFilesTarget} takes them: as they are, and as their content without the checksum. */
    private static List<byte[]> smallFiles() throws IOException {
        Path directory = Files.createTempDirectory("seeds");
        int owner = Documents.PARTITION.value();
        LimitsFile.create(directory.resolve("limits"), owner, new Limits(7, true, "boot", 65_537));
        HighWaterMark.create(directory.resolve("high-water"), Documents.PARTITION);
        EpochFile.in(directory, Documents.PARTITION).store(new Epoch(9));
        ClusterFile.in(directory).store(new ClusterMark(new UUID(1, 2), 16, ByteBuffer.wrap(bytes(20)), 3, 4, true));
        List<byte[]> inputs = new ArrayList<>();
        List<String> names = List.of("limits", "high-water", "epoch", "node.cluster");
        for (int kind = 0; kind < names.size(); kind++) {
            byte[] content = Files.readAllBytes(directory.resolve(names.get(kind)));
            inputs.add(input(kind, content));
            inputs.add(input(kind | 0x80, kind == 0 ? Arrays.copyOf(content, 1024) : content));
            Files.delete(directory.resolve(names.get(kind)));
        }
        Files.delete(directory);
        inputs.add(
                input(4, "format-version=1\npartition-count=16\ncrc32c=00000000\n".getBytes(StandardCharsets.UTF_8)));
        return inputs;
    }

    private static byte[] input(int kind, byte[] content) {
        return ByteBuffer.allocate(1 + content.length)
                .put((byte) kind)
                .put(content)
                .array();
    }

    private static Config config() {
        Config config = new Config(Surroundings.none());
        config.addDurableExecutorConfig(new DurableExecutorConfig("images-*").setCapacity(7));
        return config;
    }

    private static final String HAZELCAST = """
            <hazelcast xmlns="http://www.hazelcast.com/schema/config">
              <cluster-name>prod</cluster-name>
              <durable-executor-service name="exec">
                <pool-size>16</pool-size><durability>1</durability><capacity>100</capacity>
                <split-brain-protection-ref>quorum</split-brain-protection-ref>
              </durable-executor-service>
              <split-brain-protection enabled="true" name="quorum">
                <minimum-cluster-size>3</minimum-cluster-size><protect-on>READ_WRITE</protect-on>
              </split-brain-protection>
            </hazelcast>
            """;
}
