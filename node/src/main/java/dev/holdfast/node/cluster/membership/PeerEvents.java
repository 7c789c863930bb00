package dev.holdfast.node.cluster.membership;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.ratis.RatisControlPlane;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.ConnectionListener;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Peer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands on that a process is gone: its address refuses, or a newer one uses its disk. Only of the session that the table has
 * in force: one that died before its claim was decided has its number taken by the next process, which is not gone. Called by
 * threads of the network.
 */
final class PeerEvents implements ConnectionListener {

    private static final Logger LOG = LoggerFactory.getLogger(PeerEvents.class);

    private final List<BiConsumer<NodeId, Session>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Caller>> callerListeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable RatisControlPlane control;

    void add(BiConsumer<NodeId, Session> listener) {
        listeners.add(listener);
    }

    void addForCallers(Consumer<Caller> listener) {
        callerListeners.add(listener);
    }

    @Override
    public void ended(Caller caller) {
        callerListeners.forEach(listener -> listener.accept(caller));
    }

    void follow(RatisControlPlane started) {
        control = started;
    }

    @Override
    public void gone(Peer peer, Identity last) {
        isGone(last);
    }

    @Override
    public void newerSession(Identity known, Identity seen) {
        isGone(known);
    }

    private void isGone(Identity last) {
        RatisControlPlane now = control;
        if (now == null || last.session() == 0) {
            return;
        }
        ClusterState state = now.state();
        Member member = state.member(last.node());
        Session session = new Session(last.session());
        LOG.info("A process is gone: node={}, session={}", last.node(), session);
        if (member != null && member.session().equals(session)) {
            listeners.forEach(listener -> listener.accept(last.node(), session));
        }
        now.processGone(last.node());
    }
}
