package dev.holdfast.testkit.fuzz;

import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.frame.EncodedBatch;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.RecordDecoder;
import dev.holdfast.storage.log.frame.RecordImage;
import dev.holdfast.storage.log.frame.RecordType;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import dev.holdfast.testkit.Described;
import java.io.IOException;
import java.util.List;

/** Records of a segment, their checksums in order. */
final class RecordsTarget {

    private RecordsTarget() {}

    static void take(byte[] input) throws IOException {
        Documents documents = Documents.of(input);
        RecordDecoder decoder = new RecordDecoder(Long.MAX_VALUE);
        FrameScan scan = documents.scan();
        try {
            FrameScan.Step step;
            while ((step = scan.next()) == FrameScan.Step.RECORD) {
                record(scan.image(), decoder);
            }
            if (step == FrameScan.Step.BAD) {
                Target.check(scan.damage().offset() >= 0, "damage without a place");
            }
        } catch (UnreadableRecordException e) {
            // a type that this version does not know
        }
    }

    private static void record(RecordImage image, RecordDecoder decoder) throws IOException {
        String first;
        EncodedBatch batch = new EncodedBatch();
        long epoch = image.epoch();
        try {
            if (image.type().kind() == RecordType.Kind.REPLICATED) {
                LogRecord.Replicated decoded = decoder.decode(image);
                first = describe(decoded);
                batch.add(List.of(decoded));
            } else if (image.type() == RecordType.SEGMENT_OPENED) {
                LogRecord.SegmentOpened unused = decoder.decodeSegmentOpened(image);
                return;
            } else {
                LogRecord.Truncated unused = decoder.decodeTruncated(image);
                return;
            }
        } catch (UnreadableRecordException e) {
            return; // what it has for
        }
        FrameScan again = Documents.encoded(batch, epoch).scan();
        Target.check(again.next() == FrameScan.Step.RECORD, "what was written is not read: " + first);
        String second = describe(new RecordDecoder(Long.MAX_VALUE).decode(again.image()));
        Target.check(first.equals(second), "not the same again: " + first + " and " + second);
    }

    private static String describe(LogRecord.Replicated decoded) {
        return Described.describe(decoded, stored -> {
            throw new AssertionError("A body that is not here: " + stored);
        });
    }
}
