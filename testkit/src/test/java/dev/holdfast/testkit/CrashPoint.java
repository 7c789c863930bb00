package dev.holdfast.testkit;

import static dev.holdfast.testkit.CrashPoint.Phase.CLOSE;
import static dev.holdfast.testkit.CrashPoint.Phase.LOAD;
import static dev.holdfast.testkit.CrashPoint.Phase.START;
import static dev.holdfast.testkit.CrashPoint.Place.AFTER;
import static dev.holdfast.testkit.CrashPoint.Place.BEFORE;

import java.util.Set;

/**
 * The places around every write where a process is ended: at the begin or behind the end of a method of the storage, or of
 * Chronicle's; where nothing is written between two places, one of them. The product knows nothing of them: {@link
 * CrashClasses} writes the classes anew. A point's number is its place in this list, from 1.
 */
enum CrashPoint {
    // the lock
    LOCKED(AFTER, Type.LOCK, "exclusive", 2, START, 1),
    UNLOCKED(AFTER, Type.LOCK, "close", 0, CLOSE, 1),

    // the limits: session, reservation, marker
    SLOT_UNWRITTEN(BEFORE, Type.SLOTS, "writeAndForce", 2, Set.of(START, CLOSE), 4),
    SLOT_WRITTEN(AFTER, Type.SLOTS, "writeAndForce", 2, Set.of(START, CLOSE), 4),
    LIMITS_BEGUN(AFTER, Type.PARTITION_LIMITS, "begin", 0, START, 1),
    RESERVED(AFTER, Type.PARTITION_LIMITS, "reserve", 1, START, 1),

    // what a start reads, forces and removes
    UNFINISHED_KEPT(BEFORE, Type.STORE, "discardUnpublished", 0, START, 1),
    SEGMENTS_LISTED(AFTER, Type.SEGMENT_LIST, "read", 2, START, 1),
    TAIL_FORCED(AFTER, Type.STORE, "forceSegment", 1, START, 1),

    // an append, a chunk, an acknowledgement
    BATCH_UNWRITTEN(BEFORE, Type.WRITER, "append", 3, LOAD, 60),
    DOCUMENT_OPEN(BEFORE, Type.WIRE, "updateHeader", 3, LOAD, 80),
    DOCUMENT_WHOLE(AFTER, Type.WIRE, "updateHeader", 3, LOAD, 80),
    FRAME_APPENDED(AFTER, Type.SEGMENT, "append", 1, LOAD, 80),
    CHUNK_UNWRITTEN(AFTER, Type.FRAMES, "seal", 6, LOAD, 30, "CHUNK"),
    UNMARKED(BEFORE, Type.MARK, "raise", 1, LOAD, 60),
    MARKED(AFTER, Type.MARK, "raise", 1, LOAD, 60),

    // a roll, and the segment that it begins
    QUEUE_WITHOUT_FILE(BEFORE, Type.SEGMENT, "makeFile", 1, LOAD, 4),
    FILE_WITHOUT_RECORD(AFTER, Type.SEGMENT, "makeFile", 1, LOAD, 4),
    SEGMENT_AHEAD(AFTER, Type.STORE, "createSegment", 1, LOAD, 4),
    OPENED_UNFORCED(AFTER, Type.HEAD, "writeLocal", 1, LOAD, 4),
    OPENED_FORCED(BEFORE, Type.SEGMENTS, "moveOn", 2, LOAD, 4),
    FORCED(AFTER, Type.SEGMENT, "force", 0, LOAD, 6),
    SEALED(AFTER, Type.SEGMENT, "seal", 0, LOAD, 2),

    // a checkpoint, and the deletes behind it
    CHECKPOINT_BEGUN(AFTER, Type.STORE, "createCheckpoint", 1, LOAD, 1),
    ITEM_WRITTEN(AFTER, Type.CHECKPOINT, "append", 1, LOAD, 8),
    CHECKPOINT_UNFORCED(BEFORE, Type.CHECKPOINT, "force", 0, LOAD, 1),
    CHECKPOINT_FORCED(AFTER, Type.CHECKPOINT, "force", 0, LOAD, 1),
    NAME_UNFORCED(BEFORE, Type.FILES, "forceDirectory", 1, LOAD, 8),
    CHECKPOINT_PUBLISHED(AFTER, Type.STORE, "publishCheckpoint", 1, LOAD, 1),
    SEGMENT_HALF_DELETED(BEFORE, Type.STORE_DELETES, "postVisitDirectory", 2, LOAD, 3),
    SEGMENT_DELETED(AFTER, Type.STORE, "deleteSegment", 1, LOAD, 3),
    CHECKPOINT_DELETED(AFTER, Type.STORE, "deleteCheckpoint", 1, LOAD, 1),

    // a close
    CLOSED_UNMARKED(BEFORE, Type.PARTITION_LIMITS, "closeClean", 0, CLOSE, 1),
    CLOSED_MARKED(AFTER, Type.PARTITION_LIMITS, "closeClean", 0, CLOSE, 1),
    NODE_MARKED(AFTER, Type.DIRECTORY, "markClean", 0, CLOSE, 1),

    // a new directory: in this order, for the last one leaves one that is not new
    DIRECTORY_MADE(AFTER, Type.FILES, "createDirectories", 1, Phase.NEW, 4),
    DIRECTORY_UNFORCED(BEFORE, Type.FILES, "forceDirectory", 1, Phase.NEW, 3),
    MARK_MADE(AFTER, Type.MARK, "create", 2, Phase.NEW, 1),
    PROPERTIES_UNWRITTEN(BEFORE, Type.PROPERTIES, "write", 1, Phase.NEW, 1),
    DIRECTORY_WHOLE(AFTER, Type.NEW_DIRECTORY, "create", 3, Phase.NEW, 1),

    // a start behind a segment whose making was cut short
    SEGMENT_MOVED(BEFORE, Type.FILES, "forceDirectory", 1, Phase.CUT_SHORT, 1, "/set-aside"),
    SEGMENT_SET_ASIDE(AFTER, Type.STORE, "setAsideSegment", 1, Phase.CUT_SHORT, 1),

    // a start behind a lost page cache: the log goes on from before what is gone
    TAIL_IN_PLACE(BEFORE, Type.STORE, "setAsideTail", 2, Phase.LOST_TAIL, 1),
    TAIL_NOT_COPIED(BEFORE, Type.STORE, "copyWithoutTrailingZeros", 3, Phase.LOST_TAIL, 1),
    TAIL_COPIED(BEFORE, Type.FILES, "forceDirectory", 1, Phase.LOST_TAIL, 1, "/set-aside"),
    TAIL_SET_ASIDE(AFTER, Type.STORE, "setAsideTail", 2, Phase.LOST_TAIL, 1),
    MARK_LOWERED(AFTER, Type.MARK, "lowerAndForce", 1, Phase.LOST_TAIL, 1),
    END_UNFORCED(AFTER, Type.HEAD, "writeLocal", 1, Phase.LOST_TAIL, 1),
    END_FIXED(AFTER, Type.WRITER, "openFirstSegment", 0, Phase.LOST_TAIL, 1),
    LOSS_UNSETTLED(BEFORE, Type.PARTITION_LIMITS, "settle", 0, Phase.LOST_TAIL, 1),
    LOSS_SETTLED(AFTER, Type.PARTITION_LIMITS, "settle", 0, Phase.LOST_TAIL, 1),

    // a replica cuts its log back
    CUT_UNMARKED(BEFORE, Type.MARK, "lowerAndForce", 1, Phase.TRUNCATION, 1),
    CUT_MARKED(AFTER, Type.MARK, "lowerAndForce", 1, Phase.TRUNCATION, 1),
    CUT_UNFORCED(AFTER, Type.HEAD, "writeLocal", 1, Phase.TRUNCATION, 2),
    CUT(AFTER, Type.WRITER, "truncate", 1, Phase.TRUNCATION, 1),

    // a replica puts another's checkpoint in the place of its log
    PIECE_STORED(AFTER, Type.STORE, "writeIncoming", 2, Phase.INSTALL, 2),
    PIECES_READ(AFTER, Type.INCOMING, "rewrite", 4, Phase.INSTALL, 1),
    LOG_UNMARKED(AFTER, Type.MARK, "lowerAndForce", 1, Phase.INSTALL, 1),
    INSTALLED_BESIDE(AFTER, Type.STORE, "publishCheckpoint", 1, Phase.INSTALL, 1),
    LOG_FORGOTTEN(AFTER, Type.WRITER, "startOver", 1, Phase.INSTALL, 1),
    LOG_HALF_DELETED(AFTER, Type.STORE, "deleteSegment", 1, Phase.INSTALL, 2),
    LOG_DELETED(AFTER, Type.STORE, "deleteCheckpoint", 1, Phase.INSTALL, 1),
    INSTALLED(AFTER, Type.STORE, "discardIncoming", 0, Phase.INSTALL, 1),

    // a replica notes the highest epoch it has seen, and its membership
    EPOCH_BEGUN(AFTER, Type.FILES, "open", 2, Phase.EPOCH, 1),
    EPOCH_UNFORCED(BEFORE, Type.FILES, "forceDirectory", 1, Phase.EPOCH, 1),
    EPOCH_STORED(AFTER, Type.EPOCH_FILE, "store", 1, Phase.EPOCH, 1),
    MEMBERSHIP_BEGUN(AFTER, Type.FILES, "open", 2, Phase.MEMBERSHIP, 1),
    MEMBERSHIP_UNFORCED(BEFORE, Type.FILES, "forceDirectory", 1, Phase.MEMBERSHIP, 1),
    MEMBERSHIP_STORED(AFTER, Type.CLUSTER_FILE, "store", 1, Phase.MEMBERSHIP, 1);

    /**
     * When the process visits a point: in the life of a node, or in what is done to one log alone ({@link LogCrashWorkload}). {@code
     * NEW} is the {@code START} of a node without a directory.
     */
    enum Phase {
        NEW,
        START,
        LOAD,
        CLOSE,
        CUT_SHORT,
        LOST_TAIL,
        TRUNCATION,
        INSTALL,
        EPOCH,
        MEMBERSHIP;

        boolean isOfNode() {
            return compareTo(CLOSE) <= 0;
        }
    }

    /** Where in a method. */
    enum Place {
        BEFORE,
        AFTER
    }

    /** Full names of the classes; most are their package's own. */
    private static final class Type {
        private static final String STORAGE = "dev.holdfast.storage.";
        private static final String SEGMENT_ROOM = STORAGE + "log.segment.";
        private static final String CHRONICLE_ROOM = STORAGE + "log.chronicle.";
        private static final String DIRECTORY_ROOM = STORAGE + "directory.";
        private static final String LOCK = DIRECTORY_ROOM + "DirectoryLock";
        private static final String SLOTS = DIRECTORY_ROOM + "FileSlotDevice";
        private static final String PARTITION_LIMITS = DIRECTORY_ROOM + "PartitionLimits";
        private static final String MARK = DIRECTORY_ROOM + "HighWaterMark";
        private static final String FILES = DIRECTORY_ROOM + "DurableFiles";
        private static final String DIRECTORY = DIRECTORY_ROOM + "DataDirectory";
        private static final String NEW_DIRECTORY = DIRECTORY_ROOM + "NewDirectory";
        private static final String PROPERTIES = DIRECTORY_ROOM + "NodeProperties";
        private static final String EPOCH_FILE = DIRECTORY_ROOM + "EpochFile";
        private static final String CLUSTER_FILE = DIRECTORY_ROOM + "ClusterFile";
        private static final String STORE = CHRONICLE_ROOM + "FileStore";
        private static final String STORE_DELETES = CHRONICLE_ROOM + "FileStore$1";
        private static final String SEGMENT = CHRONICLE_ROOM + "ChronicleSegment";
        private static final String CHECKPOINT = CHRONICLE_ROOM + "CheckpointChannel";
        private static final String SEGMENT_LIST = SEGMENT_ROOM + "SegmentList";
        private static final String WRITER = SEGMENT_ROOM + "LogWriter";
        private static final String HEAD = SEGMENT_ROOM + "Head";
        private static final String SEGMENTS = SEGMENT_ROOM + "Segments";
        private static final String INCOMING = SEGMENT_ROOM + "IncomingCheckpoint";
        private static final String FRAMES = STORAGE + "log.frame.FrameBuilder";
        private static final String WIRE = "net.openhft.chronicle.wire.AbstractWire";
    }

    private final Place place;
    private final String type;
    private final String method;
    private final int parameters;
    private final Set<Phase> phases;
    private final int usualVisits;
    private final String firstArgument;

    CrashPoint(Place place, String type, String method, int parameters, Phase phase, int usualVisits) {
        this(place, type, method, parameters, Set.of(phase), usualVisits);
    }

    CrashPoint(Place place, String type, String method, int parameters, Set<Phase> phases, int usualVisits) {
        this(place, type, method, parameters, phases, usualVisits, "");
    }

    CrashPoint(
            Place place,
            String type,
            String method,
            int parameters,
            Phase phase,
            int usualVisits,
            String firstArgument) {
        this(place, type, method, parameters, Set.of(phase), usualVisits, firstArgument);
    }

    CrashPoint(
            Place place,
            String type,
            String method,
            int parameters,
            Set<Phase> phases,
            int usualVisits,
            String firstArgument) {
        this.place = place;
        this.type = type;
        this.method = method;
        this.parameters = parameters;
        this.phases = phases;
        this.usualVisits = usualVisits;
        this.firstArgument = firstArgument;
    }

    int number() {
        return ordinal() + 1;
    }

    Place place() {
        return place;
    }

    /** Full name of the class. */
    String type() {
        return type;
    }

    String method() {
        return method;
    }

    /** How many the method has: it is the only one of its name with that many. */
    int parameters() {
        return parameters;
    }

    /** When a process is ended here. */
    Set<Phase> phases() {
        return phases;
    }

    /** How often a process comes here in a phase, at least most of the time. */
    int usualVisits() {
        return usualVisits;
    }

    /** Text of the first argument of the calls that count, its end if it begins with a slash; empty if all do. */
    String firstArgument() {
        return firstArgument;
    }
}
