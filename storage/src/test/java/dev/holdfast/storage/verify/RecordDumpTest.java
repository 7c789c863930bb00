package dev.holdfast.storage.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.log.memory.MemoryStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class RecordDumpTest {

    @TempDir
    Path directory;

    private StoppedNode node;

    @BeforeEach
    void create() {
        node = StoppedNode.inMemory(directory);
    }

    @Test
    void everyTypeOfRecordIsADocumentWithItsPlace() throws IOException {
        List<LogRecord.Replicated> records = Samples.everyRecord(new Epoch(1));
        node.run(true, log -> StoppedNode.append(log, records));
        List<Map<?, ?>> documents = parse(node.dump(Lsn.NONE, Long.MAX_VALUE));
        assertThat(documents.get(0).keySet().toString()).contains("segmentOpened");
        List<Map<?, ?>> replicated = ofLog(documents);
        assertThat(replicated).hasSize(records.size());
        for (int i = 0; i < records.size(); i++) {
            String type = records.get(i).getClass().getSimpleName();
            String name = type.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + type.substring(1);
            assertThat(replicated.get(i).get("lsn")).isEqualTo(i + 1);
            assertThat(replicated.get(i).get("epoch")).isEqualTo(1);
            assertThat(replicated.get(i).get(name)).as(name).isInstanceOf(Map.class);
            assertThat(String.valueOf(replicated.get(i).get("file"))).contains("segment-");
        }
    }

    @Test
    void everyTypeOfItemInACheckpointIsADocument() throws IOException {
        int items = Samples.everyItem().size();
        node.run(true, log -> {
            StoppedNode.append(log, Samples.submissions(1, 5, 100, 1));
            StoppedNode.checkpoint(log, Samples.everyItem());
            StoppedNode.append(log, Samples.submissions(6, 2, 100, 1));
        });
        List<Map<?, ?>> documents = parse(node.dump(Lsn.NONE, Long.MAX_VALUE));
        assertThat(documents.stream().filter(document -> document.containsKey("checkpoint")))
                .hasSize(items);
        assertThat(documents.get(0).get("partition")).isInstanceOf(Map.class);
        assertThat(parse(node.dump(new Lsn(6), Long.MAX_VALUE)))
                .noneMatch(document -> document.containsKey("checkpoint"));
    }

    @Test
    void aLargeRecordInChunksIsOneDocument() throws IOException {
        node.run(true, log -> StoppedNode.append(log, List.of(Samples.submitted(1, 60_000), Samples.submitted(2, 10))));
        List<Map<?, ?>> replicated = ofLog(parse(node.dump(Lsn.NONE, Long.MAX_VALUE)));
        assertThat(replicated).hasSize(2);
        assertThat(String.valueOf(replicated.get(0).get("submitted"))).contains("length=60000");
    }

    @Test
    void onlyWhatWasAskedForIsShown() throws IOException {
        node.run(true, log -> StoppedNode.append(log, Samples.submissions(1, 300, 4_000, 1)));
        List<Map<?, ?>> documents = parse(node.dump(new Lsn(200), 7));
        assertThat(documents).hasSize(7);
        assertThat(documents.get(0).get("lsn")).isEqualTo(200);
        assertThat(parse(node.dump(new Lsn(301), 7))).isEmpty();
    }

    @Test
    void damageIsADocumentAndWhatFollowsInOtherSegmentsIsShown() throws IOException {
        node.run(true, log -> StoppedNode.append(log, Samples.submissions(1, 300, 4_000, 1)));
        long first = node.store().contents().segments().get(0);
        byte[] content = MemoryStores.segment(node.store(), first);
        content[content.length / 2] ^= 1;
        MemoryStores.replaceSegment(node.store(), first, content);
        List<Map<?, ?>> documents = parse(node.dump(Lsn.NONE, Long.MAX_VALUE));
        assertThat(documents)
                .filteredOn(document -> document.containsKey("damage"))
                .hasSize(1);
        List<Map<?, ?>> replicated = ofLog(documents);
        assertThat(replicated.get(replicated.size() - 1).get("lsn")).isEqualTo(300);
        assertThat(replicated.size()).isLessThan(300);
    }

    private static List<Map<?, ?>> ofLog(List<Map<?, ?>> documents) {
        return documents.stream()
                .filter(document -> document.containsKey("lsn"))
                .toList();
    }

    private static List<Map<?, ?>> parse(String yaml) {
        List<Map<?, ?>> documents = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder()
                        .setCodePointLimit(Integer.MAX_VALUE)
                        .build())
                .loadAllFromString(yaml)) {
            documents.add((Map<?, ?>) document);
        }
        return documents;
    }
}
