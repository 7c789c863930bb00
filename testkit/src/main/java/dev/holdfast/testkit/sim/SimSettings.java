package dev.holdfast.testkit.sim;

import dev.holdfast.replication.protocol.ReplicaLimits;
import dev.holdfast.replication.protocol.ReplicaTiming;
import java.util.SplittableRandom;

/**
 * What one seed decides before anything happens.
 *
 * @param nodes 3 to 5; three of them hold the partition at first
 * @param always whether an append counts when it is forced
 * @param losses whether more is lost than the design survives: all lose power under {@code os}, and an operator accepts losses
 * @param faultNanos how long faults go on
 */
record SimSettings(
        long seed, int nodes, boolean always, int minInSync, boolean losses, Mutation mutation, long faultNanos) {

    static final int REPLICAS = 3;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    static final ReplicaTiming TIMING = new ReplicaTiming(100 * MILLI, SECOND, 1_500 * MILLI, 600 * MILLI, 2 * SECOND);
    static final ReplicaLimits LIMITS = new ReplicaLimits(12, 4_000, 600);

    /** How often a process looks at its clock. */
    static final long TICK_NANOS = 40 * MILLI;

    /** How long everything has to be well in after the faults. */
    static final long HEAL_NANOS = 60 * SECOND;

    static SimSettings of(long seed, Mutation mutation) {
        SplittableRandom random = new SplittableRandom(seed);
        int nodes = 3 + random.nextInt(3);
        boolean always = random.nextInt(3) == 0;
        int minInSync = 1 + random.nextInt(2);
        if (mutation == Mutation.ELIGIBLE_WITH_MIN_IN_SYNC_1) {
            minInSync = 1;
        }
        // Of mutants, only that which is about losses: the others have to be caught where nothing is forgiven.
        boolean losses = mutation == Mutation.IDS_ISSUED_AGAIN_AFTER_A_LOSS
                || (random.nextInt(5) == 0 && mutation == Mutation.NONE);
        return new SimSettings(seed, nodes, always, minInSync, losses, mutation, 20 * SECOND);
    }

    /** Whether somebody here breaks his word: then the table may refuse, and replicas may complain of each other. */
    boolean lies() {
        return mutation != Mutation.NONE;
    }

    boolean is(Mutation planted) {
        return mutation == planted;
    }
}
