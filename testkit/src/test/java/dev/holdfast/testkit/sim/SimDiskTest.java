package dev.holdfast.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimDiskTest {

    private static final Epoch EPOCH = new Epoch(1);
    private static final int FORCED = 10;
    private static final int ALL = 60;

    private static SimDisk written() {
        SimDisk disk = new SimDisk();
        for (int i = 1; i <= ALL; i++) {
            disk.append(EPOCH, List.of(new LogRecord.Cancelled(i, i)));
            if (i == FORCED) {
                disk.force();
            }
        }
        return disk;
    }

    private static List<LogEnd> ends(SimDisk disk) {
        List<LogEnd> ends = new ArrayList<>();
        for (long lsn = disk.base().lsn().value() + 1; lsn <= disk.end().lsn().value(); lsn++) {
            ends.add(disk.entry(new Lsn(lsn)).end());
        }
        return ends;
    }

    @Test
    void whatLiesBehindAHoleIsThereAndIsNotServed() {
        List<LogEnd> before = ends(written());
        Set<SimDisk.Found> found = EnumSet.noneOf(SimDisk.Found.class);
        for (int seed = 0; seed < 50; seed++) {
            SimDisk disk = written();
            disk.losePower(new SplittableRandom(seed));
            boolean lost = !disk.isWhole();
            SimDisk.Found now = disk.recover(seed % 2 == 0, false);
            found.add(now);
            assertThat(ends(disk)).startsWith(before.subList(0, FORCED).toArray(new LogEnd[0]));
            assertThat(ends(disk)).isEqualTo(before.subList(0, ends(disk).size()));
            assertThat(ends(disk).size() < ALL).isEqualTo(lost);
            assertThat(disk.firstWrong()).isEmpty();
        }
        assertThat(found).contains(SimDisk.Found.HOLE).doesNotContain(SimDisk.Found.DAMAGED);
    }

    @Test
    void beforeTheLogIsReadNothingBehindAHoleCountsAsThere() {
        for (int seed = 0; seed < 50; seed++) {
            SimDisk disk = written();
            disk.losePower(new SplittableRandom(seed));
            boolean last = disk.at(new Lsn(ALL)).isPresent();
            assertThat(last).isEqualTo(disk.isWhole());
        }
    }

    @Test
    void aReaderThatReadsOnBehindAHoleIsFound() {
        boolean seen = false;
        for (int seed = 0; seed < 50 && !seen; seed++) {
            SimDisk disk = written();
            disk.losePower(new SplittableRandom(seed));
            seen = disk.recover(false, true) == SimDisk.Found.HOLE
                    && disk.firstWrong().isPresent();
        }
        assertThat(seen).isTrue();
    }

    @Test
    void whatWasForcedSurvivesAfterACheckpointTookTheBeginningAway() {
        SimDisk disk = written();
        disk.trim(new Lsn(FORCED + 20), List.of());
        disk.append(EPOCH, List.of(new LogRecord.Cancelled(ALL + 1, ALL + 1)));
        LogEnd end = disk.force();
        disk.losePower(new SplittableRandom(1));
        assertThat(disk.recover(true, false)).isEqualTo(SimDisk.Found.WHOLE);
        assertThat(disk.end()).isEqualTo(end);
    }

    @Test
    void aLogThatACheckpointTookWholeGoesOnWhereItEnded() {
        SimDisk disk = written();
        disk.trim(new Lsn(ALL), List.of());
        long endByte = disk.endByte();
        disk.append(EPOCH, List.of(new LogRecord.Cancelled(ALL + 1, ALL + 1)));
        assertThat(endByte).isPositive();
        assertThat(disk.entry(new Lsn(ALL + 1)).startByte()).isEqualTo(endByte);
    }

    @Test
    void damageThatNoLossOfPowerExplainsSetsTheLogAside() {
        SimDisk disk = written();
        disk.rot(new SplittableRandom(1));
        assertThat(disk.recover(false, false)).isEqualTo(SimDisk.Found.DAMAGED);
        assertThat(disk.end()).isEqualTo(LogEnd.EMPTY);
    }
}
