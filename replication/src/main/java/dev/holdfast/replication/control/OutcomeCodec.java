package dev.holdfast.replication.control;

/**
 * An outcome as bytes, for a proposer on another node: version (1 byte), outcome, CRC32C of everything before. Big-endian.
 */
public final class OutcomeCodec {

    private static final int VERSION = 1;
    private static final int MAX_BYTES = 8 * 1024;

    private OutcomeCodec() {}

    public static byte[] encode(Outcome outcome) {
        ByteSink sink = new ByteSink();
        sink.putByte(VERSION);
        ValueCodec.put(sink, outcome);
        return sink.sealed();
    }

    /**
     * The inverse of {@link #encode}.
     *
     * @throws ControlFormatException damaged, too long, or of a newer version
     */
    public static Outcome decode(byte[] bytes) {
        ByteSource source = ByteSource.open(bytes, MAX_BYTES);
        Versions.require("outcome", source.getByte(), VERSION);
        try {
            Outcome outcome = ValueCodec.outcome(source);
            source.requireEnd();
            return outcome;
        } catch (IllegalArgumentException e) {
            throw new ControlFormatException("Not an outcome: " + e.getMessage(), e);
        }
    }
}
