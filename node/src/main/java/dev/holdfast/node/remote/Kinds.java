package dev.holdfast.node.remote;

import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Role;

/**
 * Kinds 30 to 34: what members and clients ask of the node that leads a partition; 35: what the console asks any member; 36: the last
 * words of one; 37: what a member asks of one that it does not reach.
 */
final class Kinds {

    private static final int MAX_QUEUED = 16_384;
    private static final long MAX_QUEUED_BYTES = 64L * 1024 * 1024;

    /** A command; the answer is a reply. */
    static final MessageKind CALL = request(30, "call");
    /**
     * Waits for the end of a task; answered when it has ended, or the time that was asked for is over. In line with calls: who waits and
     * then disposes has waited before.
     */
    static final MessageKind AWAIT = request(31, "await").inLineWith(CALL);
    /** One way: an await is not needed any more, and is answered. */
    static final MessageKind STOP_WAITING = request(32, "stop-waiting");
    /** Reads what is committed, and what runs. */
    static final MessageKind QUERY = request(33, "query");
    /** The partition table; answered when it is another than the one that is known. */
    static final MessageKind TABLE = MessageKind.of(34, "partition-table", Role.PEER, Role.CLIENT, Role.TABLE);

    /** The cluster, for people. */
    static final MessageKind REPORT = MessageKind.of(35, "cluster-report", Role.ADMIN);

    /** One way: why the member stops. */
    static final MessageKind STOPPED = MessageKind.of(36, "stopped", Role.PEER);

    /** A request of those above that is handed on to the member that it is for, by one that reaches it. */
    static final MessageKind RELAY = MessageKind.of(37, "relay", Role.PEER).withQueue(MAX_QUEUED, MAX_QUEUED_BYTES);

    private Kinds() {}

    private static MessageKind request(int code, String name) {
        return MessageKind.of(code, name, Role.PEER, Role.CLIENT).withQueue(MAX_QUEUED, MAX_QUEUED_BYTES);
    }
}
