package dev.holdfast.node.remote;

/**
 * Marks threads that tell callers what came over the network, most of them the network's own: nothing that works a partition
 * off may be done on them.
 */
final class Delivery {

    private static final ThreadLocal<Boolean> UNDER_WAY = new ThreadLocal<>();

    private Delivery() {}

    static boolean isUnderWay() {
        return UNDER_WAY.get() != null;
    }

    static void run(Runnable telling) {
        if (isUnderWay()) {
            telling.run();
            return;
        }
        UNDER_WAY.set(true);
        try {
            telling.run();
        } finally {
            UNDER_WAY.remove();
        }
    }
}
