package dev.holdfast.testkit.sim;

import dev.holdfast.replication.protocol.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Loses, delays, repeats and reorders what is sent; a direction between two nodes may be cut. */
final class SimNetwork {

    private record Way(NodeId from, NodeId to) {}

    private record Cut(long untilNanos, Effect effect) {}

    private final Timeline timeline;
    private final SplittableRandom random;
    private final Map<Way, Cut> cuts = new HashMap<>();
    private long lossPerMille;
    private long repeatPerMille;
    private long latePerMille;

    SimNetwork(Timeline timeline, SplittableRandom random) {
        this.timeline = timeline;
        this.random = random;
    }

    /** How bad the network is while faults go on. */
    void bad() {
        lossPerMille = random.nextInt(40);
        repeatPerMille = random.nextInt(40);
        latePerMille = random.nextInt(60);
    }

    void good() {
        lossPerMille = 0;
        repeatPerMille = 0;
        latePerMille = 0;
        cuts.clear();
    }

    void cut(NodeId from, NodeId to, long nanos, Effect effect) {
        Cut next = new Cut(timeline.nowNanos() + nanos, effect);
        cuts.merge(new Way(from, to), next, (old, now) -> old.untilNanos > now.untilNanos ? old : now);
    }

    /** Asked by whoever sends: a cut that is met has had its effect. */
    boolean isCut(NodeId from, NodeId to) {
        Cut cut = cuts.get(new Way(from, to));
        if (cut == null || cut.untilNanos <= timeline.nowNanos()) {
            return false;
        }
        cut.effect.happened();
        return true;
    }

    void send(NodeId from, NodeId to, Runnable arrival) {
        if (isCut(from, to) || random.nextInt(1_000) < lossPerMille) {
            return;
        }
        timeline.after(delayNanos(), arrival);
        if (random.nextInt(1_000) < repeatPerMille) {
            timeline.after(delayNanos(), arrival);
        }
    }

    private long delayNanos() {
        long usual = 100_000L + random.nextInt(900_000);
        return random.nextInt(1_000) < latePerMille ? usual + random.nextInt(300) * SimSettings.MILLI : usual;
    }
}
