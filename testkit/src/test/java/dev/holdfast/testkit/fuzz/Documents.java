package dev.holdfast.testkit.fuzz;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.frame.BytesSource;
import dev.holdfast.storage.log.frame.EncodedBatch;
import dev.holdfast.storage.log.frame.FrameBuilder;
import dev.holdfast.storage.log.frame.FrameFile;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.RecordType;
import dev.holdfast.storage.log.frame.RunningHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;

/**
 * A file of frames in memory. {@link #add} makes a frame of any type around any body, with checksum and place that fit, as the page
 * on the format on disk tells: what is behind the checksums is reached.
 */
final class Documents implements FrameFile {

    static final PartitionId PARTITION = new PartitionId(3);
    static final long FILE_NUMBER = 1;
    static final ByteBuffer WINDOW = FrameScan.newWindow();

    private static final int HEADER = 48;

    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private long position;
    private long hash;
    private long ordinal;

    /** An input's frames: type, length of the Wire part, length of the body, body; two bytes for a length. */
    static Documents of(byte[] input) {
        Documents documents = new Documents();
        documents.addAll(input);
        return documents;
    }

    void addAll(byte[] input) {
        ByteBuffer in = ByteBuffer.wrap(input);
        while (in.remaining() >= 5) {
            int type = in.get() & 0xFF;
            int wireLength = in.getShort() & 0xFFFF;
            byte[] body = new byte[Math.min(in.getShort() & 0xFFFF, in.remaining())];
            in.get(body);
            add(type, Math.min(wireLength, body.length), body);
        }
    }

    /** What {@link #addAll} makes this frame of. */
    static byte[] input(int type, int wireLength, byte[] body) {
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) type)
                .putShort((short) wireLength)
                .putShort((short) body.length)
                .put(body)
                .array();
    }

    void add(int type, int wireLength, byte[] body) {
        RecordType known = RecordType.ofCode(type);
        boolean local = known != null && known.kind() == RecordType.Kind.LOCAL;
        long epoch = FILE_NUMBER;
        long place = local ? ordinal++ : ++position;
        ByteBuffer frame = ByteBuffer.allocate(HEADER + body.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(0, new byte[] {'H', 'F', 'L', 'R'}).put(16, (byte) 1).put(17, (byte) type);
        frame.putShort(18, (short) PARTITION.value()).putInt(20, body.length).putInt(24, wireLength);
        frame.putLong(32, epoch).putLong(40, place).put(HEADER, body);
        CRC32C crc = new CRC32C();
        crc.update(frame.array(), 16, frame.capacity() - 16);
        frame.putInt(4, (int) crc.getValue());
        if (!local) {
            hash = RunningHash.next(hash, (int) crc.getValue(), place, epoch);
            frame.putLong(8, hash);
        }
        write(frame.array());
    }

    private void write(byte[] frame) {
        ByteBuffer word = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, frame.length);
        content.writeBytes(word.array());
        content.writeBytes(frame);
        content.writeBytes(new byte[-frame.length & 3]);
    }

    long lastPosition() {
        return position;
    }

    long lastHash() {
        return hash;
    }

    /** Everything in {@code batch} in frames of its own. */
    static Documents encoded(EncodedBatch batch, long epoch) throws IOException {
        Documents documents = new Documents();
        FrameBuilder builder = new FrameBuilder(PARTITION, FrameBuilder.MAX_FRAME);
        builder.continueAfter(0, RunningHash.EMPTY);
        for (int i = 0; i < batch.size(); i++) {
            builder.write(batch, i, epoch, documents);
        }
        return documents;
    }

    /** The one frame in it, as {@link #addAll} takes it. */
    byte[] asInput() {
        ByteBuffer all = ByteBuffer.wrap(content.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        byte[] body = new byte[all.getInt(0) - HEADER];
        all.get(4 + HEADER, body);
        return input(all.get(4 + 17), all.getInt(4 + 24), body);
    }

    FrameScan scan() throws IOException {
        FrameScan scan = new FrameScan(source(), PARTITION, FILE_NUMBER, WINDOW);
        scan.continueAfter(0, RunningHash.EMPTY, 0);
        return scan;
    }

    FrameSource source() {
        return new BytesSource(Path.of("memory"), content.toByteArray());
    }

    byte[] bytes() {
        return content.toByteArray();
    }

    @Override
    public long append(Bytes<ByteBuffer> frame) {
        long offset = content.size();
        byte[] bytes = new byte[(int) frame.readRemaining()];
        frame.read(frame.readPosition(), bytes, 0, bytes.length);
        write(bytes);
        return offset;
    }

    @Override
    public long position() {
        return content.size();
    }

    @Override
    public void force() {
        // it is in memory
    }
}
