package dev.holdfast.node.partition;

/**
 * Has a caller that is about to overflow its stack do so here, before anything was posted, and not half way through a batch,
 * which would cost the partition.
 */
final class StackRoom {

    /** Some 16 KiB compiled, more interpreted: several times what a batch takes. */
    private static final int FRAMES = 128;

    private StackRoom() {}

    static void check() {
        if (probe(FRAMES, 1, 2, 3, 4, 5, 6) == 0) {
            throw new IllegalStateException("Never: the probe counts its frames");
        }
    }

    private static long probe(int frames, long a, long b, long c, long d, long e, long f) {
        // Used after the call, so that each frame has to keep them.
        return frames == 0 ? a : probe(frames - 1, b, c, d, e, f, a) | a | b | c | d | e | f;
    }
}
