package dev.holdfast.replication.runtime;

import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.control.ratis.GroupMember;
import dev.holdfast.replication.control.ratis.QuickTiming;
import dev.holdfast.replication.control.ratis.RatisControlPlane;
import dev.holdfast.replication.control.ratis.RatisSettings;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.PeerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Consensus among the nodes, over the transports that carry their records too. */
final class RatisControls implements Controls {

    private final UUID cluster;
    private final Path directory;
    private final Map<NodeId, RatisControlPlane> running = new ConcurrentHashMap<>();
    private final List<GroupMember> founders = new ArrayList<>();

    RatisControls(UUID cluster, Path directory) {
        this.cluster = cluster;
        this.directory = directory;
    }

    @Override
    public void found(Map<NodeId, PeerAddress> addresses) {
        addresses.forEach((node, address) ->
                founders.add(new GroupMember(node, List.of(new NodeAddress(address.host(), address.port())), true)));
    }

    @Override
    public ControlPlane start(NodeId node, ControlOverTransport transport) {
        RatisSettings settings = new RatisSettings(
                node,
                directory.resolve(node.diskId()),
                cluster,
                founders,
                founders.stream().map(GroupMember::node).toList(),
                QuickTiming.TIMING);
        try {
            RatisControlPlane control = RatisControlPlane.start(settings, transport);
            running.put(node, control);
            return control;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop(NodeId node) {
        RatisControlPlane control = running.remove(node);
        if (control != null) {
            control.close();
        }
    }

    @Override
    public ControlPlane any() {
        return running.values().iterator().next();
    }

    @Override
    public void close() {
        List.copyOf(running.keySet()).forEach(this::stop);
    }
}
