package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Config;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DataDirectoryTest {

    private static final int PARTITIONS = 2;
    private static final DataDirectory.Options OPTIONS =
            new DataDirectory.Options("a", PARTITIONS, false, directory -> "boot-1");

    @TempDir
    Path parent;

    @Test
    void everythingInANewDirectoryIsPrivate() throws IOException {
        Path path = parent.resolve("deep/data");
        DataDirectory.open(path, OPTIONS).close();
        Files.walkFileTree(parent.resolve("deep"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                assertThat(permissionsOf(directory)).as("%s", directory).isEqualTo("rwx------");
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                assertThat(permissionsOf(file)).as("%s", file).isEqualTo("rw-------");
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void itKeepsItsIdentityAndCountsItsSessions() throws IOException {
        NodeProperties properties;
        try (DataDirectory first = DataDirectory.open(parent, OPTIONS)) {
            properties = first.properties();
            assertThat(first.session()).isEqualTo(1);
            assertThat(first.crashed()).isFalse();
            assertThat(first.bootId()).isEqualTo("boot-1");
            first.markClean();
        }
        try (DataDirectory second = DataDirectory.open(parent, OPTIONS)) {
            assertThat(second.properties()).isEqualTo(properties);
            assertThat(second.session()).isEqualTo(2);
            assertThat(second.crashed()).isFalse();
        }
        try (DataDirectory third = DataDirectory.open(parent, OPTIONS)) {
            assertThat(third.session()).isEqualTo(3);
            assertThat(third.crashed()).isTrue();
        }
        DataDirectory elsewhere = DataDirectory.open(parent.resolve("other"), OPTIONS);
        assertThat(elsewhere.properties().clusterUuid()).isNotEqualTo(properties.clusterUuid());
        assertThat(elsewhere.properties().diskId()).isNotEqualTo(properties.diskId());
        elsewhere.close();
    }

    @Test
    void aSecondOpenerInTheSameProcessIsToldAtOnceByWhom() throws IOException {
        try (DataDirectory first = DataDirectory.open(parent, OPTIONS)) {
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThatThrownBy(() -> DataDirectory.open(parent.resolve("."), OPTIONS))
                        .isInstanceOf(DirectoryInUseException.class)
                        .hasMessageContaining("directory=" + parent)
                        .hasMessageContaining(
                                "node=a, pid=" + ProcessHandle.current().pid())
                        .hasMessageContaining("host=")
                        .hasMessageContaining("since=");
            }
            assertThat(first.session()).isEqualTo(1);
        }
        DataDirectory.open(parent, OPTIONS).close();
    }

    @Test
    void aRefusedSecondOpenerDoesNotDropTheLockForOtherProcesses() throws Exception {
        try (DataDirectory first = DataDirectory.open(parent, OPTIONS)) {
            assertThatThrownBy(() -> DataDirectory.open(parent, OPTIONS)).isInstanceOf(DirectoryInUseException.class);
            Path alias = Files.createSymbolicLink(parent.resolve("alias"), parent);
            assertThatThrownBy(() -> DataDirectory.open(alias, OPTIONS)).isInstanceOf(DirectoryInUseException.class);
            Process other = DirectoryHolder.start(parent);
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue()).isNotZero();
            assertThat(first.session()).isEqualTo(1);
        }
    }

    @Test
    void aSecondOpenerInAnotherClassLoaderIsRefused() throws Exception {
        URL[] classes = {
            DataDirectory.class.getProtectionDomain().getCodeSource().getLocation(),
            Config.class.getProtectionDomain().getCodeSource().getLocation()
        };
        try (DataDirectory first = DataDirectory.open(parent, OPTIONS);
                URLClassLoader loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Class<?> foreign = loader.loadClass(StoppedDirectory.class.getName());
            assertThatThrownBy(() ->
                            foreign.getMethod("open", Path.class, String.class).invoke(null, first.path(), "x"))
                    .hasRootCauseMessage(inUse(first.path()).getMessage());
        }
    }

    @Test
    void aSecondProcessIsRefusedUntilTheFirstIsKilled() throws Exception {
        Process holder = DirectoryHolder.start(parent);
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("session=1");
            assertThatThrownBy(() -> DataDirectory.open(parent, OPTIONS))
                    .isInstanceOf(DirectoryInUseException.class)
                    .hasMessageContaining("node=holder, pid=" + holder.pid() + ", host=");
            assertThatThrownBy(() -> StoppedDirectory.open(parent, "verify"))
                    .isInstanceOf(DirectoryInUseException.class);
        } finally {
            holder.destroyForcibly();
            holder.waitFor();
        }
        try (DataDirectory next = DataDirectory.open(parent, OPTIONS)) {
            assertThat(next.session()).isEqualTo(2);
            assertThat(next.crashed()).isTrue();
        }
    }

    @Test
    void aReaderKeepsNodesOutAndOtherReadersOfOtherProcessesNot() throws Exception {
        DataDirectory.open(parent, OPTIONS).close();
        try (StoppedDirectory reader = StoppedDirectory.open(parent, "storage verify")) {
            assertThat(reader.properties().partitionCount()).isEqualTo(PARTITIONS);
            assertThatThrownBy(() -> DataDirectory.open(parent, OPTIONS))
                    .isInstanceOf(DirectoryInUseException.class)
                    .hasMessageContaining("node=storage verify");
            Process node = DirectoryHolder.start(parent);
            assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(node.exitValue()).isNotZero();
        }
        DataDirectory.open(parent, OPTIONS).close();
    }

    @Test
    void whatIsNoDataDirectoryIsNotRead() {
        assertThatThrownBy(() -> StoppedDirectory.open(parent, "x")).isInstanceOf(DirectoryRefusedException.class);
        assertThatThrownBy(() -> StoppedDirectory.open(parent.resolve("none"), "x"))
                .isInstanceOf(DirectoryRefusedException.class);
    }

    @Test
    void anotherPartitionCountIsRefusedWithBothNumbers() throws IOException {
        DataDirectory.open(parent, OPTIONS).close();
        DataDirectory.Options sixteen = new DataDirectory.Options("a", 16, false, OPTIONS.bootId());
        assertThatThrownBy(() -> DataDirectory.open(parent, sixteen))
                .isInstanceOf(DirectoryRefusedException.class)
                .hasMessageContaining("partition-count=2, configured=16");
        DataDirectory.open(parent, OPTIONS).close();
    }

    @Test
    void aNewerDirectoryIsRefusedByItsNumber() throws IOException {
        DataDirectory.open(parent, OPTIONS).close();
        Path file = DirectoryLayout.nodeProperties(parent);
        String newer = Files.readString(file)
                .replace("format-version=1", "format-version=3")
                .replaceAll("crc32c=.*\n", "something-new=7\n");
        Files.writeString(file, NodeProperties.withChecksum(newer));
        assertThatThrownBy(() -> DataDirectory.open(parent, OPTIONS))
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining("format=3");
    }

    @Test
    void everyFlippedBitOfTheIdentityIsDetected() throws IOException {
        DataDirectory.open(parent, OPTIONS).close();
        Path file = DirectoryLayout.nodeProperties(parent);
        byte[] whole = Files.readAllBytes(file);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            assertThatThrownBy(() -> NodeProperties.read(file))
                    .as("bit=%s", bit)
                    .isInstanceOf(DamagedFileException.class);
        }
        Files.write(file, whole);
        assertThat(NodeProperties.read(file).partitionCount()).isEqualTo(PARTITIONS);
    }

    @Test
    void aDirectoryThatWasNeverFinishedIsMadeAnew() throws IOException {
        DataDirectory.open(parent, OPTIONS).close();
        Files.delete(DirectoryLayout.nodeProperties(parent));
        Files.delete(DirectoryLayout.highWaterMark(DirectoryLayout.partition(parent, new PartitionId(1))));
        Files.writeString(parent.resolve("node.properties.tmp"), "format-ver");
        try (DataDirectory directory = DataDirectory.open(parent, OPTIONS)) {
            assertThat(directory.session()).isEqualTo(1);
            directory.openHighWaterMark(new PartitionId(1)).close();
        }
    }

    @Test
    void logsWithoutAnIdentityAreNotTakenForANewDirectory() throws IOException {
        DataDirectory.open(parent, OPTIONS).close();
        Files.delete(DirectoryLayout.nodeProperties(parent));
        Files.createDirectory(
                DirectoryLayout.partition(parent, new PartitionId(1)).resolve("segment-000001"));
        assertThatThrownBy(() -> DataDirectory.open(parent, OPTIONS))
                .isInstanceOf(DirectoryRefusedException.class)
                .hasMessageContaining("partition=1");
    }

    @Test
    void aMissingSmallFileIsDamage() throws IOException {
        PartitionId partition = new PartitionId(1);
        try (DataDirectory directory = DataDirectory.open(parent, OPTIONS)) {
            Files.delete(DirectoryLayout.limits(directory.partitionPath(partition)));
            Files.delete(DirectoryLayout.highWaterMark(directory.partitionPath(partition)));
            assertThatThrownBy(() -> directory.openLimits(partition)).isInstanceOf(LogDamagedException.class);
            assertThatThrownBy(() -> directory.openHighWaterMark(partition)).isInstanceOf(LogDamagedException.class);
            directory.openLimits(new PartitionId(0)).close();
        }
        Files.delete(DirectoryLayout.nodeLimits(parent));
        assertThatThrownBy(() -> DataDirectory.open(parent, OPTIONS)).isInstanceOf(DamagedFileException.class);
        assertThatThrownBy(() -> DataDirectory.open(parent, OPTIONS)) // and the lock was let go
                .isInstanceOf(DamagedFileException.class);
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> DataDirectory.open(file, OPTIONS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Cannot open the data directory: directory=" + file);
    }

    private static DirectoryInUseException inUse(Path path) throws IOException {
        try (StoppedDirectory never = StoppedDirectory.open(path, "x")) {
            throw new AssertionError(never.path());
        } catch (DirectoryInUseException e) {
            return e;
        }
    }

    private static String permissionsOf(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aConfigurationIsUnderstood() throws IOException {
        Config config = new Config().setNodeName("n1").setPartitionCount(3);
        try (DataDirectory directory = DataDirectory.open(parent, DataDirectory.Options.of(config))) {
            assertThat(directory.properties().partitionCount()).isEqualTo(3);
            assertThatThrownBy(() -> DataDirectory.open(parent, OPTIONS)).hasMessageContaining("node=n1");
        }
    }
}
