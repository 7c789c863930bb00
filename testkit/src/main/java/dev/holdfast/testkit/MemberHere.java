package dev.holdfast.testkit;

import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ClusterNode;
import dev.holdfast.node.assembly.NodeSurroundings;
import dev.holdfast.node.assembly.Standstill;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A member in this JVM. */
final class MemberHere implements ClusterMember {

    private final Config config;
    private final NodeSurroundings surroundings;
    private final BiFunction<Config, NodeSurroundings, ClusterNode> starts;
    private volatile @Nullable ClusterNode node;

    private volatile @Nullable Standstill standstill;

    /** Under this. */
    private boolean killed;

    MemberHere(Config config, NodeSurroundings surroundings) {
        this(config, surroundings, ClusterNode::start);
    }

    /** @param starts blocks until the node runs */
    MemberHere(Config config, NodeSurroundings surroundings, BiFunction<Config, NodeSurroundings, ClusterNode> starts) {
        this.config = config;
        this.surroundings = surroundings;
        this.starts = starts;
    }

    @Override
    public void begin() {
        ClusterNode started = starts.apply(config.copy().validate(), surroundings);
        synchronized (this) {
            node = started;
            if (!killed) {
                return;
            }
        }
        started.kill();
        throw new IllegalStateException("Was killed while it began: node=" + config.getNodeName());
    }

    private ClusterNode node() {
        ClusterNode running = node;
        if (running == null) {
            throw new IllegalStateException("Was not started: node=" + config.getNodeName());
        }
        return running;
    }

    @Override
    public HoldfastInstance instance() {
        return node();
    }

    /** One that begins at the moment is killed when it has. */
    @Override
    public void kill() {
        ClusterNode running;
        synchronized (this) {
            killed = true;
            running = node;
        }
        if (running != null) {
            resume(); // nobody hears it any more, and its threads have to end
            running.kill();
        }
    }

    @Override
    public void stop() {
        node().close();
    }

    @Override
    public void pause() {
        standstill = node().standStill();
    }

    @Override
    public void resume() {
        Standstill still = standstill;
        standstill = null;
        if (still != null) {
            still.close();
        }
    }

    @Override
    public boolean leave(Duration atMost) {
        return leave(node(), atMost);
    }

    static boolean leave(ClusterNode node, Duration atMost) {
        try {
            boolean left = node.membership().leave(atMost);
            if (left) {
                node.close();
            }
            return left;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a member left: node=" + node.getName(), e);
        }
    }

    @Override
    public List<String> problems(SortedSet<String> expected, Duration atMost) {
        return Health.problems(node(), expected);
    }

    @Override
    public Lead leadOf(int partition) {
        return leadOf(node(), partition);
    }

    static Lead leadOf(ClusterNode node, int partition) {
        // The epoch first: an older name must not come with a newer one.
        PartitionRow row = node.membership().state().row(new PartitionId(partition));
        long epoch = row == null ? -1 : row.epoch().value();
        return new Lead(node.getCluster().partitions().get(partition).primary(), epoch);
    }

    /** The clock is shared. */
    @Override
    public void clockMoved() {
        node().clockMoved();
    }

    /** It asks for routes whenever it connects. */
    @Override
    public void routesChanged() {}
}
