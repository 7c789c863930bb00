package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.LogFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsFileTest {

    private static final int OWNER = 7;
    private static final Limits FIRST = new Limits(0, true, "boot-a", Limits.NOTHING_RESERVED);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void create() throws IOException {
        file = directory.resolve("limits");
        LimitsFile.create(file, OWNER, FIRST);
    }

    @Test
    void whatWasWrittenIsReadAtTheNextOpening() throws IOException {
        Limits last = new Limits(3, false, "boot-b", 65_537);
        try (LimitsFile limits = LimitsFile.open(file, OWNER)) {
            assertThat(limits.current()).isEqualTo(FIRST);
            limits.write(new Limits(2, false, "boot-b", 1));
            limits.write(last);
            assertThat(limits.current()).isEqualTo(last);
        }
        assertThat(LimitsFile.read(file, OWNER).limits()).isEqualTo(last);
        assertThat(LimitsFile.read(file, OWNER).oneSlotDamaged()).isFalse();
    }

    /** Whoever holds a partition asks for its limits after each round: he does not wait for the disk. */
    @Test
    void whatIsOnTheMediumIsToldWhileMoreIsBeingForced() throws IOException {
        Limits next = new Limits(2, false, "boot-b", 65_537);
        List<Limits> told = new ArrayList<>();
        try (Asked device = new Asked(FileSlotDevice.open(file, false));
                LimitsFile limits = new LimitsFile(file, OWNER, device)) {
            device.whenForced = () -> told.add(CompletableFuture.supplyAsync(limits::current)
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join());
            limits.write(next);
            assertThat(told).containsExactly(FIRST, FIRST);
            assertThat(limits.current()).isEqualTo(next);
        }
    }

    /** Lets somebody ask while a slot is being forced. */
    private static final class Asked implements SlotDevice {

        private final SlotDevice slots;
        private Runnable whenForced = () -> {};

        Asked(SlotDevice slots) {
            this.slots = slots;
        }

        @Override
        public ByteBuffer read(int slot) throws IOException {
            return slots.read(slot);
        }

        @Override
        public void writeAndForce(int slot, ByteBuffer content) throws IOException {
            slots.writeAndForce(slot, content);
            whenForced.run();
        }

        @Override
        public void close() throws IOException {
            slots.close();
        }
    }

    @Test
    void aBootIdOfTheLargestSizeFits() throws IOException {
        Limits largest = new Limits(Long.MAX_VALUE, true, "b".repeat(BootId.MAX_BYTES), Long.MAX_VALUE);
        try (LimitsFile limits = LimitsFile.open(file, OWNER)) {
            limits.write(largest);
        }
        assertThat(LimitsFile.read(file, OWNER).limits()).isEqualTo(largest);
    }

    @Test
    void theDamageOfEitherSlotLosesNothing() throws IOException {
        Limits last = new Limits(9, false, "boot-b", 131_073);
        try (LimitsFile limits = LimitsFile.open(file, OWNER)) {
            limits.write(last);
        }
        byte[] whole = Files.readAllBytes(file);
        for (int slot = 0; slot < 2; slot++) {
            byte[] damaged = whole.clone();
            Arrays.fill(
                    damaged, slot * FileSlotDevice.SLOT_DISTANCE, slot * FileSlotDevice.SLOT_DISTANCE + 512, (byte) 0);
            Files.write(file, damaged);
            LimitsFile.Reading reading = LimitsFile.read(file, OWNER);
            assertThat(reading.limits()).isEqualTo(last);
            assertThat(reading.oneSlotDamaged()).isTrue();
        }
    }

    @Test
    void twoDamagedSlotsAreRefusedAndNotChanged() throws IOException {
        byte[] garbage = new byte[FileSlotDevice.FILE_BYTES];
        Files.write(file, garbage);
        assertThatThrownBy(() -> LimitsFile.open(file, OWNER))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("file=" + file);
        assertThat(Files.readAllBytes(file)).isEqualTo(garbage);
    }

    @Test
    void aFileThatEndsTooSoonIsRefused() throws IOException {
        for (int length : new int[] {0, 1, 511}) {
            Files.write(file, new byte[length]);
            assertThatThrownBy(() -> LimitsFile.open(file, OWNER)).isInstanceOf(DamagedFileException.class);
        }
    }

    @Test
    void anotherPartitionsFileIsRefused() {
        assertThatThrownBy(() -> LimitsFile.open(file, OWNER + 1)).isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() -> LimitsFile.open(file, LimitsFile.NODE)).isInstanceOf(DamagedFileException.class);
    }

    @Test
    void everyFlippedByteIsDetectedOrHarmless() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Limits last = new Limits(4, false, "3c1f device 8:1 mount 27", 1 + random.nextLong(1L << 40));
        try (LimitsFile limits = LimitsFile.open(file, OWNER)) {
            limits.write(last);
        }
        byte[] whole = Files.readAllBytes(file);
        for (int offset = 0; offset < FileSlotDevice.SLOT_DISTANCE + LimitsSlot.BYTES; offset++) {
            byte[] flipped = whole.clone();
            flipped[offset] ^= (byte) random.nextInt(1, 256);
            if (offset % 7 == 0) { // and one somewhere in the other slot: detected at the latest here
                flipped[(offset + FileSlotDevice.SLOT_DISTANCE) % FileSlotDevice.FILE_BYTES] ^=
                        (byte) random.nextInt(1, 256);
            }
            assertThat(readOrNull(flipped))
                    .as("seed=%s, offset=%s", seed, offset)
                    .isIn(last, null);
        }
    }

    @Test
    void randomBytesAreNeverLimits() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            byte[] content = new byte[FileSlotDevice.FILE_BYTES];
            random.nextBytes(content);
            ByteBuffer slot = new LimitsSlot(1, FIRST).encode(OWNER);
            slot.get(content, 0, random.nextInt(LimitsSlot.BYTES)); // a true start, then noise
            assertThat(readOrNull(content)).as("seed=%s, round=%s", seed, round).isNull();
        }
    }

    @Test
    void aTearAtAnyPointOfAWriteLeavesTheOldOrTheNewLimits() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        TornSlots slots = new TornSlots(Files.readAllBytes(file));
        Limits stored = FIRST;
        for (int round = 1; round <= 2_000; round++) {
            Limits next = new Limits(round, random.nextBoolean(), "boot-" + round % 3, 1 + round * 65_536L);
            LimitsFile limits = new LimitsFile(file, OWNER, slots);
            assertThat(limits.current()).isEqualTo(stored);
            slots.tearAfter(random.nextInt(3), random);
            try {
                limits.write(next);
                stored = next;
            } catch (LogFailedException torn) {
                Limits found = new LimitsFile(file, OWNER, slots.reopened()).current();
                assertThat(found).as("seed=%s, round=%s", seed, round).isIn(stored, next);
                stored = found;
            }
        }
    }

    @Test
    void aFileThatFailedIsNeverWrittenAgain() throws IOException {
        TornSlots slots = new TornSlots(Files.readAllBytes(file));
        LimitsFile limits = new LimitsFile(file, OWNER, slots);
        slots.tearAfter(0, new SplittableRandom(1));
        Limits next = new Limits(1, false, "boot-a", 65_537);
        assertThatThrownBy(() -> limits.write(next)).isInstanceOf(LogFailedException.class);
        slots.reopened();
        assertThatThrownBy(() -> limits.write(next)).isInstanceOf(LogFailedException.class);
        assertThat(limits.current()).isEqualTo(FIRST);
    }

    @Test
    void aNewerFormatIsRefusedByItsNumber() throws IOException {
        byte[] content = Files.readAllBytes(file);
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer bytes = new LimitsSlot(1, FIRST).encode(OWNER);
            bytes.putInt(8, LimitsSlot.FORMAT + 1);
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(bytes.duplicate().limit(LimitsSlot.BYTES - 4));
            bytes.putInt(LimitsSlot.BYTES - 4, (int) crc.getValue());
            bytes.get(content, slot * FileSlotDevice.SLOT_DISTANCE, LimitsSlot.BYTES);
        }
        Files.write(file, content);
        assertThatThrownBy(() -> LimitsFile.open(file, OWNER))
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining("format=2");
    }

    private @org.jspecify.annotations.Nullable Limits readOrNull(byte[] content) {
        try {
            return new LimitsFile(file, OWNER, new TornSlots(content)).current();
        } catch (DamagedFileException detected) {
            return null;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
