package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.protocol.TableTerms;
import dev.holdfast.storage.log.PartitionId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The control table as it was at one revision. Immutable, and shared between threads: its maps are made once, by {@link
 * ClusterDraft}, and are never changed afterwards.
 *
 * @param founding empty until the cluster is founded; before, no other command is taken
 * @param minInSync copies below which a partition commits nothing; counted over <em>confirmed</em> in-sync members
 * @param rows of every partition, once founded
 * @param executors by name
 * @param recoveries the last one of each partition that had any
 * @param departed who was removed, the earliest first, with its last session: whoever comes back does so in a later one, and the voters of the
 *     control plane are without it
 */
public record ClusterState(
        Revision revision,
        Optional<Founding> founding,
        int minInSync,
        SortedMap<NodeId, Member> members,
        SortedMap<PartitionId, PartitionRow> rows,
        SortedMap<String, ExecutorRegistration> executors,
        SortedMap<PartitionId, Recovery> recoveries,
        Map<NodeId, Session> departed) {

    /** Before the first command. */
    public static final ClusterState EMPTY =
            new ClusterState(Revision.NONE, Optional.empty(), 1, none(), none(), none(), none(), none());

    private static <K extends Comparable<K>, V> SortedMap<K, V> none() {
        return Collections.unmodifiableSortedMap(new TreeMap<>());
    }

    /** As bytes, as {@link SnapshotCodec} draws it; without outcomes. */
    public byte[] encoded() {
        return SnapshotCodec.encode(this, Map.of());
    }

    /**
     * What {@link #encoded} made.
     *
     * @throws ControlFormatException it is damaged, or of a newer version
     */
    public static ClusterState decode(byte[] bytes) {
        return SnapshotCodec.decode(bytes).state();
    }

    public @Nullable Member member(NodeId node) {
        return members.get(node);
    }

    public @Nullable PartitionRow row(PartitionId partition) {
        return rows.get(partition);
    }

    /** What a partition's replicas go by beside its row. */
    public TableTerms terms(PartitionId partition) {
        return new TableTerms(
                minInSync, Optional.ofNullable(recoveries.get(partition)).map(Recovery::epoch));
    }

    /** Whether {@code node} is a member, in that life. */
    public boolean isCurrent(NodeId node, Session session) {
        Member member = members.get(node);
        return member != null && member.session().equals(session);
    }

    /**
     * Replicas that each partition should have: 1 + the largest durability registered, at most one for each member that
     * takes replicas, and at least 1.
     */
    public int wantedCopies() {
        int durability = executors.values().stream()
                .mapToInt(executor -> executor.settings().durability())
                .max()
                .orElse(0);
        long takers = members.values().stream().filter(Member::takesReplicas).count();
        return (int) Math.max(1, Math.min(durability + 1L, takers));
    }
}
