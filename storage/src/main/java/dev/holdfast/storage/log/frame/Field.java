package dev.holdfast.storage.log.frame;

/**
 * Numbers of the fields in a body's Wire part. Each field stands there as BinaryWire's field number and value, in any
 * order; one that has its default is left out. Numbers below 64 carry integers, from 64 on text.
 *
 * <p>Kept free, so that a record can say more without becoming another type: 40 to 47 and 84 to 87 for timeout, delay,
 * start, priority, serial and retry policy, 48 and 49 for progress. A reader that meets a number it does not know refuses
 * the whole log: what it does not know it cannot keep.
 */
final class Field {

    static final int SEQUENCE = 1;
    static final int AT_MILLIS = 2;
    static final int SESSION = 3;
    static final int CAUSE = 4;
    static final int ATTEMPT = 5;
    static final int STARTED_AT = 6;
    static final int MAX_CRASHES = 7;
    static final int RESULT_TTL = 8;
    static final int KEEP_RESULT = 9;
    static final int CRASHES = 10;
    static final int BY_USER = 11;
    static final int OPERATION = 12;
    static final int RANGE_FIRST = 13;
    static final int RANGE_END = 14;
    static final int SEGMENT = 15;
    static final int PREVIOUS_SEGMENT = 16;
    static final int END_LSN = 17;
    static final int END_EPOCH = 18;
    static final int END_HASH = 19;
    static final int STATE = 20;
    static final int FLAGS = 21;
    static final int NEXT_SEQUENCE = 22;
    static final int FINISHED_AT = 23;
    static final int OLDEST_TOMBSTONE = 24;
    static final int COUNT = 25;
    /** Length of the first body behind the Wire part; the field is there exactly where the body is not null. */
    static final int FIRST_LENGTH = 26;
    /** Of a body that is named, not held in memory: the log sequence number that names it. In checkpoints only. */
    static final int FIRST_LSN = 27;

    static final int SECOND_LENGTH = 28;
    static final int SECOND_LSN = 29;
    static final int EPOCH = 30;
    /** The remote call that caused a record: these four are there together, or none of them. */
    static final int CALLER_HIGH = 36;

    static final int CALLER_LOW = 37;
    static final int REQUEST = 38;
    static final int LOWEST_UNANSWERED = 39;
    static final int COMPLETED = 50;
    static final int FAILED = 51;
    static final int CANCELLED = 52;
    static final int RECOVERED = 53;
    static final int EVICTED = 54;
    static final int QUARANTINED = 55;
    static final int PARKED = 56;
    static final int RETRIED = 57;

    static final int FIRST_TEXT = 64;
    static final int EXECUTOR = 64;
    static final int CODEC = 65;
    static final int TYPE_NAME = 66;
    static final int FINGERPRINT = 67;
    static final int LABEL = 68;
    static final int KEY = 69;
    static final int IDEMPOTENCY_KEY = 70;
    static final int REASON = 71;
    static final int FAILURE_CLASS = 72;
    static final int FAILURE_MESSAGE = 73;
    static final int SYNC = 74;
    static final int RESULT_CODEC = 75;
    static final int LIMIT = 128;

    private Field() {}
}
