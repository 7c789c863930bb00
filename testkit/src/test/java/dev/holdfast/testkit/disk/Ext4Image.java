package dev.holdfast.testkit.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * An ext4 file system in a file, mounted through a loop device, whose power can be cut. Each mount is through another device
 * than the one before, so that a node sees by itself that its page cache is another. Close it: nothing stays mounted. Of one
 * thread.
 */
final class Ext4Image implements AutoCloseable {

    private final Path image;
    private final Path place;
    private @Nullable String device;
    private boolean mounted;

    private Ext4Image(Path image, Path place) {
        this.image = image;
        this.place = place;
    }

    /** Makes one in {@code folder}, sparse, and mounts it. */
    static Ext4Image mounted(Path folder, int mebibytes) throws IOException {
        Ext4Image made = of(format(folder.resolve("disk.img"), mebibytes), folder.resolve("disk"));
        try {
            made.mount();
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    /** An image that is there, to be mounted at {@code place}. */
    static Ext4Image of(Path image, Path place) throws IOException {
        return new Ext4Image(image, Files.createDirectories(place));
    }

    /** Makes an empty file system with a journal. */
    static Path format(Path image, int mebibytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        Shell.run(
                "mkfs.ext4",
                "-q",
                "-b",
                "4096",
                "-m",
                "0",
                "-J",
                "size=4",
                "-E",
                "lazy_itable_init=0,lazy_journal_init=0,nodiscard",
                image.toString());
        return image;
    }

    Path path() {
        return place;
    }

    void mount() throws IOException {
        String before = device;
        String next = Shell.run("losetup", "--find", "--show", image.toString());
        device = next;
        if (before != null) {
            Shell.run("losetup", "--detach", before); // only now: the new one is another
        }
        Shell.run("mount", "-t", "ext4", "-o", "noatime", next, place.toString());
        mounted = true;
    }

    /** What was not forced is gone, but what the kernel wrote out by itself. Whoever has files of it open gets errors. */
    void cutPower() throws IOException {
        LibC.shutDown(place.toString());
    }

    /** Takes it away and brings it back, as after a boot. Nobody has a file of it open. */
    void remount() throws IOException {
        unmount();
        mount();
    }

    private void unmount() {
        // a process that was killed lets go of its files soon
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Shell.run("umount", place.toString()).isEmpty());
        mounted = false;
    }

    @Override
    public void close() throws IOException {
        try {
            if (mounted) {
                Shell.run("umount", "--lazy", place.toString());
                mounted = false;
            }
        } finally {
            String last = device;
            device = null;
            if (last != null) {
                Shell.run("losetup", "--detach", last); // done when the last file is closed
            }
        }
    }
}
