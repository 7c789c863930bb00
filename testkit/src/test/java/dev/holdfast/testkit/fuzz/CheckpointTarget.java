package dev.holdfast.testkit.fuzz;

import dev.holdfast.storage.checkpoint.CheckpointReader;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.frame.EncodedBatch;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.RecordImage;
import dev.holdfast.storage.log.frame.SnapshotDecoder;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import dev.holdfast.testkit.Described;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A checkpoint with a beginning, and with an end that counts its items right, if it has none of its own. */
final class CheckpointTarget {

    private CheckpointTarget() {}

    static void take(byte[] input) throws IOException {
        Documents documents = new Documents();
        EncodedBatch begin = new EncodedBatch();
        begin.addCheckpointBegin(LogEnd.EMPTY, 1, 0);
        documents.addAll(Documents.encoded(begin, Documents.FILE_NUMBER).asInput());
        documents.addAll(input);
        EncodedBatch end = new EncodedBatch();
        end.addCheckpointEnd(countOf(input));
        documents.addAll(Documents.encoded(end, Documents.FILE_NUMBER).asInput());
        try {
            new CheckpointReader(documents.source(), Documents.PARTITION, Documents.FILE_NUMBER)
                    .read(CheckpointTarget::item);
        } catch (LogDamagedException e) {
            Target.check(e.damage().offset() >= 0, "damage without a place");
        } catch (UnreadableRecordException e) {
            // a newer version's, it says
        }
    }

    private static long countOf(byte[] input) {
        ByteBuffer in = ByteBuffer.wrap(input);
        long count = 0;
        while (in.remaining() >= 5) {
            in.position(in.position() + 3);
            int length = Math.min(in.getShort() & 0xFFFF, in.remaining());
            in.position(in.position() + length);
            count++;
        }
        return count;
    }

    private static void item(SnapshotItem item, RecordImage image) {
        try {
            byte[] first = null;
            byte[] second = null;
            if (item instanceof SnapshotItem.OfTask task) {
                first = bytes(task.payload(), 0, image);
                second = bytes(task.result(), first == null ? 0 : first.length, image);
            }
            EncodedBatch batch = new EncodedBatch();
            batch.add(item, first, second);
            FrameScan again = Documents.encoded(batch, Documents.FILE_NUMBER).scan();
            Target.check(again.next() == FrameScan.Step.RECORD, "what was written is not read: " + item);
            String expected = describe(item);
            String found = describe(new SnapshotDecoder().decode(again.image()));
            Target.check(expected.equals(found), "not the same again: " + expected + " and " + found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte @Nullable [] bytes(@Nullable Body body, int skip, RecordImage image) {
        if (body instanceof Body.Inline inline) {
            return inline.bytes();
        }
        return body == null ? null : image.copy(skip, body.length());
    }

    /** A body that stays in the file is told by its length and checksum. */
    private static String describe(SnapshotItem item) {
        return Described.describe(item, stored -> stored.toString().getBytes(StandardCharsets.UTF_8));
    }
}
