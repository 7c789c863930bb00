package dev.holdfast.replication.control;

/** A {@link Founding} as bytes, for a member's disk: format (1 byte), fields, CRC32C of everything before. Big-endian. */
public final class FoundingCodec {

    private static final int MAX_BYTES = 16 * 1024;
    private static final int FORMAT = 1;

    private FoundingCodec() {}

    public static byte[] encode(Founding founding) {
        ByteSink sink = new ByteSink();
        sink.putByte(FORMAT);
        ValueCodec.put(sink, founding);
        return sink.sealed();
    }

    /**
     * The inverse of {@link #encode}.
     *
     * @throws ControlFormatException damaged, over a limit, or of another version
     */
    public static Founding decode(byte[] bytes) {
        ByteSource source = ByteSource.open(bytes, MAX_BYTES);
        Versions.require("founding record", source.getByte(), FORMAT);
        try {
            Founding founding = ValueCodec.founding(source);
            source.requireEnd();
            return founding;
        } catch (IllegalArgumentException e) {
            throw new ControlFormatException("Not a founding record: " + e.getMessage(), e);
        }
    }
}
