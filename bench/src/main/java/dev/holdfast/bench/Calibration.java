package dev.holdfast.bench;

import java.util.zip.CRC32C;

/** How fast this machine is just now: two runs whose calibrations differ can not be compared. */
final class Calibration {
    private static final int ROUNDS = 5;
    private static final int BYTES = 1024;
    private static final int LOOPS = 1_000_000;

    private Calibration() {}

    /** Nanoseconds for the CRC32C of 1 KiB, the best of some rounds. */
    static double crcNanos() {
        byte[] data = new byte[BYTES];
        double best = Double.MAX_VALUE;
        long sink = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < LOOPS; i++) {
                CRC32C crc = new CRC32C();
                data[0] = (byte) i;
                crc.update(data, 0, BYTES);
                sink += crc.getValue();
            }
            best = Math.min(best, (System.nanoTime() - start) / (double) LOOPS);
        }
        if (sink == 0) {
            throw new IllegalStateException("every CRC was 0");
        }
        return best;
    }
}
