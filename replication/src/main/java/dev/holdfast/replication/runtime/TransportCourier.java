package dev.holdfast.replication.runtime;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.storage.log.PartitionId;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages of all partitions of a node over its transport, and gives those that come in to their shells. Signs of life
 * go by the connection for CONTROL, so that no catch-up delays them. Any thread.
 */
public final class TransportCourier implements Courier {

    /** What replicas say of their logs. */
    public static final MessageKind REPLICATION =
            MessageKind.of(20, "replication", Role.PEER).withQueue(4_096, 64L * 1024 * 1024);

    /** Beacons and their answers: a late one is worth nothing. */
    public static final MessageKind SIGN_OF_LIFE =
            MessageKind.of(21, "sign-of-life", Role.CONTROL).droppingOldest();

    private static final Logger LOG = LoggerFactory.getLogger(TransportCourier.class);

    private final Transport transport;
    private final Function<NodeId, Optional<PeerAddress>> addresses;
    private final Map<PartitionId, ReplicaShell> shells = new ConcurrentHashMap<>();

    /**
     * @param inbound of {@code transport}
     * @param addresses where a member listens, if that is known
     */
    public TransportCourier(Transport transport, Inbound inbound, Function<NodeId, Optional<PeerAddress>> addresses) {
        this.transport = transport;
        this.addresses = addresses;
        inbound.onMessage(REPLICATION, this::received);
        inbound.onMessage(SIGN_OF_LIFE, this::received);
    }

    /** From now on {@code shell} gets what its partition is sent. */
    public void add(ReplicaShell shell) {
        shells.put(shell.partition(), shell);
    }

    public void remove(PartitionId partition) {
        shells.remove(partition);
    }

    /** The process of {@code node} in {@code session} is gone. */
    public void peerGone(NodeId node, Session session) {
        shells.values().forEach(shell -> shell.peerGone(node, session));
    }

    @Override
    public void send(PartitionId partition, NodeId to, Message message) {
        boolean sign = message instanceof Message.Beacon || message instanceof Message.BeaconAck;
        Role role = sign ? Role.CONTROL : Role.PEER;
        addresses
                .apply(to)
                .ifPresent(address -> transport.send(
                        Peer.of(to, address, role),
                        sign ? SIGN_OF_LIFE : REPLICATION,
                        MessageWriter.write(new Envelope(partition, message))));
    }

    private void received(Caller from, ByteBuffer body) {
        try {
            Envelope envelope = MessageReader.read(body);
            ReplicaShell shell = shells.get(envelope.partition());
            if (shell != null) {
                shell.receive(
                        from.identity().node(), new Session(from.identity().session()), envelope.message());
            }
        } catch (MessageFormatException e) {
            LOG.warn(
                    ErrorCode.REPLICA_MESSAGE_WRONG.says("A message was dropped: from={}, {}"),
                    from.identity().node(),
                    e.getMessage());
        }
    }
}
