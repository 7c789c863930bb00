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
import dev.holdfast.replication.transport.SendResult;
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

    /** More than a frame's header and an append's fields take. */
    private static final int HEAD_BYTES = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(TransportCourier.class);

    private final Transport transport;
    private final Function<NodeId, Optional<PeerAddress>> addresses;
    private final int maxRunBytes;
    private final Map<PartitionId, ReplicaShell> shells = new ConcurrentHashMap<>();
    private final Map<SendResult, Throttle> lost = new ConcurrentHashMap<>();

    /**
     * @param inbound of {@code transport}
     * @param maxFrameBytes {@code network.max-frame}, the same on all members
     * @param addresses where a member listens, if that is known
     */
    public TransportCourier(
            Transport transport,
            Inbound inbound,
            int maxFrameBytes,
            Function<NodeId, Optional<PeerAddress>> addresses) {
        this.transport = transport;
        this.maxRunBytes = maxFrameBytes - HEAD_BYTES;
        this.addresses = addresses;
        inbound.onMessage(REPLICATION, this::received);
        inbound.onMessage(SIGN_OF_LIFE, this::received);
    }

    /** From now on {@code shell} gets what its partition is sent. */
    public void add(ReplicaShell shell) {
        shells.put(shell.partition(), shell);
    }

    /** {@code shell} gets nothing any more. */
    public void remove(ReplicaShell shell) {
        shells.remove(shell.partition(), shell);
    }

    /** The process of {@code node} in {@code session} is gone. */
    public void peerGone(NodeId node, Session session) {
        shells.values().forEach(shell -> shell.peerGone(node, session));
    }

    @Override
    public int maxRunBytes() {
        return maxRunBytes;
    }

    /**
     * What the transport does not take is dropped, and said again by the protocol: later each time, so that a full queue
     * drains. What it will never take as things are is said in the log.
     */
    @Override
    public void send(PartitionId partition, NodeId to, Message message) {
        boolean sign = SignsOfLife.isOne(message);
        Optional<Peer> peer = addresses.apply(to).map(address -> Peer.of(to, address, sign ? Role.CONTROL : Role.PEER));
        if (peer.isEmpty()) {
            return;
        }
        for (Message part : MessageParts.of(message, partition, maxRunBytes)) {
            SendResult result = transport.send(
                    peer.get(), sign ? SIGN_OF_LIFE : REPLICATION, MessageWriter.write(new Envelope(partition, part)));
            if (!result.isQueued()) {
                notSent(partition, to, result);
                return; // what follows would not follow on what is there
            }
        }
    }

    private void notSent(PartitionId partition, NodeId to, SendResult result) {
        switch (result) {
            case QUEUED, QUEUED_DROPPING_OLDER, FULL, NOT_CONNECTED, CLOSED -> {}
            case TOO_LARGE, NOT_ALLOWED, NOT_ENCODED, TOO_MANY_PEERS -> {
                long times =
                        lost.computeIfAbsent(result, each -> new Throttle()).permit(System.nanoTime());
                if (times > 0) {
                    LOG.warn(
                            ErrorCode.REPLICA_MESSAGE_NOT_SENT.says(
                                    "A replica can not send to another: partition={}, to={}, result={}, times={}; {}"),
                            partition,
                            to,
                            result,
                            times,
                            result.remedy());
                }
            }
        }
    }

    private void received(Caller from, ByteBuffer body) {
        try {
            Envelope envelope = MessageReader.read(body);
            ReplicaShell shell = shells.get(envelope.partition());
            if (shell != null) {
                var unused = shell.receive(
                        from.identity().node(),
                        new Session(from.identity().session()),
                        envelope.message(),
                        from::afterRead);
            }
        } catch (MessageFormatException e) {
            LOG.warn(
                    ErrorCode.REPLICA_MESSAGE_WRONG.says("A message was dropped: from={}, {}"),
                    from.identity().node(),
                    e.getMessage());
        }
    }
}
