package dev.holdfast.replication.transport;

import java.util.Optional;

/**
 * What a connection is for. Each role has connections of its own, so that nobody's bulk delays another's heartbeat, and is
 * allowed the kinds of messages that name it.
 */
public enum Role {
    /** A member that replicates partitions. */
    PEER(1),
    /** A program that submits and retrieves. */
    CLIENT(2),
    /** The console. */
    ADMIN(3),
    /** A member whose consensus engine, leases and beacons talk; never bulk. */
    CONTROL(4),
    /** A program that submits and retrieves, when it asks who leads what: not in line with its calls, and never bulk. */
    TABLE(5);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    /** On the wire; never changes. */
    public int code() {
        return code;
    }

    /** Whether it has a disk, and therefore a session that can be stale. */
    public boolean isMember() {
        return this == PEER || this == CONTROL;
    }

    /** Whether what it carries must not wait for what other connections carry. */
    public boolean isUrgent() {
        return this == CONTROL || this == TABLE;
    }

    /** Empty for a code that this version does not know. */
    public static Optional<Role> ofCode(int code) {
        for (Role role : values()) {
            if (role.code == code) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
