package dev.holdfast.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A disk that is soon full, and what somebody else has put there. Of one thread; close it, and it is gone. */
final class SmallDisk implements AutoCloseable {

    private final Path path;
    private final AutoCloseable mount;

    private SmallDisk(Path path, AutoCloseable mount) {
        this.path = path;
        this.mount = mount;
    }

    static SmallDisk tmpfs(Path folder, int mebibytes) throws IOException {
        Path place = Files.createDirectories(folder.resolve("small"));
        Shell.run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "none", place.toString());
        return new SmallDisk(place, () -> Shell.run("umount", "--lazy", place.toString()));
    }

    static SmallDisk ext4(Path folder, int mebibytes) throws IOException {
        Ext4Image image = Ext4Image.mounted(folder, mebibytes);
        return new SmallDisk(image.path(), image);
    }

    Path path() {
        return path;
    }

    private Path others() {
        return path.resolve("of-somebody-else");
    }

    /** Somebody else takes so many bytes. */
    void take(long bytes) throws IOException {
        write(bytes);
    }

    /** Somebody else takes all that is left, to the last block. */
    void takeEverything() throws IOException {
        try {
            write(Long.MAX_VALUE);
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    /** What somebody else took is free again. */
    void giveBack() throws IOException {
        Files.deleteIfExists(others());
    }

    long freeBytes() {
        return path.toFile().getUsableSpace();
    }

    private void write(long bytes) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(4096);
        try (FileChannel channel = FileChannel.open(others(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long left = bytes; left > 0; ) {
                block.clear().limit((int) Math.min(block.capacity(), left));
                left -= channel.write(block);
            }
        }
    }

    @Override
    public void close() throws Exception {
        mount.close();
    }
}
