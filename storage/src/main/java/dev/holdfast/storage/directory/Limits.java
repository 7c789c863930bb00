package dev.holdfast.storage.directory;

import java.nio.charset.StandardCharsets;

/**
 * What a limits file holds.
 *
 * @param session number of the process incarnation that wrote this: grows with every start of the node, from 1;
 *     0 before the first start
 * @param clean whether that incarnation closed in order; false while it runs
 * @param bootId identity of the page cache that it wrote through, see {@link BootId}
 * @param reservedEndExclusive no task sequence at or above it was ever issued; {@link #NOTHING_RESERVED} in the node's
 *     own file
 */
public record Limits(long session, boolean clean, String bootId, long reservedEndExclusive) {

    /** Before the first reservation: the first sequence there is. */
    public static final long NOTHING_RESERVED = 1;

    public Limits {
        if (session < 0 || reservedEndExclusive < NOTHING_RESERVED) {
            throw new IllegalArgumentException(
                    "Not limits: session=" + session + ", reservedEndExclusive=" + reservedEndExclusive);
        }
        int length = bootId.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > BootId.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "Not a boot id: bytes=" + length + ", allowed are 1 to " + BootId.MAX_BYTES);
        }
    }

    Limits withReservedEnd(long endExclusive) {
        return new Limits(session, clean, bootId, endExclusive);
    }

    Limits withClean(boolean nowClean) {
        return new Limits(session, nowClean, bootId, reservedEndExclusive);
    }
}
