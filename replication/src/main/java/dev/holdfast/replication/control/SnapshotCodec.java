package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.PartitionId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The whole table as bytes. Big-endian; a list is its size and its elements, in ascending order of their keys, the outcomes
 * oldest first: equal tables have equal bytes.
 *
 * <pre>
 *   0           4        5
 *   +-----------+--------+----------+-----------+----------+---------+------+-----------+
 *   | 'H''F''C' | format | revision | founding? | min-in-  | members | rows | executors |
 *   | 'T'       | 1 byte | 8        | 1 + ...   | sync 4   |         |      |           |
 *   +-----------+--------+----------+-----------+----------+---------+------+-----------+
 *   | recoveries | departed | outcomes | CRC32C of everything before, 4 |
 *   +------------+----------+----------+--------------------------------+
 * </pre>
 */
final class SnapshotCodec {

    /** A table of the largest cluster that the limits allow stays far below; what is above is no table. */
    static final int MAX_BYTES = 256 * 1024 * 1024;

    private static final int MAGIC = 'H' << 24 | 'F' << 16 | 'C' << 8 | 'T';
    private static final int FORMAT = 1;
    private static final int MIN_BYTES_EACH = 8;

    private SnapshotCodec() {}

    /** What a snapshot holds. */
    record Content(ClusterState state, Map<CommandId, Outcome> outcomes) {}

    static byte[] encode(ClusterState state, Map<CommandId, Outcome> outcomes) {
        ByteSink sink = new ByteSink();
        sink.putInt(MAGIC);
        sink.putByte(FORMAT);
        sink.putLong(state.revision().value());
        sink.putBoolean(state.founding().isPresent());
        state.founding().ifPresent(founding -> ValueCodec.put(sink, founding));
        sink.putInt(state.minInSync());
        sink.putInt(state.members().size());
        state.members().values().forEach(member -> ValueCodec.put(sink, member));
        sink.putInt(state.rows().size());
        state.rows().values().forEach(row -> ValueCodec.put(sink, row));
        sink.putInt(state.executors().size());
        state.executors().values().forEach(executor -> {
            ValueCodec.put(sink, executor.settings());
            ValueCodec.putNodes(sink, executor.registeredBy());
        });
        sink.putInt(state.recoveries().size());
        state.recoveries().forEach((partition, recovery) -> {
            sink.putInt(partition.value());
            ValueCodec.put(sink, recovery);
        });
        sink.putInt(state.departed().size());
        state.departed().forEach((node, session) -> {
            sink.putNode(node);
            sink.putLong(session.value());
        });
        sink.putInt(outcomes.size());
        outcomes.forEach((id, outcome) -> {
            sink.putText(id.value());
            ValueCodec.put(sink, outcome);
        });
        return sink.sealed();
    }

    static Content decode(byte[] bytes) {
        ByteSource source = ByteSource.open(bytes, MAX_BYTES);
        int magic = source.getInt();
        if (magic != MAGIC) {
            throw source.wrong("a snapshot of the control table", magic);
        }
        Versions.require("snapshot of the control table", source.getByte(), FORMAT);
        try {
            Content content = new Content(state(source), outcomes(source));
            source.requireEnd();
            return content;
        } catch (IllegalArgumentException e) {
            throw new ControlFormatException("Not a control table: " + e.getMessage(), e);
        }
    }

    private static ClusterState state(ByteSource source) {
        return new ClusterState(
                new Revision(source.getLong()),
                source.getBoolean() ? Optional.of(ValueCodec.founding(source)) : Optional.empty(),
                source.getInt(),
                members(source),
                rows(source),
                executors(source),
                recoveries(source),
                departed(source));
    }

    private static SortedMap<NodeId, Member> members(ByteSource source) {
        int count = source.getCount(Limits.MAX_MEMBERS, MIN_BYTES_EACH);
        SortedMap<NodeId, Member> members = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            Member member = ValueCodec.member(source);
            members.put(member.id(), member);
        }
        return Collections.unmodifiableSortedMap(members);
    }

    private static SortedMap<PartitionId, PartitionRow> rows(ByteSource source) {
        int count = source.getCount(PartitionId.MAX + 1, MIN_BYTES_EACH);
        SortedMap<PartitionId, PartitionRow> rows = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            PartitionRow row = ValueCodec.row(source);
            rows.put(row.partition(), row);
        }
        return Collections.unmodifiableSortedMap(rows);
    }

    private static SortedMap<String, ExecutorRegistration> executors(ByteSource source) {
        int count = source.getCount(Limits.MAX_EXECUTORS, MIN_BYTES_EACH);
        SortedMap<String, ExecutorRegistration> executors = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            ExecutorSettings settings = ValueCodec.settings(source);
            SortedSet<NodeId> by = new TreeSet<>(ValueCodec.nodes(source, Limits.MAX_MEMBERS));
            executors.put(settings.name(), new ExecutorRegistration(settings, by));
        }
        return Collections.unmodifiableSortedMap(executors);
    }

    private static SortedMap<PartitionId, Recovery> recoveries(ByteSource source) {
        int count = source.getCount(PartitionId.MAX + 1, MIN_BYTES_EACH);
        SortedMap<PartitionId, Recovery> recoveries = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            recoveries.put(new PartitionId(source.getInt()), ValueCodec.recovery(source));
        }
        return Collections.unmodifiableSortedMap(recoveries);
    }

    private static Map<NodeId, Session> departed(ByteSource source) {
        int count = source.getCount(Limits.MAX_DEPARTED, MIN_BYTES_EACH);
        Map<NodeId, Session> departed = new LinkedHashMap<>(); // who left first is forgotten first
        for (int i = 0; i < count; i++) {
            departed.put(source.getNode(), ValueCodec.session(source));
        }
        return Collections.unmodifiableMap(departed);
    }

    private static Map<CommandId, Outcome> outcomes(ByteSource source) {
        int count = source.getCount(FirstOutcomes.LIMIT, MIN_BYTES_EACH);
        Map<CommandId, Outcome> outcomes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            outcomes.put(new CommandId(source.getText(CommandId.MAX_LENGTH)), ValueCodec.outcome(source));
        }
        return outcomes;
    }
}
