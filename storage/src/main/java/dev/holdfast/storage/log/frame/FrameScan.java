package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The guarded reader: walks the documents of a file that may be damaged. Every length is checked against limit and file
 * before a byte behind it is touched, then magic, version, type, partition, CRC, position and running hash. It reads and
 * never maps, opens no Chronicle file and loads no class that the data names. It stops at the first thing that is wrong
 * and says what that is; what it means is for {@code Recovery} to judge.
 *
 * <p>One thread at a time.
 */
public final class FrameScan {

    /** Twice the longest frame: any frame is whole in it once it is moved. */
    private static final int WINDOW = 2 * FrameBuilder.MAX_FRAME;

    /** A body over the inline limit is read alone; most are not much longer. */
    private static final int SMALL_WINDOW = 16 * 1024;

    /** What {@link #next} came to. */
    public enum Step {
        /** A whole record: {@link #image}. */
        RECORD,
        /** Nothing more was written here, or the file ends. */
        END,
        /** Something that is no valid record: {@link #damage}. */
        BAD
    }

    private final FrameSource source;
    private final PartitionId partition;
    private final long fileNumber;
    private final boolean singleRecord;
    private final FrameWindow window;
    private final CRC32C crc = new CRC32C();
    private final RecordImage image = new RecordImage();
    private final ChunkRun run = new ChunkRun();
    private long offset;
    /** Behind the last valid frame: from here to {@link #offset} is, by its lengths, Chronicle's own. */
    private long framesEnd;

    private long firstFrame = -1;

    private long position;
    private long hash;
    private long epoch;
    private LogEnd previousEpochEnd = LogEnd.EMPTY;
    private long wholePosition;
    private long wholeHash;
    private long wholeEpoch;
    private long localOrdinal;
    private long lastPosition = Long.MAX_VALUE;
    private boolean incomplete;
    private boolean unchained;
    private @Nullable FrameTaker frameTaker;
    private String expected = "";
    private String found = "";

    /**
     * @param fileNumber number of the segment or checkpoint, as its directory says
     */
    public FrameScan(FrameSource source, PartitionId partition, long fileNumber) throws IOException {
        this(source, partition, fileNumber, newWindow());
    }

    /** As the other one, through a window that is used again: off the heap, it is freed late. */
    public FrameScan(FrameSource source, PartitionId partition, long fileNumber, ByteBuffer window) throws IOException {
        this(source, partition, fileNumber, false, window);
    }

    /** A window for many scans, one after the other. */
    public static ByteBuffer newWindow() {
        return ByteBuffer.allocateDirect(WINDOW);
    }

    /** A scan for the first record of a file, with little memory. */
    public static FrameScan ofHead(FrameSource source, PartitionId partition, long fileNumber) throws IOException {
        return new FrameScan(source, partition, fileNumber, false, ByteBuffer.allocate(SMALL_WINDOW));
    }

    private FrameScan(
            FrameSource source, PartitionId partition, long fileNumber, boolean singleRecord, ByteBuffer window)
            throws IOException {
        this.source = source;
        this.partition = partition;
        this.fileNumber = fileNumber;
        this.singleRecord = singleRecord;
        this.window = new FrameWindow(source, window);
    }

    /**
     * A scan for the one record whose first frame is in the document at {@code documentOffset}. What is before it is not
     * read, so its running hash is not checked; its place, length and CRC are.
     *
     * @param position of its first frame
     */
    public static FrameScan ofRecord(
            FrameSource source, PartitionId partition, long fileNumber, long documentOffset, long position)
            throws IOException {
        FrameScan scan = new FrameScan(source, partition, fileNumber, true, ByteBuffer.allocate(SMALL_WINDOW));
        scan.resumeAt(documentOffset, 0);
        scan.position = position - 1;
        return scan;
    }

    /** The next frame must follow this position and hash. */
    public void continueAfter(long lastPosition, long lastHash, long lastEpoch) {
        position = lastPosition;
        hash = lastHash;
        epoch = lastEpoch;
        previousEpochEnd = end();
        markWhole();
    }

    /** From now on the file ends, for {@link #next}, behind the frame at {@code position}. */
    public void endAt(long position) {
        lastPosition = position;
    }

    /** Goes on at the document at {@code documentOffset}, with {@code ordinal} local frames before it. */
    public void resumeAt(long documentOffset, long ordinal) {
        offset = documentOffset;
        framesEnd = documentOffset;
        localOrdinal = ordinal;
        run.clear();
    }

    /**
     * Goes on behind damage, at the document at {@code documentOffset}, whose frame is at {@code position}, as {@link
     * #resync} found it. What was before it is not known: its hash is taken for right, and so is the number of the next local
     * frame. Only for saving what is left: a log that goes on is read without gaps.
     */
    public void restartAt(long documentOffset, long position) {
        resumeAt(documentOffset, -1);
        this.position = position - 1;
        epoch = 0;
        unchained = true;
        markWhole();
    }

    /** Has every valid replicated frame given to {@code taker} too, when its place in the chain was checked. */
    public void copyTo(FrameTaker taker) {
        frameTaker = taker;
    }

    /** Takes the frame of {@code length} bytes at {@code start} of {@code buffer}, during the call. */
    @FunctionalInterface
    public interface FrameTaker {
        void take(ByteBuffer buffer, int start, int length);
    }

    public RecordImage image() {
        return image;
    }

    /** Position of the last valid frame, chunks of a run without end included. */
    public long position() {
        return position;
    }

    /** Running hash up to {@link #position}. */
    public long hash() {
        return hash;
    }

    /** Epoch of the last valid replicated frame. */
    public long epoch() {
        return epoch;
    }

    /** {@link #position}, {@link #epoch} and {@link #hash} as one. */
    public LogEnd end() {
        return new LogEnd(new Lsn(position), new Epoch(epoch), hash);
    }

    /** {@link #end} without the chunks of a run that has not ended: where a log may go on. */
    public LogEnd wholeEnd() {
        return new LogEnd(new Lsn(wholePosition), new Epoch(wholeEpoch), wholeHash);
    }

    /** The end of the epoch before {@link #epoch}, once a frame of that was read; before that, where the scan began. */
    public LogEnd previousEpochEnd() {
        return previousEpochEnd;
    }

    /** How many local frames were read, or skipped by {@link #resumeAt}. */
    public long localOrdinal() {
        return localOrdinal;
    }

    /** Where the next document begins, or what is wrong. */
    public long offset() {
        return offset;
    }

    /** Where the document of the first frame begins that was read; {@link #offset} if none was. What is before it in a file is Chronicle's own. */
    public long firstFrame() {
        return firstFrame < 0 ? offset : firstFrame;
    }

    /** What is wrong at {@link #offset}. */
    public LogDamage damage() {
        return new LogDamage(partition, source.file(), offset, expected, found);
    }

    /** Reads up to the end of the next whole record. After END or BAD it stays where it is. */
    public Step next() throws IOException {
        incomplete = false;
        while (true) {
            if (position >= lastPosition || !window.holds(offset, Frame.DOCUMENT_HEADER)) {
                run.clear();
                return Step.END;
            }
            int word = window.getInt(window.at(offset));
            // the second is Chronicle's mark for the end of a file
            if (word == 0 || word == (Frame.NOT_COMPLETE | Frame.META_DATA)) {
                run.clear();
                // Chronicle writes a document first and its word last: what stands behind a zero may have been under
                // way
                incomplete = word == 0;
                return Step.END;
            }
            int length = word & Frame.LENGTH_MASK;
            if ((word & Frame.NOT_COMPLETE) != 0) {
                incomplete = true;
                return bad("a whole document", "one that was not ended, word=" + Integer.toHexString(word));
            }
            if (length > window.size() - offset - Frame.DOCUMENT_HEADER) {
                return bad("a document within the file", "length=" + length + " of a file of " + window.size());
            }
            if ((word & Frame.META_DATA) != 0) {
                if (isFrame(offset + Frame.DOCUMENT_HEADER)) {
                    return bad("a record", "one that is marked as Chronicle's own data");
                }
                offset += Frame.documentBytes(length);
                continue;
            }
            Step step = frame(length);
            if (step != null) {
                return step;
            }
        }
    }

    /**
     * Looks for a valid frame of this partition behind the last one, whatever its position; {@link #image} is it then, a chunk as
     * such. What was passed over as Chronicle's own data is looked at too: its length may be damaged. Not the frame of the document
     * at {@link #offset} if that was not ended: it was being written when the process died.
     *
     * @return the frame's document's offset, or -1
     */
    public long resync() throws IOException {
        long first = resync(framesEnd);
        return incomplete && first == offset ? resync(offset + Frame.DOCUMENT_HEADER + 4) : first;
    }

    /** As {@link #resync()}, from {@code from} on, which is rounded down to a multiple of four. */
    public long resync(long from) throws IOException {
        run.clear();
        long candidate = Math.max(from & ~3L, Frame.DOCUMENT_HEADER);
        while ((candidate = window.find(Frame.MAGIC, candidate, Frame.HEADER)) >= 0) {
            if (isFrame(candidate)) {
                describe(window.at(candidate), candidate - Frame.DOCUMENT_HEADER);
                return candidate - Frame.DOCUMENT_HEADER;
            }
            candidate += 4;
        }
        return -1;
    }

    /**
     * Where the log goes on behind the document at {@link #offset}, if only what is within that is damaged: at its end begins a
     * valid frame of this partition that leaves out one position at most, local ones of this file apart. {@link #image} is it then.
     * Unlike {@link #resync} this does not look into the document, where a user may have put frames of another log.
     *
     * @return the frame's document's offset, or -1
     */
    public long behindDocument() throws IOException {
        run.clear();
        long document = offset;
        while (window.holds(document, Frame.DOCUMENT_HEADER)) {
            int word = window.getInt(window.at(document));
            if (word <= 0 || (word & Frame.META_DATA) != 0) {
                return -1;
            }
            document += Frame.documentBytes(word & Frame.LENGTH_MASK);
            if (!isFrame(document + Frame.DOCUMENT_HEADER)) {
                return -1;
            }
            describe(window.at(document + Frame.DOCUMENT_HEADER), document);
            if (image.type().kind() != RecordType.Kind.LOCAL || image.epoch() != fileNumber) {
                long left = image.position() - position - 1;
                return left == 0 || left == 1 ? document : -1;
            }
        }
        return -1;
    }

    /** Whether the file has nothing but zeros from {@link #offset} on, or behind a mark for its end there. */
    public boolean isNothingBehind() throws IOException {
        long from = offset;
        if (window.holds(from, Frame.DOCUMENT_HEADER) && window.getInt(window.at(from)) != 0) {
            from += Frame.DOCUMENT_HEADER;
        }
        return window.isZeroFrom(from);
    }

    /** Takes the frame in the document at {@link #offset}; null if it ended no record. */
    private @Nullable Step frame(int length) throws IOException {
        long start = offset + Frame.DOCUMENT_HEADER;
        if (length < Frame.HEADER || length > FrameBuilder.MAX_FRAME) {
            return bad("a frame of " + Frame.HEADER + " to " + FrameBuilder.MAX_FRAME + " bytes", "length=" + length);
        }
        if (!window.holds(start, length)) {
            return bad("a document within the file", "length=" + length + " and the end of the file");
        }
        int at = window.at(start);
        if (window.getInt(at) != Frame.MAGIC) {
            return bad("magic=" + Integer.toHexString(Frame.MAGIC), "magic=" + Integer.toHexString(window.getInt(at)));
        }
        int bodyLength = window.getInt(at + Frame.BODY_LENGTH);
        if (bodyLength != length - Frame.HEADER) {
            return bad("body length=" + (length - Frame.HEADER), "body length=" + bodyLength);
        }
        int sum = Frame.crcOf(window.buffer(), at, length, crc);
        if (sum != window.getInt(at + Frame.CRC)) {
            return bad("crc=" + Integer.toHexString(sum), "crc=" + Integer.toHexString(window.getInt(at + Frame.CRC)));
        }
        return wholeFrame(at, bodyLength);
    }

    private @Nullable Step wholeFrame(int at, int bodyLength) {
        RecordType type = typeAt(at);
        int itsPartition = window.getShort(at + Frame.PARTITION);
        if (itsPartition != partition.value()) {
            return bad("partition=" + partition, "partition=" + itsPartition);
        }
        int wireLength = window.getInt(at + Frame.WIRE_LENGTH);
        if (wireLength < 0 || wireLength > bodyLength) {
            return bad("a Wire part within the body", "length=" + wireLength + " of " + bodyLength);
        }
        String gap = type.kind() == RecordType.Kind.LOCAL ? local(at) : chained(at, type);
        if (gap != null) {
            return bad(expected, gap);
        }
        long document = offset;
        firstFrame = firstFrame < 0 ? document : firstFrame;
        offset += Frame.documentBytes(Frame.HEADER + bodyLength);
        framesEnd = offset;
        if (frameTaker != null && type.kind() == RecordType.Kind.REPLICATED) {
            frameTaker.take(window.buffer(), at, Frame.HEADER + bodyLength);
        }
        if (type != RecordType.CHUNK && type != RecordType.CHECKPOINT_CHUNK) {
            run.clear();
            describe(at, document);
            if (type.kind() == RecordType.Kind.REPLICATED) {
                markWhole();
            }
            return Step.RECORD;
        }
        String wrong = run.take(
                window.buffer(),
                at + Frame.HEADER,
                bodyLength,
                window.getLong(at + Frame.EPOCH),
                document,
                window.size() - document);
        if (wrong != null) {
            offset = document;
            framesEnd = document;
            return bad("a chunk of a run", wrong);
        }
        if (!run.isWhole()) {
            return null;
        }
        RecordType whole = RecordType.ofCode(run.typeCode());
        if (whole == null) {
            throw newer("record type " + run.typeCode());
        }
        run.moveTo(image, whole, position);
        markWhole();
        return Step.RECORD;
    }

    private void markWhole() {
        wholePosition = position;
        wholeHash = hash;
        wholeEpoch = epoch;
    }

    /** Checks that a local frame belongs to this file, in this place. */
    private @Nullable String local(int at) {
        long number = window.getLong(at + Frame.EPOCH);
        long ordinal = window.getLong(at + Frame.POSITION);
        localOrdinal = localOrdinal < 0 ? ordinal : localOrdinal;
        if (number != fileNumber || ordinal != localOrdinal) {
            expected = "segment=" + fileNumber + ", ordinal=" + localOrdinal;
            return "segment=" + number + ", ordinal=" + ordinal;
        }
        localOrdinal++;
        return null;
    }

    /** Checks position and running hash, and moves on. */
    private @Nullable String chained(int at, RecordType type) {
        long itsPosition = window.getLong(at + Frame.POSITION);
        long itsEpoch = window.getLong(at + Frame.EPOCH);
        boolean inCheckpoint = type.kind() == RecordType.Kind.CHECKPOINT;
        if (itsPosition != position + 1 || (inCheckpoint ? itsEpoch != fileNumber : itsEpoch < epoch)) {
            expected =
                    "position=" + (position + 1) + (inCheckpoint ? ", checkpoint=" + fileNumber : ", epoch>=" + epoch);
            return "position=" + itsPosition + (inCheckpoint ? ", checkpoint=" : ", epoch=") + itsEpoch;
        }
        if (singleRecord) {
            position = itsPosition;
            return null;
        }
        long itsHash = unchained
                ? window.getLong(at + Frame.HASH)
                : RunningHash.next(hash, window.getInt(at + Frame.CRC), itsPosition, itsEpoch);
        unchained = false;
        if (itsHash != window.getLong(at + Frame.HASH)) {
            expected = "hash=" + Long.toHexString(itsHash);
            return "hash=" + Long.toHexString(window.getLong(at + Frame.HASH));
        }
        if (itsEpoch != epoch) {
            previousEpochEnd = end();
        }
        position = itsPosition;
        epoch = itsEpoch;
        hash = itsHash;
        return null;
    }

    private RecordType typeAt(int at) {
        int version = window.get(at + Frame.VERSION);
        int code = window.get(at + Frame.TYPE);
        RecordType type = RecordType.ofCode(code);
        if (version != Frame.FORMAT) {
            throw newer("record format " + version);
        }
        if (type == null) {
            throw newer("record type " + code);
        }
        return type;
    }

    private UnreadableRecordException newer(String what) {
        return new UnreadableRecordException("Written by a newer Holdfast: file=" + source.file() + ", offset=" + offset
                + ", found " + what + ", this version reads record format " + Frame.FORMAT
                + "; use the version that wrote it or a newer one");
    }

    private void describe(int at, long document) {
        long itsPosition = window.getLong(at + Frame.POSITION);
        image.set(typeAt(at), window.getLong(at + Frame.EPOCH), itsPosition, itsPosition, document);
        window.body(
                image, at + Frame.HEADER, window.getInt(at + Frame.WIRE_LENGTH), window.getInt(at + Frame.BODY_LENGTH));
    }

    /** Whether a frame of this partition with a fitting CRC begins at {@code start}. */
    private boolean isFrame(long start) throws IOException {
        if (!window.holds(start, Frame.HEADER) || window.getInt(window.at(start)) != Frame.MAGIC) {
            return false;
        }
        int bodyLength = window.getInt(window.at(start) + Frame.BODY_LENGTH);
        if (bodyLength < 0
                || bodyLength > FrameBuilder.MAX_FRAME - Frame.HEADER
                || !window.holds(start, Frame.HEADER + bodyLength)) {
            return false;
        }
        int at = window.at(start);
        return Frame.crcOf(window.buffer(), at, Frame.HEADER + bodyLength, crc) == window.getInt(at + Frame.CRC)
                && window.getShort(at + Frame.PARTITION) == partition.value();
    }

    private Step bad(String what, String instead) {
        expected = what;
        found = instead;
        run.clear();
        return Step.BAD;
    }
}
