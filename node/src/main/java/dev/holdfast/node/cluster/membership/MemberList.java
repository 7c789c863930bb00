package dev.holdfast.node.cluster.membership;

import dev.holdfast.config.Config;
import dev.holdfast.config.NetworkConfig;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.transport.PeerAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The configured members.
 *
 * @param all as {@code network.members} has them; this node alone if that is empty
 * @param voters the first of them, which vote
 * @param listening where this node listens, if others can reach it by that
 */
record MemberList(List<NodeAddress> all, List<NodeAddress> voters, Optional<NodeAddress> listening) {

    private static final Set<String> EVERY_INTERFACE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    /** @param real where the transport listens, with the port that it got */
    static MemberList of(Config config, PeerAddress real) {
        NetworkConfig network = config.getNetworkConfig();
        Optional<NodeAddress> listening = EVERY_INTERFACE.contains(network.getHost())
                ? Optional.empty()
                : Optional.of(new NodeAddress(network.getHost(), real.port()));
        List<NodeAddress> all = network.getMembers().isEmpty()
                ? listening.stream().toList()
                : network.getMembers().stream()
                        .map(PeerAddress::parse)
                        .map(address -> new NodeAddress(address.host(), address.port()))
                        .toList();
        int voting = Math.min(all.size(), config.getControlPlaneConfig().getVoters());
        return new MemberList(all, List.copyOf(all.subList(0, voting)), listening);
    }

    static PeerAddress toDial(NodeAddress address) {
        return new PeerAddress(address.host(), address.port());
    }
}
