package dev.holdfast.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The process behind a block device that writes down what the kernel asks of it: a FUSE file system with one file, which a loop
 * device is put on. A process of its own: the node's would wait for itself. Arguments: image, where to mount, log; it ends
 * when it is unmounted. The bytes of its log are read by {@link BlockLog}.
 *
 * <p>The protocol is that of {@code linux/fuse.h}, 7.31, as far as a loop device uses it.
 */
final class BlockRecorder {

    static final String FILE = "image";

    private static final int MOUNT_FLAGS = 6; // MS_NOSUID, MS_NODEV
    private static final int HEADER_IN = 40;
    private static final int HEADER_OUT = 16;
    private static final int ARGUMENTS = 40; // of a read or a write
    private static final int LARGEST_WRITE = 128 * 1024;
    private static final long ROOT = 1;
    private static final long IMAGE = 2;
    private static final int NOT_SUPPORTED = 38; // ENOSYS
    private static final byte[] ZEROS = new byte[256];
    private static final long VALID_SECONDS = 3600;

    private final int device;
    private final FileChannel image;
    private final FileChannel log;
    private final ByteBuffer in = ByteBuffer.allocateDirect(2 * LARGEST_WRITE).order(ByteOrder.nativeOrder());
    private final ByteBuffer out = ByteBuffer.allocateDirect(2 * LARGEST_WRITE).order(ByteOrder.nativeOrder());

    private BlockRecorder(int device, FileChannel image, FileChannel log) {
        this.device = device;
        this.image = image;
        this.log = log;
    }

    public static void main(String[] arguments) throws IOException {
        try (FileChannel image =
                        FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileChannel log =
                        FileChannel.open(Path.of(arguments[2]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            int device = LibC.functions().open("/dev/fuse", LibC.READ_WRITE);
            String data = "fd=" + device + ",rootmode=40000,user_id=0,group_id=0";
            if (device < 0 || LibC.functions().mount("holdfast", arguments[1], "fuse", MOUNT_FLAGS, data) != 0) {
                throw new IOException("Cannot mount: place=" + arguments[1] + ", errno=" + LibC.lastError());
            }
            new BlockRecorder(device, image, log).serve();
        }
    }

    private void serve() throws IOException {
        while (true) {
            in.clear();
            long length = LibC.functions().read(device, in, in.capacity());
            if (length < 0) {
                int error = LibC.lastError();
                if (error == LibC.NO_DEVICE) {
                    return; // unmounted
                }
                if (error == LibC.INTERRUPTED || error == LibC.NO_ENTRY) {
                    continue;
                }
                throw new IOException("Cannot read: errno=" + error);
            }
            in.limit((int) length);
            answer();
        }
    }

    private void answer() throws IOException {
        int operation = in.getInt(4);
        long node = in.getLong(16);
        out.clear().put(0, ZEROS).position(HEADER_OUT);
        int error = 0;
        switch (operation) {
            case 1 -> error = lookUp();
            case 2, 36, 42 -> { // forget, interrupt, forget many: nobody waits
                return;
            }
            case 3, 4 -> {
                out.putLong(VALID_SECONDS).putLong(0);
                putAttributes(node);
            }
            case 14, 27 -> out.putLong(0).putLong(0); // open
            case 15 -> read();
            case 16 -> write();
            case 17 -> out.position(HEADER_OUT + 80); // how much is free: nobody needs to know
            case 20 -> append('F', 0, in.slice(0, 0)); // fsync: the device's cache is to be flushed
            case 18, 25, 29, 34, 38 -> {} // release, flush, release directory, access, destroy
            case 26 -> putVersion();
            default -> error = NOT_SUPPORTED;
        }
        reply(error);
    }

    private void reply(int error) throws IOException {
        int length = error == 0 ? out.position() : HEADER_OUT;
        out.putInt(0, length).putInt(4, -error).putLong(8, in.getLong(8));
        out.clear().limit(length);
        if (LibC.functions().write(device, out, length) != length && LibC.lastError() != LibC.NO_ENTRY) {
            throw new IOException("Cannot answer: errno=" + LibC.lastError());
        }
    }

    private int lookUp() throws IOException {
        byte[] name = new byte[in.limit() - HEADER_IN - 1];
        in.get(HEADER_IN, name);
        if (!new String(name, StandardCharsets.UTF_8).equals(FILE)) {
            return LibC.NO_ENTRY;
        }
        out.putLong(IMAGE)
                .putLong(0)
                .putLong(VALID_SECONDS)
                .putLong(VALID_SECONDS)
                .putLong(0);
        putAttributes(IMAGE);
        return 0;
    }

    private void putAttributes(long node) throws IOException {
        boolean root = node == ROOT;
        long size = root ? 0 : image.size();
        out.putLong(node).putLong(size).putLong(size / 512);
        out.putLong(0).putLong(0).putLong(0); // times
        out.putInt(0).putInt(0).putInt(0);
        out.putInt(root ? 0040700 : 0100600).putInt(1);
        out.putInt(0).putInt(0).putInt(0).putInt(4096).putInt(0);
    }

    private void putVersion() {
        out.putInt(7).putInt(31).putInt(LARGEST_WRITE).putInt(1 << 5); // writes of more than a page
        out.putShort((short) 16).putShort((short) 12).putInt(LARGEST_WRITE).putInt(1);
        out.putShort((short) 32).putShort((short) 0);
        out.position(HEADER_OUT + 64);
    }

    private void read() throws IOException {
        long offset = in.getLong(HEADER_IN + 8);
        int size = in.getInt(HEADER_IN + 16);
        out.limit(HEADER_OUT + size);
        while (out.hasRemaining() && image.read(out, offset + out.position() - HEADER_OUT) >= 0) {
            // to the end of what is asked for, or of the image
        }
        out.limit(out.capacity());
    }

    private void write() throws IOException {
        long offset = in.getLong(HEADER_IN + 8);
        int size = in.getInt(HEADER_IN + 16);
        ByteBuffer bytes = in.slice(HEADER_IN + ARGUMENTS, size);
        append('W', offset, bytes.duplicate());
        while (bytes.hasRemaining()) {
            image.write(bytes, offset + bytes.position());
        }
        out.putInt(size).putInt(0);
    }

    /** In the log before it is answered. */
    private void append(char kind, long offset, ByteBuffer bytes) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(BlockLog.HEADER + bytes.remaining());
        entry.put((byte) kind)
                .putLong(offset)
                .putInt(bytes.remaining())
                .put(bytes)
                .flip();
        while (entry.hasRemaining()) {
            log.write(entry);
        }
    }
}
