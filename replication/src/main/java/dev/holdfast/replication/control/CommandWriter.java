package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;

/** Writes the fields of a command, in the order in which {@link CommandCodec} reads them. */
final class CommandWriter implements ClusterCommandHandler<ByteSink> {

    // What they number is in logs and snapshots: a number is given once.
    static final int FOUND = 1;
    static final int JOIN = 2;
    static final int CLAIM_SESSION = 3;
    static final int CLAIM_STALE = 4;
    static final int LEAVE = 5;
    static final int REMOVE = 6;
    static final int CHANGE_ROLE = 7;
    static final int REPORT = 8;
    static final int CHANGE_ROW = 9;
    static final int PLACE_REPLICAS = 10;
    static final int REGISTER_EXECUTOR = 11;
    static final int SET_MIN_IN_SYNC = 12;
    static final int RECOVER = 13;

    /** The number of a command's type. */
    static final ClusterCommandHandler<Integer> TYPE = new TypeNumbers();

    private final ByteSink sink;

    CommandWriter(ByteSink sink) {
        this.sink = sink;
    }

    @Override
    public ByteSink found(ClusterCommand.Found command) {
        ValueCodec.put(sink, command.founding());
        sink.putInt(command.minInSync());
        return sink;
    }

    @Override
    public ByteSink join(ClusterCommand.Join command) {
        sink.putNode(command.node());
        ValueCodec.put(sink, command.details());
        sink.putByte(command.role().ordinal());
        sink.putLong(command.session().value());
        sink.putLong(command.atMillis());
        return sink;
    }

    @Override
    public ByteSink claimSession(ClusterCommand.ClaimSession command) {
        return claim(command.node(), command.details(), command.expected(), command.atMillis());
    }

    @Override
    public ByteSink claimStale(ClusterCommand.ClaimStale command) {
        return claim(command.node(), command.details(), command.expected(), command.atMillis());
    }

    private ByteSink claim(NodeId node, MemberDetails details, Session expected, long atMillis) {
        sink.putNode(node);
        ValueCodec.put(sink, details);
        sink.putLong(expected.value());
        sink.putLong(atMillis);
        return sink;
    }

    @Override
    public ByteSink leave(ClusterCommand.Leave command) {
        sink.putNode(command.node());
        sink.putLong(command.session().value());
        return sink;
    }

    @Override
    public ByteSink remove(ClusterCommand.Remove command) {
        sink.putNode(command.node());
        return sink;
    }

    @Override
    public ByteSink changeRole(ClusterCommand.ChangeRole command) {
        sink.putNode(command.node());
        sink.putByte(command.expected().ordinal());
        sink.putByte(command.next().ordinal());
        return sink;
    }

    @Override
    public ByteSink report(ClusterCommand.Report command) {
        sink.putInt(command.sightings().size());
        for (Sighting sighting : command.sightings()) {
            sink.putNode(sighting.node());
            sink.putLong(sighting.session().value());
            sink.putBoolean(sighting.present());
        }
        sink.putLong(command.atMillis());
        return sink;
    }

    @Override
    public ByteSink changeRow(ClusterCommand.ChangeRow command) {
        RowChange change = command.change();
        ValueCodec.put(sink, change.row());
        sink.putNode(change.proposer());
        sink.putLong(change.proposerSession().value());
        sink.putInt(change.sessions().size());
        change.sessions().forEach((node, session) -> {
            sink.putNode(node);
            sink.putLong(session.value());
        });
        return sink;
    }

    @Override
    public ByteSink placeReplicas(ClusterCommand.PlaceReplicas command) {
        sink.putInt(command.placements().size());
        for (ReplicaPlacement placement : command.placements()) {
            sink.putInt(placement.partition().value());
            sink.putLong(placement.expected().value());
            ValueCodec.putNodes(sink, placement.replicas());
        }
        return sink;
    }

    @Override
    public ByteSink registerExecutor(ClusterCommand.RegisterExecutor command) {
        sink.putNode(command.node());
        sink.putLong(command.session().value());
        ValueCodec.put(sink, command.settings());
        return sink;
    }

    @Override
    public ByteSink setMinInSync(ClusterCommand.SetMinInSync command) {
        sink.putInt(command.expected());
        sink.putInt(command.next());
        return sink;
    }

    @Override
    public ByteSink recover(ClusterCommand.Recover command) {
        sink.putInt(command.partition().value());
        sink.putLong(command.expected().value());
        sink.putNode(command.survivor());
        sink.putLong(command.session().value());
        sink.putText(command.operator());
        sink.putLong(command.atMillis());
        return sink;
    }

    private static final class TypeNumbers implements ClusterCommandHandler<Integer> {
        @Override
        public Integer found(ClusterCommand.Found command) {
            return FOUND;
        }

        @Override
        public Integer join(ClusterCommand.Join command) {
            return JOIN;
        }

        @Override
        public Integer claimSession(ClusterCommand.ClaimSession command) {
            return CLAIM_SESSION;
        }

        @Override
        public Integer claimStale(ClusterCommand.ClaimStale command) {
            return CLAIM_STALE;
        }

        @Override
        public Integer leave(ClusterCommand.Leave command) {
            return LEAVE;
        }

        @Override
        public Integer remove(ClusterCommand.Remove command) {
            return REMOVE;
        }

        @Override
        public Integer changeRole(ClusterCommand.ChangeRole command) {
            return CHANGE_ROLE;
        }

        @Override
        public Integer report(ClusterCommand.Report command) {
            return REPORT;
        }

        @Override
        public Integer changeRow(ClusterCommand.ChangeRow command) {
            return CHANGE_ROW;
        }

        @Override
        public Integer placeReplicas(ClusterCommand.PlaceReplicas command) {
            return PLACE_REPLICAS;
        }

        @Override
        public Integer registerExecutor(ClusterCommand.RegisterExecutor command) {
            return REGISTER_EXECUTOR;
        }

        @Override
        public Integer setMinInSync(ClusterCommand.SetMinInSync command) {
            return SET_MIN_IN_SYNC;
        }

        @Override
        public Integer recover(ClusterCommand.Recover command) {
            return RECOVER;
        }
    }
}
