package dev.holdfast.testkit.fuzz;

import dev.holdfast.storage.log.frame.BytesSource;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.RunningHash;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import java.io.IOException;
import java.nio.file.Path;

/** Bytes as they are, as a segment. */
final class GuardedReaderTarget {

    private GuardedReaderTarget() {}

    static void take(byte[] input) throws IOException {
        BytesSource file = new BytesSource(Path.of("input"), input);
        FrameScan scan = new FrameScan(file, Documents.PARTITION, Documents.FILE_NUMBER, Documents.WINDOW);
        scan.continueAfter(0, RunningHash.EMPTY, 0);
        try {
            walk(scan, input.length);
        } catch (UnreadableRecordException e) {
            // a newer version's, it says
        }
        Target.check(scan.offset() >= 0 && scan.offset() <= input.length + 3, "offset=" + scan.offset());
    }

    private static void walk(FrameScan scan, int size) throws IOException {
        long offset = 0;
        FrameScan.Step step;
        while ((step = scan.next()) == FrameScan.Step.RECORD) {
            Target.check(scan.offset() > offset, "no way forward at " + offset);
            Target.check(scan.image().length() <= size, "a record longer than its file");
            offset = scan.offset();
        }
        if (step == FrameScan.Step.BAD) {
            Target.check(scan.damage().offset() >= offset, "damage before what was read: " + scan.damage());
        } else {
            Target.check(scan.isNothingBehind() || scan.offset() < size, "something behind the end");
        }
        long at = scan.resync();
        while (at >= 0) {
            long next = scan.resync(at + 8);
            Target.check(next < 0 || next > at, "no way forward at " + at);
            at = next;
        }
    }
}
