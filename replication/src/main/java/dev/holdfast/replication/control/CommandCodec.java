package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A proposal as the control plane's log keeps it and the wire carries it. Big-endian; a text is its length in bytes and
 * UTF-8; a list is its size and its elements.
 *
 * <pre>
 *   0        1      2
 *   +--------+------+------------+------ - - ------+---------+
 *   | format | type | command id | fields of type  | CRC32C  |  of everything before
 *   | 1 byte | 1    | text       | see the methods | 4 bytes |
 *   +--------+------+------------+------ - - ------+---------+
 * </pre>
 *
 * <p>A format or type that is not known is refused: a member that passed over a command would hold another table than the
 * others.
 */
public final class CommandCodec {

    /** Below the 128 KB that one entry of the control plane's log may have. */
    public static final int MAX_BYTES = 96 * 1024;

    private static final int FORMAT = 1;

    private CommandCodec() {}

    /**
     * The bytes of a proposal.
     *
     * @throws IllegalArgumentException they would be more than {@link #MAX_BYTES}
     */
    public static byte[] encode(Proposal proposal) {
        ByteSink sink = new ByteSink();
        sink.putByte(FORMAT);
        sink.putByte(proposal.command().dispatchTo(CommandWriter.TYPE));
        sink.putText(proposal.id().value());
        proposal.command().dispatchTo(new CommandWriter(sink));
        byte[] bytes = sink.sealed();
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("Too large a command: bytes=" + bytes.length + ", allowed are "
                    + MAX_BYTES + ", id=" + proposal.id());
        }
        return bytes;
    }

    /**
     * The inverse of {@link #encode}.
     *
     * @throws ControlFormatException damaged, over a limit, or of another version
     */
    public static Proposal decode(byte[] bytes) {
        ByteSource source = ByteSource.open(bytes, MAX_BYTES);
        Versions.require("command", source.getByte(), FORMAT);
        int type = source.getByte();
        try {
            CommandId id = new CommandId(source.getText(CommandId.MAX_LENGTH));
            ClusterCommand command = command(type, source);
            source.requireEnd();
            return new Proposal(id, command);
        } catch (IllegalArgumentException e) {
            throw new ControlFormatException("Not a command: type=" + type + ", " + e.getMessage(), e);
        }
    }

    private static ClusterCommand command(int type, ByteSource from) {
        switch (type) {
            case CommandWriter.FOUND:
                return new ClusterCommand.Found(ValueCodec.founding(from), from.getInt());
            case CommandWriter.JOIN:
                return new ClusterCommand.Join(
                        from.getNode(),
                        ValueCodec.details(from),
                        from.getEnum(Role.values()),
                        ValueCodec.session(from),
                        from.getLong());
            case CommandWriter.CLAIM_SESSION:
                return new ClusterCommand.ClaimSession(
                        from.getNode(), ValueCodec.details(from), ValueCodec.session(from), from.getLong());
            case CommandWriter.CLAIM_STALE:
                return new ClusterCommand.ClaimStale(
                        from.getNode(), ValueCodec.details(from), ValueCodec.session(from), from.getLong());
            case CommandWriter.LEAVE:
                return new ClusterCommand.Leave(from.getNode(), ValueCodec.session(from));
            case CommandWriter.REMOVE:
                return new ClusterCommand.Remove(from.getNode());
            case CommandWriter.CHANGE_ROLE:
                return new ClusterCommand.ChangeRole(
                        from.getNode(), from.getEnum(Role.values()), from.getEnum(Role.values()));
            case CommandWriter.REPORT:
                return new ClusterCommand.Report(sightings(from), from.getLong());
            case CommandWriter.CHANGE_ROW:
                return new ClusterCommand.ChangeRow(
                        new RowChange(ValueCodec.row(from), from.getNode(), ValueCodec.session(from), sessions(from)));
            case CommandWriter.PLACE_REPLICAS:
                return new ClusterCommand.PlaceReplicas(placements(from));
            case CommandWriter.REGISTER_EXECUTOR:
                return new ClusterCommand.RegisterExecutor(
                        from.getNode(), ValueCodec.session(from), ValueCodec.settings(from));
            case CommandWriter.SET_MIN_IN_SYNC:
                return new ClusterCommand.SetMinInSync(from.getInt(), from.getInt());
            case CommandWriter.RECOVER:
                return recover(from);
            default:
                throw new ControlFormatException(
                        "A command of a newer Holdfast: type=" + type + "; use the same version on every member");
        }
    }

    private static ClusterCommand.Recover recover(ByteSource from) {
        return new ClusterCommand.Recover(
                new PartitionId(from.getInt()),
                new RowVersion(from.getLong()),
                from.getNode(),
                ValueCodec.session(from),
                from.getText(Recovery.MAX_OPERATOR_LENGTH),
                from.getLong());
    }

    private static List<Sighting> sightings(ByteSource from) {
        int count = from.getCount(Limits.MAX_MEMBERS, Integer.BYTES + Long.BYTES + 1);
        List<Sighting> sightings = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sightings.add(new Sighting(from.getNode(), ValueCodec.session(from), from.getBoolean()));
        }
        return sightings;
    }

    private static SortedMap<NodeId, Session> sessions(ByteSource from) {
        int count = from.getCount(Limits.MAX_REPLICAS, Integer.BYTES + Long.BYTES);
        SortedMap<NodeId, Session> sessions = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            sessions.put(from.getNode(), ValueCodec.session(from));
        }
        return sessions;
    }

    private static List<ReplicaPlacement> placements(ByteSource from) {
        int count =
                from.getCount(ClusterCommand.PlaceReplicas.MAX_PLACEMENTS, Integer.BYTES + Long.BYTES + Integer.BYTES);
        List<ReplicaPlacement> placements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            placements.add(new ReplicaPlacement(
                    new PartitionId(from.getInt()),
                    new RowVersion(from.getLong()),
                    ValueCodec.nodes(from, Limits.MAX_REPLICAS)));
        }
        return placements;
    }
}
