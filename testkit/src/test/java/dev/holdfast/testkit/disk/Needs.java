package dev.holdfast.testkit.disk;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a test of faulty disks needs of the machine; where it is missing the test is skipped, and says why. */
final class Needs {

    private Needs() {}

    /** To mount something. */
    static void mounts() {
        assumeTrue(
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux"),
                "needs Linux: it mounts file systems of its own");
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "needs root: it mounts file systems of its own; user=" + System.getProperty("user.name"));
        commands("mount", "umount");
        assumeTrue(mayMount(), "needs to mount: this user may not, as in a container without CAP_SYS_ADMIN");
    }

    /** To mount an image of ext4. */
    static void loopDevices() {
        mounts();
        commands("mkfs.ext4", "losetup");
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "needs loop devices: there is no /dev/loop-control");
        assumeTrue(
                loopDeviceIsFree(), "needs a loop device: losetup --find gave none, as in a container without devices");
    }

    /** To make a block device of a program. */
    static void blockRecorder() {
        loopDevices();
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "needs FUSE: there is no /dev/fuse");
    }

    /** To fail calls of a process. */
    static void strace() {
        commands("strace");
        assumeTrue(
                mayTrace(), "needs to trace its own children: strace -D could not, as in a container without ptrace");
    }

    private static void commands(String... names) {
        for (String name : names) {
            assumeTrue(Shell.knows(name), "needs the command " + name);
        }
    }

    private static boolean mayMount() {
        try {
            Path folder = Files.createTempDirectory("holdfast-mount-");
            try {
                Shell.run("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder.toString());
                Shell.run("umount", folder.toString());
                return true;
            } finally {
                Files.delete(folder);
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean loopDeviceIsFree() {
        try {
            return !Shell.run("losetup", "--find").isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean mayTrace() {
        try {
            Path output = Files.createTempFile("holdfast-strace-", ".txt");
            try {
                Shell.run("strace", "-D", "-f", "--seccomp-bpf", "-o", output.toString(), "-e", "trace=fsync", "true");
                return true;
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return false;
        }
    }
}
