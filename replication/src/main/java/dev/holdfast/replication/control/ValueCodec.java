package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The bytes of the table's values. An enum is written as its ordinal: a constant is added at the end only, and makes a new
 * version of what it is in.
 */
final class ValueCodec {

    private static final int MIN_TEXT_BYTES = Integer.BYTES;

    private ValueCodec() {}

    static void put(ByteSink sink, MemberDetails details) {
        sink.putText(details.name());
        sink.putInt(details.addresses().size());
        for (NodeAddress address : details.addresses()) {
            sink.putText(address.host());
            sink.putInt(address.port());
        }
        sink.putText(details.zone());
    }

    static MemberDetails details(ByteSource source) {
        String name = source.getText(MemberDetails.MAX_NAME_LENGTH);
        int count = source.getCount(MemberDetails.MAX_ADDRESSES, MIN_TEXT_BYTES + Integer.BYTES);
        List<NodeAddress> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(new NodeAddress(source.getText(NodeAddress.MAX_HOST_LENGTH), source.getInt()));
        }
        return new MemberDetails(name, addresses, source.getText(MemberDetails.MAX_NAME_LENGTH));
    }

    static void put(ByteSink sink, Member member) {
        sink.putNode(member.id());
        put(sink, member.details());
        sink.putByte(member.role().ordinal());
        sink.putLong(member.session().value());
        sink.putBoolean(member.presence().present());
        sink.putLong(member.presence().sinceMillis());
        sink.putBoolean(member.leaving());
    }

    static Member member(ByteSource source) {
        return new Member(
                source.getNode(),
                details(source),
                source.getEnum(Role.values()),
                session(source),
                new Presence(source.getBoolean(), source.getLong()),
                source.getBoolean());
    }

    static Session session(ByteSource source) {
        return new Session(source.getLong());
    }

    static void put(ByteSink sink, Founding founding) {
        sink.putText(founding.clusterUuid());
        putNodes(sink, founding.voters());
        sink.putInt(founding.partitionCount());
        sink.putBoolean(founding.origin().isPresent());
        founding.origin().ifPresent(origin -> put(sink, origin));
    }

    static void put(ByteSink sink, Origin origin) {
        sink.putNode(origin.node());
        sink.putLong(origin.highestEpoch().value());
        sink.putLong(origin.idCeiling());
    }

    static Origin origin(ByteSource source) {
        return new Origin(source.getNode(), new Epoch(source.getLong()), source.getLong());
    }

    static Founding founding(ByteSource source) {
        return new Founding(
                source.getText(Founding.MAX_UUID_LENGTH),
                new TreeSet<>(nodes(source, Founding.MAX_VOTERS)),
                source.getInt(),
                source.getBoolean() ? Optional.of(origin(source)) : Optional.empty());
    }

    static void putNodes(ByteSink sink, Collection<NodeId> nodes) {
        sink.putInt(nodes.size());
        nodes.forEach(sink::putNode);
    }

    static List<NodeId> nodes(ByteSource source, int max) {
        int count = source.getCount(max, MIN_TEXT_BYTES);
        List<NodeId> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.add(source.getNode());
        }
        return nodes;
    }

    static void put(ByteSink sink, PartitionRow row) {
        sink.putInt(row.partition().value());
        putNodes(sink, row.replicas());
        putNodes(sink, row.inSync());
        putNodes(sink, row.eligible());
        sink.putBoolean(row.primary().isPresent());
        row.primary().ifPresent(sink::putNode);
        sink.putLong(row.epoch().value());
        sink.putLong(row.version().value());
        sink.putLong(row.idCeiling());
    }

    static PartitionRow row(ByteSource source) {
        return new PartitionRow(
                new PartitionId(source.getInt()),
                nodes(source, Limits.MAX_REPLICAS),
                new TreeSet<>(nodes(source, Limits.MAX_REPLICAS)),
                new TreeSet<>(nodes(source, Limits.MAX_REPLICAS)),
                source.getBoolean() ? Optional.of(source.getNode()) : Optional.empty(),
                new Epoch(source.getLong()),
                new RowVersion(source.getLong()),
                source.getLong());
    }

    static void put(ByteSink sink, ExecutorSettings settings) {
        sink.putText(settings.name());
        sink.putInt(settings.durability());
        sink.putInt(settings.values().size());
        settings.values().forEach((name, value) -> {
            sink.putText(name);
            sink.putText(value);
        });
    }

    static ExecutorSettings settings(ByteSource source) {
        String name = source.getText(ExecutorSettings.MAX_NAME_LENGTH);
        int durability = source.getInt();
        int count = source.getCount(ExecutorSettings.MAX_VALUES, 2 * MIN_TEXT_BYTES);
        SortedMap<String, String> values = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            values.put(
                    source.getText(ExecutorSettings.MAX_NAME_LENGTH),
                    source.getText(ExecutorSettings.MAX_VALUE_LENGTH));
        }
        return new ExecutorSettings(name, durability, values);
    }

    static void put(ByteSink sink, Recovery recovery) {
        sink.putNode(recovery.survivor());
        sink.putLong(recovery.epoch().value());
        sink.putText(recovery.operator());
        sink.putLong(recovery.atMillis());
    }

    static Recovery recovery(ByteSource source) {
        return new Recovery(
                source.getNode(),
                new Epoch(source.getLong()),
                source.getText(Recovery.MAX_OPERATOR_LENGTH),
                source.getLong());
    }

    static void put(ByteSink sink, Outcome outcome) {
        sink.putByte(outcome.verdict().ordinal());
        sink.putLong(outcome.revision().value());
        sink.putText(outcome.message());
    }

    static Outcome outcome(ByteSource source) {
        return new Outcome(
                source.getEnum(Outcome.Verdict.values()),
                new Revision(source.getLong()),
                source.getText(Outcome.MAX_MESSAGE_LENGTH));
    }
}
