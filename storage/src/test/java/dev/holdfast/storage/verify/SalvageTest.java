package dev.holdfast.storage.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.frame.Frame;
import dev.holdfast.storage.log.segment.Salvage;
import dev.holdfast.storage.log.segment.SalvageHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can still be read of a damaged log, against what was written into it. */
class SalvageTest {

    private static final int RECORDS = 200;
    private static final long MANY = Long.MAX_VALUE;

    /** A bit of a length: further than a few records, and within the file. */
    private static final int PAST_THE_RECORDS = 1 << 14;

    @TempDir
    Path directory;

    /** What was handed over, in order. */
    static final class Taken implements SalvageHandler {
        final TreeMap<Long, String> records = new TreeMap<>();
        final TreeSet<Long> missing = new TreeSet<>();
        final List<SnapshotItem> items = new ArrayList<>();
        boolean checkpointCut;
        boolean endUnknown;
        private long last;

        @Override
        public void onSnapshot(SnapshotItem item) {
            items.add(item);
        }

        @Override
        public void onCheckpointGap() {
            checkpointCut = true;
        }

        @Override
        public void onGap(Lsn first, Lsn lastOfIt) {
            assertThat(first.value()).isGreaterThan(last).isLessThanOrEqualTo(lastOfIt.value());
            for (long lsn = first.value(); lsn <= lastOfIt.value(); lsn++) {
                missing.add(lsn);
            }
            last = lastOfIt.value();
        }

        @Override
        public void onUnknownEnd() {
            endUnknown = true;
        }

        @Override
        public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
            assertThat(lsn.value()).isGreaterThan(last);
            last = lsn.value();
            records.put(lsn.value(), Samples.describe(List.of(replicated)).get(0));
        }
    }

    private StoppedNode written() throws IOException {
        StoppedNode node = StoppedNode.onDisk(directory);
        for (int life = 0; life < 2; life++) {
            int first = 1 + life * RECORDS;
            node.run(life == 1, log -> {
                StoppedNode.append(log, Samples.submissions(first, RECORDS - 1, 4_000, 1));
                // one that is a run of chunks
                StoppedNode.append(log, List.of(Samples.submitted(first + RECORDS - 1, 100_000)));
            });
        }
        return node;
    }

    private static Taken salvage(StoppedNode node, Optional<Lsn> mark) throws IOException {
        Taken taken = new Taken();
        try (Salvage salvage = Salvage.read(node.store(), mark, MANY, taken)) {
            assertThat(salvage.end().lsn().value()).isPositive();
        }
        return taken;
    }

    @Test
    void ofASoundLogItIsEverything() throws IOException {
        StoppedNode node = written();
        Taken taken = salvage(node, Optional.of(new Lsn(2 * RECORDS)));
        assertThat(taken.records).hasSize(2 * RECORDS);
        assertThat(taken.missing).isEmpty();
        assertThat(taken.endUnknown).isFalse();
        assertThat(salvage(node, Optional.empty()).endUnknown).isTrue();
    }

    /** Chronicle's own data has a length too: of a reader that it leads past all records the segment looks unused. */
    @Test
    void aDamagedLengthOfChroniclesOwnDataHidesNoRecord() throws IOException {
        StoppedNode node = StoppedNode.onDisk(directory);
        node.run(false, log -> StoppedNode.append(log, Samples.submissions(1, 10, 100, 1)));
        Path segment = segments().get(0);
        int place = lastWordBeforeTheRecords(segment);
        ByteBuffer word = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        word.putInt(0, littleEndian(segment).getInt(place));
        assertThat(word.getInt(0) & PAST_THE_RECORDS).isZero();
        word.putInt(0, word.getInt(0) | PAST_THE_RECORDS);
        byte[] unused = replace(segment, place, word.array());
        assertThat(node.verify().findings())
                .anySatisfy(finding -> assertThat(finding.file()).isEqualTo(segment))
                .allSatisfy(finding -> assertThat(finding.offset()).isNotNegative());
        Taken taken = salvage(node, Optional.of(new Lsn(10)));
        assertThat(taken.records).hasSize(10);
        assertThat(taken.missing).isEmpty();
    }

    private static ByteBuffer littleEndian(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where the length of the last document of Chronicle's own stands that is in front of the first frame. */
    private static int lastWordBeforeTheRecords(Path segment) throws IOException {
        ByteBuffer file = littleEndian(segment);
        int at = 0;
        int last = -1;
        while ((file.getInt(at) & 0x4000_0000) != 0) {
            last = at;
            at += (int) Frame.documentBytes(file.getInt(at) & 0x3FFF_FFFF);
        }
        assertThat(file.getInt(at + Frame.DOCUMENT_HEADER)).isEqualTo(Frame.MAGIC);
        assertThat(last).isNotNegative();
        return last;
    }

    @Test
    void whatIsHandedOverWasWrittenAndWhatIsMissingIsTold() throws IOException {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        StoppedNode node = written();
        Taken whole = salvage(node, Optional.empty());
        Lsn mark = new Lsn(whole.records.lastKey());
        List<Path> segments = segments();
        assertThat(segments).hasSizeGreaterThan(3);
        int hits = 0;
        for (int round = 0; round < 60; round++) {
            List<Runnable> undo = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                Path segment = segments.get(random.nextInt(segments.size()));
                long at = random.nextLong(66_000, 240_000);
                byte[] before = replace(segment, at, garbage(random));
                undo.add(() -> restore(segment, at, before));
            }
            Taken taken = salvage(node, Optional.of(mark));
            String what = "seed=" + seed + ", round=" + round;
            assertThat(whole.records.entrySet()).as(what).containsAll(taken.records.entrySet());
            for (long lsn : whole.records.keySet()) {
                assertThat(taken.records.containsKey(lsn))
                        .as("%s, lsn=%s", what, lsn)
                        .isNotEqualTo(taken.missing.contains(lsn));
            }
            assertThat(taken.records.size()).as(what).isGreaterThan(RECORDS);
            hits += taken.missing.isEmpty() ? 0 : 1;
            for (int i = undo.size() - 1; i >= 0; i--) {
                undo.get(i).run();
            }
        }
        assertThat(hits).as("seed=%s", seed).isGreaterThan(20);
        assertThat(salvage(node, Optional.of(mark)).records).isEqualTo(whole.records);
    }

    /** Somebody may well keep copies of such files: of another node, or of this directory before it was made anew. */
    @Test
    void aCopyOfAnotherLogWithinADamagedPayloadIsNotTaken(@TempDir Path other) throws IOException {
        byte[] copy = payloadWithFrames(other);
        StoppedNode node = StoppedNode.onDisk(directory);
        node.run(true, log -> {
            StoppedNode.append(log, Samples.submissions(1, 20, 100, 1));
            StoppedNode.append(log, List.of(withPayload(21, copy)));
            StoppedNode.append(log, Samples.submissions(22, 20, 100, 1));
        });
        Taken whole = salvage(node, Optional.of(new Lsn(41)));
        assertThat(whole.records).hasSize(41);
        Path segment = segments().get(0);
        byte[] bytes = Files.readAllBytes(segment);
        long begin = indexOf(bytes, copy);
        for (long at : new long[] {begin, begin - 60, begin + copy.length - 1}) {
            byte[] before = replace(segment, at, new byte[] {(byte) ~bytes[(int) at]});
            Taken taken = salvage(node, Optional.of(new Lsn(41)));
            assertThat(taken.missing).as("at=%s", at).containsExactly(21L);
            assertThat(taken.records).as("at=%s", at).hasSize(40);
            assertThat(whole.records.entrySet()).as("at=%s", at).containsAll(taken.records.entrySet());
            restore(segment, at, before);
        }
    }

    /** Frames above all that are in the other log, wherever in a document they begin. */
    private static byte[] payloadWithFrames(Path other) throws IOException {
        StoppedNode.onDisk(other).run(true, log -> StoppedNode.append(log, Samples.submissions(1, 200, 100, 2)));
        Path segment;
        try (Stream<Path> files = Files.walk(DirectoryLayout.partition(other, StoppedNode.PARTITION))) {
            segment = files.filter(file -> file.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        int length = 4_001; // the same four times, each one byte on
        ByteBuffer payload = ByteBuffer.allocate(64 + 4 * length);
        payload.position(64);
        for (int i = 0; i < 4; i++) {
            payload.put(bytes, (end & ~3) - 4_000, 4_000).put((byte) 0);
        }
        return payload.array();
    }

    private static LogRecord.Submitted withPayload(long sequence, byte[] payload) {
        LogRecord.Submitted sample = Samples.submitted(sequence, 0);
        return new LogRecord.Submitted(
                sequence, sample.executor(), sample.atMillis(), sample.spec(), new Body.Inline(payload));
    }

    private static long indexOf(byte[] bytes, byte[] part) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(new String(part, StandardCharsets.ISO_8859_1));
    }

    @Test
    void anUnreadableItemOfACheckpointIsToldAndTheOthersAreThere() throws IOException {
        StoppedNode node = StoppedNode.onDisk(directory);
        node.run(true, log -> {
            StoppedNode.append(log, Samples.submissions(1, 20, 100, 1));
            StoppedNode.checkpoint(log, Samples.everyItem());
        });
        Taken whole = salvage(node, Optional.of(new Lsn(20)));
        assertThat(whole.checkpointCut).isFalse();
        assertThat(whole.items).hasSameSizeAs(Samples.everyItem());
        Path items;
        try (Stream<Path> files = Files.walk(partition())) {
            items = files.filter(file -> file.endsWith("items")).findFirst().orElseThrow();
        }
        replace(items, Files.size(items) / 2, new byte[] {1, 2, 3});
        Taken taken = salvage(node, Optional.of(new Lsn(20)));
        assertThat(taken.checkpointCut).isTrue();
        assertThat(taken.items.size()).isBetween(whole.items.size() - 2, whole.items.size() - 1);
        assertThat(Samples.describe(whole.items)).containsAll(Samples.describe(taken.items));
    }

    /** After a loss of power the mark may be behind; what a later segment says of the end before it holds for ever. */
    @Test
    void aMissingEndIsToldByTheSegmentBehindItWhereTheMarkIsOld() throws IOException {
        StoppedNode node = StoppedNode.onDisk(directory);
        node.run(false, log -> StoppedNode.append(log, Samples.submissions(1, 10, 100, 1)));
        node.run(true, log -> StoppedNode.append(log, Samples.submissions(11, 1, 100, 1)));
        List<Path> segments = segments();
        assertThat(segments).hasSize(2);
        damageLastRecord(segments.get(0));
        damageLastRecord(segments.get(1));
        Taken taken = salvage(node, Optional.of(new Lsn(5)));
        assertThat(taken.records).containsOnlyKeys(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(taken.missing).containsExactly(10L);
    }

    private static void damageLastRecord(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        byte[] unused = replace(segment, end - 4, new byte[] {1, 2, 3, 4});
    }

    private static byte[] garbage(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? 4096 : 1 + random.nextInt(8)];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    private Path partition() {
        return DirectoryLayout.partition(directory, StoppedNode.PARTITION);
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.walk(partition())) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }

    private static byte[] replace(Path file, long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer before = ByteBuffer.allocate(bytes.length);
            while (before.hasRemaining() && channel.read(before, at + before.position()) > 0) {
                // more of it
            }
            channel.write(ByteBuffer.wrap(bytes), at);
            return before.array();
        }
    }

    private static void restore(Path file, long at, byte[] bytes) {
        try {
            byte[] unused = replace(file, at, bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
