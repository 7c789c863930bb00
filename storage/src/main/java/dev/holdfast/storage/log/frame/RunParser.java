package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplicatedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Takes another replica's bytes apart, checking them as a file that may be damaged, and writes them as they are. One
 * thread, used again for every run.
 */
public final class RunParser {

    private final PartitionId partition;
    private final RecordDecoder decoder;
    private final ByteBuffer window = FrameScan.newWindow();
    private final ByteBuffer frame =
            ByteBuffer.allocateDirect(FrameBuilder.MAX_FRAME).order(ByteOrder.LITTLE_ENDIAN);
    private final Bytes<ByteBuffer> frameBytes = Bytes.wrapForRead(frame);

    /**
     * One record's frames: they must stand in one segment.
     *
     * @param replicated null of chunks without an end
     * @param firstPosition of its first frame
     * @param reached the log's end behind it
     */
    public record Part(
            LogRecord.@Nullable Replicated replicated, long firstPosition, LogEnd reached, int from, int end) {

        /** What it takes in a file. */
        public int bytes() {
            return end - from;
        }
    }

    public RunParser(PartitionId partition, long inlineLimit) {
        this.partition = partition;
        this.decoder = new RecordDecoder(inlineLimit);
        frameBytes.singleThreadedCheckDisabled(true);
    }

    /**
     * The records of a run, in order.
     *
     * @throws IllegalArgumentException it is no run of this partition, or was changed on its way
     * @throws UnreadableRecordException a newer version wrote it
     */
    public List<Part> parse(ReplicatedRun run) {
        try {
            return parseChecked(run);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it is read from memory
        }
    }

    private List<Part> parseChecked(ReplicatedRun run) throws IOException {
        FrameScan scan = new FrameScan(new BytesSource(Path.of("run"), run.documents()), partition, -1, window);
        LogEnd before = run.before();
        scan.continueAfter(before.lsn().value(), before.hash(), before.epoch().value());
        long[] taken = new long[1];
        scan.copyTo((buffer, start, length) -> taken[0] += Frame.documentBytes(length));
        List<Part> parts = new ArrayList<>();
        int from = 0;
        LogEnd reached = before;
        FrameScan.Step step;
        while ((step = scan.next()) == FrameScan.Step.RECORD) {
            RecordImage image = scan.image();
            if (image.type().kind() != RecordType.Kind.REPLICATED) {
                throw refused(run, "a record of type=" + image.type());
            }
            reached = scan.end();
            int end = Math.toIntExact(scan.offset());
            parts.add(new Part(decoder.decode(image), image.firstPosition(), reached, from, end));
            from = end;
        }
        if (step == FrameScan.Step.BAD) {
            throw refused(run, scan.damage().toString());
        }
        if (scan.offset() > from) {
            long first = reached.lsn().value() + 1;
            parts.add(new Part(null, first, scan.end(), from, Math.toIntExact(scan.offset())));
        }
        boolean oneEpoch = before.epoch().equals(run.after().epoch())
                || scan.previousEpochEnd().equals(before);
        if (!scan.end().equals(run.after()) || !oneEpoch || taken[0] != run.documents().length) {
            throw refused(
                    run,
                    "its bytes end at " + scan.end() + ", frames=" + taken[0] + " of " + run.documents().length
                            + " bytes");
        }
        return parts;
    }

    /** Appends the frames of a part; returns the offset of its first document. */
    public long write(ReplicatedRun run, Part part, FrameFile file) throws IOException {
        ByteBuffer documents = ByteBuffer.wrap(run.documents()).order(ByteOrder.LITTLE_ENDIAN);
        long first = -1;
        for (int at = part.from(); at < part.end(); ) {
            int length = documents.getInt(at);
            frame.clear()
                    .put(run.documents(), at + Frame.DOCUMENT_HEADER, length)
                    .clear();
            frameBytes.readPositionRemaining(0, length);
            long offset = file.append(frameBytes);
            first = first < 0 ? offset : first;
            at += Math.toIntExact(Frame.documentBytes(length));
        }
        return first;
    }

    private IllegalArgumentException refused(ReplicatedRun run, String why) {
        return new IllegalArgumentException("Not a run of this partition: partition=" + partition + ", before="
                + run.before() + ", after=" + run.after() + ", found=" + why);
    }
}
