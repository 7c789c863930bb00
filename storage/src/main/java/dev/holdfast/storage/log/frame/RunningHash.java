package dev.holdfast.storage.log.frame;

/**
 * The running hash over a log: equal on two replicas exactly where their logs are equal up to there. Two rounds of
 * SplittableRandom's mixer (Steele, Lea, Flood, OOPSLA 2014): every bit of the old hash, the CRC, the position and the
 * epoch reaches every bit of the new one.
 */
public final class RunningHash {

    /** Before the first record. */
    public static final long EMPTY = 0;

    private RunningHash() {}

    public static long next(long previous, int crc, long position, long epoch) {
        long positions = position * 0x9E3779B97F4A7C15L + Long.rotateLeft(epoch, 40);
        return mix(mix(previous ^ (crc & 0xFFFF_FFFFL)) + positions);
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
