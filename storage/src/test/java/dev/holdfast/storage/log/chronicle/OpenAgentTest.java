package dev.holdfast.storage.log.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpenAgentTest {

    @TempDir
    static Path shared;

    private static Path jar;

    @TempDir
    Path directory;

    @BeforeAll
    static void pack() throws IOException {
        jar = ChildJvm.storageJar(shared.resolve("holdfast-storage-1.0.jar"));
    }

    static Stream<Path> javaHomes() {
        return ChildJvm.javaHomes();
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void withoutAFlagOurMessageNamesTheFlagAndChronicleIsNotMet(Path javaHome) throws Exception {
        ChildJvm.Outcome outcome =
                new ChildJvm(javaHome, jar).run(List.of("-verbose:class"), ChronicleProbe.class, directory);
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.output())
                .contains("REFUSED Holdfast's storage needs one flag", "java -javaagent:" + jar + " ...")
                .contains("<argLine>-javaagent:" + jar)
                .contains("jvmArgs '-javaagent:" + jar)
                .contains("-Dspring-boot.run.jvmArguments=\"-javaagent:" + jar)
                .contains("JDK_JAVA_OPTIONS=\"-javaagent:" + jar)
                .contains("IntelliJ");
        assertThat(outcome.output().lines().filter(line -> line.contains("net.openhft.chronicle.core.Jvm ")))
                .isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void withTheAgentAQueueIsWrittenAndRead(Path javaHome) throws Exception {
        ChildJvm.Outcome outcome =
                new ChildJvm(javaHome, jar).run(List.of("-javaagent:" + jar), ChronicleProbe.class, directory);
        assertThat(outcome.output()).contains("READ written and read");
        assertThat(outcome.exitCode()).isZero();
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void fromAFolderOfClassesTheAgentWorksToo(Path javaHome) throws Exception {
        ChildJvm.Outcome outcome = new ChildJvm(javaHome, ChildJvm.mainClasses())
                .run(List.of("-javaagent:" + jar), ChronicleProbe.class, directory);
        assertThat(outcome.output()).contains("READ written and read");
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void theFlagsOfTheMessageDoWithoutTheAgent(Path javaHome) throws Exception {
        List<String> flags = FlagAdvice.forMissingFlag(java.util.Optional.empty(), false)
                .lines()
                .filter(line -> line.strip().startsWith("--add-exports"))
                .flatMap(line -> Stream.of(line.strip().split(" ")))
                .toList();
        assertThat(flags).hasSize(3);
        ChildJvm.Outcome outcome = new ChildJvm(javaHome, jar).run(flags, ChronicleProbe.class, directory);
        assertThat(outcome.output()).contains("READ written and read");
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void aClassLoaderOfItsOwnIsOpenedToWhenItStarts(Path javaHome) throws Exception {
        ChildJvm.Outcome outcome = runInLoader(javaHome, "platform", "-javaagent:" + jar);
        assertThat(outcome.output()).contains("READ written and read");
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void anAgentThatHidesChronicleIsExplained(Path javaHome) throws Exception {
        ChildJvm.Outcome outcome = runInLoader(javaHome, "system", "-javaagent:" + jar);
        assertThat(outcome.output())
                .contains("REFUSED Chronicle Queue is not visible to Holdfast's storage: storage=" + jar)
                .contains("Add-Opens: java.base/java.lang.reflect");
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void theManifestLinesOfTheMessageDoForAnExecutableJar(Path javaHome) throws Exception {
        Path executable = ChildJvm.executableJar(directory.resolve("app.jar"), LoaderProbe.class);
        ChildJvm child = new ChildJvm(javaHome, jar);
        ChildJvm.Outcome outcome = child.run(List.of(
                javaHome.resolve("bin/java").toString(),
                "-jar",
                executable.toString(),
                "system",
                child.classPath(),
                directory.resolve("queue").toString()));
        assertThat(outcome.output()).contains("READ written and read");
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void deniedNativeAccessIsRefusedWithItsFlag(Path javaHome) throws Exception {
        assumeThat(ChildJvm.featureOf(javaHome)).isGreaterThanOrEqualTo(24);
        ChildJvm.Outcome outcome = new ChildJvm(javaHome, jar)
                .run(List.of("-javaagent:" + jar, "--illegal-native-access=deny"), ChronicleProbe.class, directory);
        assertThat(outcome.output()).contains("REFUSED ", "--enable-native-access=ALL-UNNAMED");
        assertThat(outcome.exitCode()).isEqualTo(3);
    }

    private ChildJvm.Outcome runInLoader(Path javaHome, String parent, String flag) throws Exception {
        Path launcher = ChildJvm.copyOf(LoaderProbe.class, directory.resolve("launcher"));
        ChildJvm child = new ChildJvm(javaHome, jar);
        return child.run(List.of(
                javaHome.resolve("bin/java").toString(),
                flag,
                "-cp",
                launcher.toString(),
                LoaderProbe.class.getName(),
                parent,
                child.classPath(),
                directory.resolve("queue").toString()));
    }
}
