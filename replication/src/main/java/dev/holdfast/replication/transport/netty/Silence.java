package dev.holdfast.replication.transport.netty;

/**
 * Counts the ticks of a keep-alive at which nothing had been heard. Bytes are heard, not only frames: a large one over a slow
 * link is no silence. Belongs to its connection's thread.
 */
final class Silence {

    private final int most;
    private boolean heard = true;
    private int ticks;

    /** @param most so many silent ticks, and nobody is there */
    Silence(int most) {
        this.most = most;
    }

    void heard() {
        heard = true;
    }

    /** Whether something was since the last tick. */
    boolean isBroken() {
        return heard;
    }

    /** A tick has come. */
    boolean isTooLong() {
        ticks = heard ? 0 : ticks + 1;
        heard = false;
        return ticks >= most;
    }
}
