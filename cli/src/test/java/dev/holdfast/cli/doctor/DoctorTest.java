package dev.holdfast.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.doctor.Check.Status;
import dev.holdfast.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks on a system that is made up of files, and on directories that are made ill. */
class DoctorTest {

    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             %s                96365                processes
            Max open files            %s                20000                files
            """;

    @TempDir
    Path temp;

    private SystemFiles system;
    private Path directory;

    @BeforeEach
    void aHealthySystem() throws Exception {
        system = new SystemFiles(temp.resolve("system"));
        directory = temp.resolve("data");
        write("/proc/self/limits", LIMITS.formatted("4096", "20000"));
        write("/proc/meminfo", "MemTotal:       999999999 kB\n");
        write("/proc/sys/vm/max_map_count", "65530\n");
        write("/proc/self/cgroup", "0::/box/inner\n");
        write("/sys/fs/cgroup/box/memory.max", "max\n");
    }

    @Test
    void aHealthySystemHasNothingToSay() throws Exception {
        assertThat(new LimitChecks(system, patient(null)).run())
                .hasSize(4)
                .allSatisfy(check -> assertThat(check.status()).isEqualTo(Status.OK));
        assertThat(DoctorCommand.examine(patient(null), SystemFiles.REAL))
                .noneMatch(check -> check.status() == Status.PROBLEM)
                .extracting(Check::id)
                .doesNotHaveDuplicates();
        assertThat(directory).doesNotExist();
    }

    @Test
    void everyCheckThatIsNotOkSaysWhatIsWrongAndWhatToDo() throws Exception {
        write("/proc/self/limits", LIMITS.formatted("100", "256"));
        write("/proc/sys/vm/max_map_count", "1024\n");
        write("/sys/fs/cgroup/box/memory.max", "104857600\n");
        write("/sys/fs/cgroup/box/inner/pids.max", "64\n");
        List<Check> checks = new LimitChecks(system, patient(null)).run();
        assertThat(checks)
                .extracting(Check::id)
                .containsExactly("limits.files", "limits.threads", "limits.mappings", "limits.memory");
        assertThat(checks)
                .extracting(Check::status)
                .containsExactly(Status.PROBLEM, Status.WARNING, Status.WARNING, Status.WARNING);
        assertThat(checks).allSatisfy(check -> {
            assertThat(check.wrong()).isNotBlank();
            assertThat(check.remedy()).isNotBlank();
        });
        assertThat(checks.get(1).value()).contains("64", "by the cgroup");
        assertThat(checks.get(3).value()).contains("100 MiB", "the limit of the cgroup");
    }

    @Test
    void aSystemThatTellsNothingIsNoProblem() throws Exception {
        SystemFiles silent = new SystemFiles(temp.resolve("nothing"));
        assertThat(DoctorCommand.examine(patient(null), silent)).noneMatch(check -> check.status() == Status.PROBLEM);
    }

    @Test
    void aDirectoryThatIsNotWholeIsAProblem() throws Exception {
        Files.createDirectories(directory.resolve("partition-0000"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<Check> checks = new DirectoryChecks(system, patient(null)).run();
        assertThat(find(checks, "directory.path").status()).isEqualTo(Status.PROBLEM);
        assertThat(find(checks, "directory.path").wrong()).contains("node.properties is gone");
        assertThat(find(checks, "directory.permissions").status()).isEqualTo(Status.WARNING);

        Files.writeString(directory.resolve("node.properties"), "format-version=99\n");
        assertThat(find(new DirectoryChecks(system, patient(null)).run(), "directory.path")
                        .wrong())
                .contains("can not be read", "checksum");
        Path file = Files.writeString(temp.resolve("file"), "x");
        directory = file;
        assertThat(new DirectoryChecks(system, patient(null)).run())
                .singleElement()
                .satisfies(check -> assertThat(check.status()).isEqualTo(Status.PROBLEM));
    }

    @Test
    void aLockThatALivingProcessHoldsAndOneThatWasLeftAreToldApart() throws Exception {
        Files.createDirectories(directory);
        Path lock = Files.writeString(directory.resolve("node.lock"), "node=a, pid=77, host=h, since=s\n");
        assertThat(find(new DirectoryChecks(system, patient(null)).run(), "directory.holder")
                        .value())
                .contains("nobody", "did not close", "pid=77");
        Object inode = Files.getAttribute(lock, "unix:ino");
        write("/proc/locks", "1: POSIX  ADVISORY  WRITE 77 fe:00:" + inode + " 0 EOF\n");
        Check held = find(new DirectoryChecks(system, patient(null)).run(), "directory.holder");
        assertThat(held.status()).isEqualTo(Status.WARNING);
        assertThat(held.value()).contains("held by pid=77");
    }

    @Test
    void aSocketPathThatIsTooLongIsAWarning() throws Exception {
        directory = temp.resolve("d".repeat(100));
        assertThat(find(new DirectoryChecks(system, patient(null)).run(), "directory.socket")
                        .status())
                .isEqualTo(Status.WARNING);
    }

    @Test
    void aDiskWithLessThanTheWatermarkIsAProblem() {
        Config config = new Config();
        config.getStorageConfig().setLowSpaceWatermark(Long.MAX_VALUE / 4);
        Patient patient = new Patient(directory, config, null, Optional.empty());
        assertThat(find(new DiskChecks(patient, temp).run(), "disk.free").status())
                .isEqualTo(Status.PROBLEM);
        assertThat(find(new DiskChecks(patient, temp).run(), "disk.force").value())
                .contains("median");
        assertThat(temp.toFile().list()).noneMatch(name -> name.contains("doctor"));
    }

    @Test
    void memoryAndContainerLayersAreNamed() throws Exception {
        Path memory = Path.of("/dev/shm");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(memory), "no /dev/shm here");
        Check type = find(new FileSystemChecks(patient(null), memory).run(), "filesystem.type");
        assertThat(type.status()).isEqualTo(Status.WARNING);
        assertThat(type.wrong()).contains("memory");
    }

    @Test
    void mistakesOfTheConfigurationAreAProblem() {
        Check check = new ConfigurationCheck(patient("partition-cound: did you mean partition-count?"), temp).run();
        assertThat(check.status()).isEqualTo(Status.PROBLEM);
        assertThat(check.wrong()).contains("partition-count");
        assertThat(new ConfigurationCheck(patient(null), temp).run().status()).isEqualTo(Status.OK);
    }

    private Patient patient(@Nullable String mistakes) {
        return new Patient(directory, new Config(), mistakes, Optional.empty());
    }

    private static Check find(List<Check> checks, String id) {
        return checks.stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void write(String path, String text) throws Exception {
        Path file = system.root().resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
