package dev.holdfast.node.cluster.membership;

import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.FoundingCodec;
import dev.holdfast.replication.control.Origin;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.directory.ClusterMark;
import dev.holdfast.storage.directory.DamagedFileException;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.log.Epoch;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What this node's disk says of its membership, and what it is made to say. Written by the thread that starts the node. */
final class MemberDisk {

    /** Room for ids above what an embedded node has reserved, so that its partitions serve before the first raise. */
    private static final long ORIGIN_ROOM = 1L << 32;

    private static final long MOST_IDS = 1L << 48;

    private final NodeStorage storage;
    private volatile @Nullable ClusterMark mark;
    private final Optional<Origin> embedded;

    MemberDisk(NodeStorage storage) {
        this.storage = storage;
        ClusterMark stored = storage.membership().orElse(null);
        this.mark = stored;
        this.embedded = stored == null && storage.holdsRecords() ? Optional.of(origin(storage)) : Optional.empty();
        if (stored != null && stored.joined() && !Files.isDirectory(controlPlane())) {
            throw new DamagedFileException(
                    controlPlane(),
                    -1,
                    "the log of the control plane, which holds this member's votes",
                    "no directory");
        }
    }

    /** An embedded node starts each session with an epoch of its number, so that no log is above this session's. */
    private static Origin origin(NodeStorage storage) {
        long ceiling = Math.min(storage.reservedEndExclusive() + ORIGIN_ROOM, MOST_IDS);
        return new Origin(node(storage), new Epoch(storage.session()), ceiling);
    }

    private static NodeId node(NodeStorage storage) {
        return new NodeId(storage.identity().diskId().toString());
    }

    NodeId node() {
        return node(storage);
    }

    Path controlPlane() {
        return DirectoryLayout.controlPlane(storage.directory());
    }

    int partitionCount() {
        return storage.partitionCount();
    }

    /** The data that the node started with and that no cluster has yet; still the same once one has. */
    Optional<Origin> embeddedAtStart() {
        return embedded;
    }

    /** Of {@link #embeddedAtStart}: what the cluster that grows from it is called. */
    UUID embeddedUuid() {
        return storage.identity().clusterUuid();
    }

    Optional<Founding> founding() {
        ClusterMark now = mark;
        return now == null ? Optional.empty() : Optional.of(FoundingCodec.decode(now.foundingBytes()));
    }

    boolean hasJoined() {
        ClusterMark now = mark;
        return now != null && now.joined();
    }

    Session session() {
        ClusterMark now = mark;
        return now == null ? Session.NONE : new Session(now.session());
    }

    Session pending() {
        ClusterMark now = mark;
        return now == null ? Session.NONE : new Session(now.pending());
    }

    /** Forces that this directory is of that cluster from now on, after giving it its partition count. */
    void enter(Founding founding) {
        storage.adoptPartitionCount(founding.partitionCount());
        store(new ClusterMark(
                UUID.fromString(founding.clusterUuid()),
                founding.partitionCount(),
                ByteBuffer.wrap(FoundingCodec.encode(founding)),
                0,
                0,
                false));
    }

    void forcePending() {
        store(entered().withNextPending());
    }

    void force(Session session) {
        store(entered().inSession(session.value()));
    }

    private ClusterMark entered() {
        ClusterMark now = mark;
        if (now == null) {
            throw new IllegalStateException("No session without a cluster: directory=" + storage.directory());
        }
        return now;
    }

    private void store(ClusterMark next) {
        storage.storeMembership(next);
        mark = next;
    }
}
