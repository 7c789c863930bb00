package dev.holdfast.node.cluster;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who led each partition, and which processes are gone for certain: an attempt counts as a crash only where its process is.
 * Thread-safe.
 */
final class PrimariesSeen {

    /** Enough for any cluster; who is forgotten counts as alive. */
    private static final int MAX_GONE = 4_096;

    private record Process(NodeId node, Session session) {}

    private record Led(Process now, @Nullable Process before) {}

    private final NodeId self;
    private final Map<PartitionId, Led> byPartition = new ConcurrentHashMap<>();
    private final Set<Process> gone = ConcurrentHashMap.newKeySet();
    private volatile ClusterState latest = ClusterState.EMPTY;

    PrimariesSeen(NodeId self) {
        this.self = self;
    }

    /** Partitions whose primary is another one than in the state before. One thread at a time. */
    List<PartitionId> changed(ClusterState state) {
        latest = state;
        List<PartitionId> changed = new ArrayList<>();
        for (PartitionRow row : state.rows().values()) {
            Process primary = primaryOf(row, state);
            Led led = byPartition.get(row.partition());
            if (primary != null && (led == null || !led.now().equals(primary))) {
                byPartition.put(row.partition(), new Led(primary, led == null ? null : led.now()));
                changed.add(row.partition());
            }
        }
        return changed;
    }

    private static @Nullable Process primaryOf(PartitionRow row, ClusterState state) {
        NodeId node = row.primary().orElse(null);
        Member member = node == null ? null : state.member(node);
        return member == null ? null : new Process(member.id(), member.session());
    }

    void gone(NodeId node, Session session) {
        if (gone.size() >= MAX_GONE) {
            gone.clear();
        }
        gone.add(new Process(node, session));
    }

    /** Whether that process is known to be gone. */
    boolean isGone(NodeId node, Session session) {
        return gone.contains(new Process(node, session));
    }

    /** Whether who led {@code partition} before this node is gone. */
    boolean isPrimaryBeforeGone(PartitionId partition) {
        Led led = byPartition.get(partition);
        if (led == null) {
            return false;
        }
        // The row may name this node already, or not yet.
        Process before = led.now().node().equals(self) ? led.before() : led.now();
        return before != null && isGone(before);
    }

    private boolean isGone(Process process) {
        Member now = latest.member(process.node());
        return gone.contains(process) || (now != null && now.session().compareTo(process.session()) > 0);
    }
}
