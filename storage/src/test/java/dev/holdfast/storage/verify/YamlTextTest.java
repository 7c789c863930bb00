package dev.holdfast.storage.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.TaskSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class YamlTextTest {

    private static final PartitionId PARTITION = new PartitionId(7);
    private static final TaskSpec SPEC =
            new TaskSpec("java", "com.example.Task", null, "true", "a key: \"x\"\n#é", null, 3, TaskSpec.NO_TTL, true);

    private final YamlText yaml = new YamlText(PARTITION);

    @Test
    void aTaskIsShownAsTheUserKnowsIt() {
        LogRecord.Submitted submitted =
                new LogRecord.Submitted(5, "orders", 1_700_000_000_123L, SPEC, new Body.Inline(new byte[] {1, 2, -1}));
        Map<?, ?> task =
                nested(parse(yaml.begin().number("lsn", 17).value(submitted).end()), "submitted");
        assertThat(task.get("sequence")).isEqualTo(5);
        assertThat(task.get("taskId")).isEqualTo(TaskId.of(PARTITION, 5).value());
        assertThat(task.get("executor")).isEqualTo("orders");
        assertThat(task.get("at")).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(task.get("payload")).isEqualTo(Map.of("length", 3, "hex", "0102ff"));
        Map<?, ?> spec = nested(task, "spec");
        assertThat(spec.get("label")).isEqualTo("true");
        assertThat(spec.get("key")).isEqualTo("a key: \"x\"\n#é");
        assertThat(spec.containsKey("idempotencyKey")).isFalse();
        assertThat(spec.get("keepResult")).isEqualTo(true);
    }

    @Test
    void aLongBodyIsCutAndANamedOneIsNamed() {
        LogRecord.Completed inline = new LogRecord.Completed(5, 1, 0, 1, "java", new Body.Inline(new byte[20]));
        assertThat(nested(parse(yaml.begin().value(inline).end()), "completed").get("result"))
                .isEqualTo(Map.of("length", 20, "hex", "0".repeat(32) + "..."));
        LogRecord.Completed stored =
                new LogRecord.Completed(5, 1, 0, 1, "java", new Body.Stored(new Lsn(9), 70_000, -1));
        assertThat(nested(parse(yaml.begin().value(stored).end()), "completed").get("result"))
                .isEqualTo(Map.of("length", 70_000, "lsn", 9, "crc32c", "ffffffff"));
    }

    @Test
    void theRemoteCallThatCausedARecordIsShown() {
        RequestId request = new RequestId(new UUID(1, 2), 9, 4);
        LogRecord.Cancelled cancelled = new LogRecord.Cancelled(5, 6, request);
        assertThat(nested(parse(yaml.begin().value(cancelled).end()), "cancelled")
                        .get("request"))
                .isEqualTo(
                        Map.of("caller", "00000000-0000-0001-0000-000000000002", "number", 9, "lowestUnanswered", 4));
        LogRecord.Cancelled local = new LogRecord.Cancelled(5, 6);
        assertThat(nested(parse(yaml.begin().value(local).end()), "cancelled").containsKey("request"))
                .isFalse();
    }

    @Test
    void aCallerIsShownWithItsCalls() {
        SnapshotItem.Caller caller = new SnapshotItem.Caller(
                new UUID(1, 2),
                4,
                1_700_000_000_123L,
                List.of(
                        new SnapshotItem.Call(4, SnapshotItem.Caused.SUBMITTED, 5),
                        new SnapshotItem.Call(9, SnapshotItem.Caused.DISPOSED, 6)));
        Map<?, ?> shown = nested(parse(yaml.begin().value(caller).end()), "caller");
        assertThat(shown.get("lowestUnanswered")).isEqualTo(4);
        assertThat(shown.get("at")).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(shown.get("calls"))
                .isEqualTo(List.of(
                        Map.of(
                                "number",
                                4,
                                "caused",
                                "SUBMITTED",
                                "sequence",
                                5,
                                "taskId",
                                TaskId.of(PARTITION, 5).value()),
                        Map.of(
                                "number",
                                9,
                                "caused",
                                "DISPOSED",
                                "sequence",
                                6,
                                "taskId",
                                TaskId.of(PARTITION, 6).value())));
    }

    @Test
    void enumsListsAndNestedRecordsAreShown() {
        LogRecord.EpochStarted epoch =
                new LogRecord.EpochStarted(new Epoch(4), 2, LogRecord.EpochCause.CRASH_START, 1_000);
        assertThat(parse(yaml.begin().value(epoch).end()).get("epochStarted"))
                .isEqualTo(Map.of(
                        "epoch",
                        4,
                        "session",
                        2,
                        "cause",
                        "CRASH_START",
                        "nextSequence",
                        0,
                        "at",
                        "1970-01-01T00:00:01Z"));
        SnapshotItem.Tombstones tombstones =
                new SnapshotItem.Tombstones("no", new long[] {1, 2}, SnapshotItem.Removal.EVICTED);
        assertThat(parse(yaml.begin().value(tombstones).end()).get("tombstones"))
                .isEqualTo(Map.of("executor", "no", "sequences", List.of(1, 2), "removal", "EVICTED"));
    }

    @Test
    void anyTextComesBackAsItWas() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int[] alphabet =
                "aZ09 .,:;#-_!?&*|>'\"\\%@`{}[]~\t\n\u0001\u007f\u00e9\u00df\u4e2d\u20ac/xuFN\u2028\u0085\ufeff\ud83d\ude00"
                        .codePoints()
                        .toArray();
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(1, 12);
            for (int i = 0; i < length; i++) {
                text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
            }
            String document = yaml.begin().text("text", text.toString()).end();
            assertThat(String.valueOf(parse(document).get("text")))
                    .as("seed=%s, round=%s, document=%s", seed, round, document)
                    .isEqualTo(text.toString());
        }
    }

    @Test
    void namesBeyondAsciiAreReadable() {
        assertThat(yaml.begin().text("label", "Grüße, 東京").end()).contains("label: \"Grüße, 東京\"");
    }

    private static Map<?, ?> parse(String document) {
        assertThat(document).startsWith("---\n");
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(document);
    }

    private static Map<?, ?> nested(Map<?, ?> map, String key) {
        return (Map<?, ?>) Objects.requireNonNull(map.get(key));
    }
}
