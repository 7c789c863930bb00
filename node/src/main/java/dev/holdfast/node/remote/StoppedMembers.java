package dev.holdfast.node.remote;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.Transport;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why other members have stopped, as they said with their last words, for people. Nothing is decided on it, and whoever was not there
 * to hear it, or has restarted since, does not know it. Thread-safe.
 */
public final class StoppedMembers {

    private static final Logger LOG = LoggerFactory.getLogger(StoppedMembers.class);
    private static final int MOST_CHARACTERS = 500;
    private static final int MOST_MEMBERS = 256;

    private record Stop(long session, String why) {}

    private final ConcurrentHashMap<NodeId, Stop> stops = new ConcurrentHashMap<>();

    /** Listens from here on. */
    public StoppedMembers(Inbound inbound) {
        inbound.onMessage(Kinds.STOPPED, this::told);
    }

    /** Says to {@code others} that this node stops; whom it does not reach is not told. Never blocks. */
    public static void tell(Transport transport, Collection<Peer> others, String why) {
        Body body = new WireWriter()
                .text(why.substring(0, Math.min(why.length(), MOST_CHARACTERS)))
                .body();
        for (Peer other : others) {
            var unused = transport.send(other, Kinds.STOPPED, body);
        }
    }

    private void told(Caller from, ByteBuffer body) {
        try {
            String why = WireReader.read(body, WireReader::requiredText);
            if (stops.size() < MOST_MEMBERS && why.length() <= MOST_CHARACTERS) {
                stops.put(from.identity().node(), new Stop(from.identity().session(), why));
            }
        } catch (MalformedMessageException e) {
            LOG.debug("Dropped a message: from={}", from.identity(), e);
        }
    }

    /** Why the process of {@code node} in {@code session} has stopped; null if it has not, or nothing is known of it. */
    public @Nullable String why(NodeId node, long session) {
        Stop known = stops.get(node);
        return known != null && known.session() == session ? known.why() : null;
    }
}
