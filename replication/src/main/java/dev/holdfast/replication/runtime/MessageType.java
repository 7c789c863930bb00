package dev.holdfast.replication.runtime;

/** Numbers of the messages on the wire. A number is never given another meaning. */
enum MessageType {
    BEACON(1),
    APPEND(2),
    COMMITTED(3),
    FOLLOW_ACCEPTED(4),
    TRUNCATE_TO(5),
    FOLLOW_AGAIN(6),
    HISTORIES_DIFFER(7),
    CHECKPOINT_NEEDED(8),
    CHECKPOINT_PART(9),
    FOLLOW(10),
    ACK(11),
    BEACON_ACK(12),
    CHECKPOINT_WANTED(13),
    REFUSED(14),
    SUSPECT_END(15);

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static MessageType of(int code) {
        for (MessageType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("an unknown type of message: type=" + code);
    }
}
