package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HighWaterMarkTest {

    private static final PartitionId PARTITION = new PartitionId(3);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void create() throws IOException {
        file = directory.resolve("high-water");
        HighWaterMark.create(file, PARTITION);
    }

    @Test
    void itStartsAtNothing() throws IOException {
        assertThat(HighWaterMark.read(file, PARTITION)).isEqualTo(Lsn.NONE);
    }

    @Test
    void aRaisedMarkIsSeenWithoutAForce() throws IOException {
        try (HighWaterMark mark = HighWaterMark.open(file, PARTITION)) {
            mark.raise(new Lsn(5));
            mark.raise(new Lsn(4));
            assertThat(mark.mark()).isEqualTo(new Lsn(5));
            assertThat(HighWaterMark.read(file, PARTITION)).isEqualTo(new Lsn(5));
            mark.raise(new Lsn(Long.MAX_VALUE));
            assertThat(HighWaterMark.read(file, PARTITION)).isEqualTo(new Lsn(Long.MAX_VALUE));
        }
    }

    @Test
    void onlyLoweringLowersIt() throws IOException {
        try (HighWaterMark mark = HighWaterMark.open(file, PARTITION)) {
            mark.raise(new Lsn(100));
            mark.lowerAndForce(new Lsn(40));
            mark.lowerAndForce(new Lsn(70));
            assertThat(mark.mark()).isEqualTo(new Lsn(40));
        }
        try (HighWaterMark mark = HighWaterMark.open(file, PARTITION)) {
            mark.raise(new Lsn(41));
            assertThat(HighWaterMark.read(file, PARTITION)).isEqualTo(new Lsn(41));
        }
    }

    @Test
    void aClosedMarkIsNotMovedAnyMore() throws IOException {
        HighWaterMark mark = HighWaterMark.open(file, PARTITION);
        mark.close();
        mark.close();
        assertThatThrownBy(() -> mark.raise(new Lsn(1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> mark.lowerAndForce(Lsn.NONE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDeathBetweenAnyTwoStoresLeavesTheOldOrTheNewMark() throws IOException {
        byte[] before = contentAt(new Lsn(900));
        byte[] after = contentAt(new Lsn(1_000));
        int[] stores = {
            HighWaterMark.FIRST_COPY,
            HighWaterMark.FIRST_COPY + 8,
            HighWaterMark.SECOND_COPY,
            HighWaterMark.SECOND_COPY + 8
        };
        byte[] content = before.clone();
        for (int store : stores) {
            System.arraycopy(after, store, content, store, Long.BYTES);
            Files.write(file, content);
            assertThat(HighWaterMark.read(file, PARTITION)).isIn(new Lsn(900), new Lsn(1_000));
        }
        assertThat(content).isEqualTo(after);
    }

    @Test
    void openingRepairsACopyThatWasLeftBehind() throws IOException {
        byte[] content = contentAt(new Lsn(1_000));
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(HighWaterMark.SECOND_COPY, 12);
        Files.write(file, content);
        HighWaterMark.open(file, PARTITION).close();
        assertThat(Files.readAllBytes(file)).isEqualTo(contentAt(new Lsn(1_000)));
    }

    @Test
    void everyFlippedByteIsDetectedOrHarmless() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Lsn last = new Lsn(random.nextLong(1, 1L << 50));
        byte[] whole = contentAt(last);
        for (int offset = 0; offset < 256; offset++) {
            for (int round = 0; round < 8; round++) {
                byte[] flipped = whole.clone();
                flipped[offset] ^= (byte) (1 << round);
                assertThat(readOrNull(flipped))
                        .as("seed=%s, offset=%s", seed, offset)
                        .isIn(last, null);
            }
        }
    }

    @Test
    void noiseInBothCopiesIsDetected() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] whole = contentAt(new Lsn(77));
        for (int round = 0; round < 2_000; round++) {
            byte[] noisy = whole.clone();
            ByteBuffer words = ByteBuffer.wrap(noisy);
            words.putLong(HighWaterMark.FIRST_COPY + 8 * random.nextInt(2), random.nextLong());
            words.putLong(HighWaterMark.SECOND_COPY + 8 * random.nextInt(2), random.nextLong());
            assertThat(readOrNull(noisy)).as("seed=%s, round=%s", seed, round).isNull();
        }
    }

    @Test
    void damageNamesFileAndOffsetAndChangesNothing() throws IOException {
        byte[] damaged = contentAt(new Lsn(77));
        damaged[HighWaterMark.FIRST_COPY] ^= 1;
        damaged[HighWaterMark.SECOND_COPY] ^= 1;
        Files.write(file, damaged);
        assertThatThrownBy(() -> HighWaterMark.open(file, PARTITION))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("partition=3")
                .hasMessageContaining("file=" + file)
                .hasMessageContaining("offset=64");
        assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    }

    @Test
    void anotherPartitionsMarkOrOneOfAnotherSizeIsRefused() throws IOException {
        assertThatThrownBy(() -> HighWaterMark.open(file, new PartitionId(4))).isInstanceOf(LogDamagedException.class);
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> HighWaterMark.open(file, PARTITION)).isInstanceOf(LogDamagedException.class);
        assertThatThrownBy(() -> HighWaterMark.read(file, PARTITION)).isInstanceOf(LogDamagedException.class);
    }

    /** Else one flipped bit would look like a version to be installed, and keep the other partitions down. */
    @Test
    void aVersionThatAFlippedBitMadeUpIsDamage() throws IOException {
        byte[] whole = contentAt(new Lsn(7));
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            byte[] flipped = whole.clone();
            flipped[8 + bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            assertThatThrownBy(() -> HighWaterMark.open(file, PARTITION))
                    .as("bit=%s", bit)
                    .isInstanceOf(LogDamagedException.class)
                    .hasMessageContaining("offset=8");
        }
    }

    @Test
    void aNewerVersionIsRefusedByItsNumber() throws IOException {
        byte[] newer = contentAt(new Lsn(7));
        newer[8] = 2;
        Arrays.fill(newer, 64, 144, (byte) 9);
        Files.write(file, newer);
        assertThatThrownBy(() -> HighWaterMark.open(file, PARTITION))
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining("format=2");
    }

    private byte[] contentAt(Lsn lsn) throws IOException {
        HighWaterMark.create(file, PARTITION);
        try (HighWaterMark mark = HighWaterMark.open(file, PARTITION)) {
            mark.raise(lsn);
        }
        return Files.readAllBytes(file);
    }

    private @org.jspecify.annotations.Nullable Lsn readOrNull(byte[] content) throws IOException {
        Files.write(file, content);
        try {
            return HighWaterMark.read(file, PARTITION);
        } catch (LogDamagedException | NewerFormatException detected) {
            return null;
        }
    }
}
