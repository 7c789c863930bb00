package dev.holdfast.replication.transport.wire;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Identity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The newest session of each node that was seen, of the {@value #MOST} seen last. Any thread. */
public final class Sessions {

    private static final int MOST = 4096;

    private final Map<NodeId, Identity> newest = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, Identity> eldest) {
            return size() > MOST;
        }
    };

    /** What was seen of the same disk and is newer. */
    public synchronized Optional<Identity> newerThan(Identity identity) {
        Identity known = newest.get(identity.node());
        return known != null && identity.role().isMember() && known.session() > identity.session()
                ? Optional.of(known)
                : Optional.empty();
    }

    /**
     * Notes who is there.
     *
     * @return who was known of the same disk, and is gone now
     */
    public synchronized Optional<Identity> observe(Identity identity) {
        if (!identity.role().isMember()) {
            return Optional.empty();
        }
        Identity known = newest.get(identity.node());
        if (known != null && known.session() >= identity.session()) {
            return Optional.empty();
        }
        newest.put(identity.node(), identity);
        return Optional.ofNullable(known);
    }
}
