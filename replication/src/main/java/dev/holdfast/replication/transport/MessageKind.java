package dev.holdfast.replication.transport;

import java.util.Set;

/**
 * What a message is about: who may send it, and how much of it may wait. Two kinds with one code are the same to the
 * transport; order is kept per peer and kind, not between kinds, but for those that wait {@link #inLineWith in one line}.
 *
 * @param code on the wire, from 0 to {@value #MAX_CODE}
 * @param name for messages
 * @param roles whose connections may carry it
 * @param maxQueued messages that may wait for one peer
 * @param maxQueuedBytes bytes that may wait for one peer; a single larger message is taken while none waits
 * @param whenFull what happens to one more
 * @param line the code of the kind whose queue it waits in: mostly its own
 */
public record MessageKind(
        int code, String name, Set<Role> roles, int maxQueued, long maxQueuedBytes, WhenFull whenFull, int line) {

    public static final int MAX_CODE = 255;

    private static final int MAX_QUEUED = 1024;
    private static final long MAX_QUEUED_BYTES = 8L * 1024 * 1024;

    /** That waits in a queue of its own. */
    public MessageKind(int code, String name, Set<Role> roles, int maxQueued, long maxQueuedBytes, WhenFull whenFull) {
        this(code, name, roles, maxQueued, maxQueuedBytes, whenFull, code);
    }

    /** What a full queue does with one more message. */
    public enum WhenFull {
        /** Refuses it; who sends it waits, or sends it again. */
        REFUSE,
        /** Drops the oldest: the newest says it all. Not for requests. */
        DROP_OLDEST
    }

    public MessageKind {
        roles = Set.copyOf(roles);
        if (code < 0 || code > MAX_CODE || maxQueued < 1 || maxQueuedBytes < 1 || roles.isEmpty()) {
            throw new IllegalArgumentException("Not a kind of message: name=" + name + ", code=" + code + ", maxQueued="
                    + maxQueued + ", maxQueuedBytes=" + maxQueuedBytes + ", roles=" + roles
                    + "; codes are 0 to 255, limits at least 1, and somebody has to be allowed to send it");
        }
    }

    /** Of at most 1,024 waiting messages and 8 MiB, refused beyond. */
    public static MessageKind of(int code, String name, Role... roles) {
        return new MessageKind(code, name, Set.of(roles), MAX_QUEUED, MAX_QUEUED_BYTES, WhenFull.REFUSE);
    }

    /** The same with other limits. */
    public MessageKind withQueue(int messages, long bytes) {
        return new MessageKind(code, name, roles, messages, bytes, whenFull, line);
    }

    /** The same, keeping the newest. */
    public MessageKind droppingOldest() {
        return new MessageKind(code, name, roles, maxQueued, maxQueuedBytes, WhenFull.DROP_OLDEST, line);
    }

    /** The same, in the queue of {@code other}, whose limits count for both: what is sent of the two arrives in the order it was sent. */
    public MessageKind inLineWith(MessageKind other) {
        return new MessageKind(code, name, roles, other.maxQueued, other.maxQueuedBytes, other.whenFull, other.line);
    }

    @Override
    public String toString() {
        return name + "(" + code + ")";
    }
}
