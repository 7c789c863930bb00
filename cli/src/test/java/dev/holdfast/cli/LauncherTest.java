package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ConsoleProcess.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a copy of a checkout, where a build is a script that puts a small jar in its place. */
class LauncherTest {

    private static final Map<String, String> MUST_SHARE = Map.of("HOLDFAST_JAVA_OPTS", "-Xshare:on");
    private static final String REHEARSAL =
            "package dev.holdfast.cli; public class Rehearsal { public static void main(String[] a) throws Exception {"
                    + " Class.forName(\"dev.holdfast.cli.PrintsItsArguments\"); } }";

    @TempDir
    Path temp;

    private Path checkout;
    private Path launcher;
    private Path source;

    @BeforeEach
    void aCheckoutThatWasNeverBuilt() throws Exception {
        checkout = Files.createDirectories(temp.toRealPath().resolve("a checkout"));
        launcher = script("holdfast", Files.readString(Path.of(System.getProperty("holdfast.checkout"), "holdfast")));
        for (String module : List.of("config", "storage", "replication", "node", "cli")) {
            Files.createDirectories(checkout.resolve(module).resolve("src/main/java"));
            Files.writeString(checkout.resolve(module).resolve("pom.xml"), "<project/>");
        }
        Files.createDirectory(checkout.resolve(".mvn"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        source = Files.writeString(checkout.resolve("node/src/main/java/Some.java"), "class Some {}");
        writeJar(checkout.resolve("ready.jar"));
        mavenThat("echo '[INFO] Building Holdfast Node 0.1.0                    [5/6]'; mkdir -p cli/target/lib;"
                + " cp ready.jar cli/target/holdfast.jar");
        makeOlder(checkout);
    }

    @Test
    void buildsOnceThenOnlyWhenASourceIsNewer() throws Exception {
        Result first = run(checkout, launcher, "hello");
        assertThat(first.err()).contains("Building Holdfast", "  Holdfast Node 0.1.0\n", "Built");
        assertThat(first.out()).isEqualTo("[hello]\n");
        assertThat(first.exitCode()).isEqualTo(7);

        assertThat(run(checkout, launcher, "again").err()).isEmpty();

        makeNewer(checkout.resolve("cli/pom.xml"));
        assertThat(run(checkout, launcher).err()).contains("Built");
        makeNewer(source);
        assertThat(run(checkout, launcher).err()).contains("Built");
        makeOlder(checkout.resolve("node"));
        makeOlder(checkout.resolve("cli/pom.xml"));
        assertThat(run(checkout, launcher).err()).isEmpty();

        Path test = Files.createDirectories(checkout.resolve("node/src/test/java"));
        makeOlder(checkout.resolve("node"));
        makeNewer(Files.writeString(test.resolve("SomeTest.java"), "class SomeTest {}"));
        assertThat(run(checkout, launcher).err()).as("a test is not in the jar").isEmpty();
    }

    @Test
    void aFailedBuildShowsItsErrorsAndItsLog() throws Exception {
        mavenThat("echo '[ERROR] Some.java:[1,1] not a statement'; exit 1");
        Result result = run(checkout, launcher);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("not a statement", "the build failed");
        Path log = Path.of(result.err()
                .lines()
                .filter(line -> line.contains("its whole log: "))
                .map(line -> line.substring(line.indexOf("its whole log: ") + 15))
                .findFirst()
                .orElseThrow());
        assertThat(log).content().contains("not a statement");
        assertThat(run(checkout, launcher).err()).as("is tried again").contains("the build failed");
    }

    @Test
    void runsFromAnotherDirectoryThroughASymbolicLink() throws Exception {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("hf"), Path.of("../a checkout/holdfast"));
        Files.createSymbolicLink(elsewhere.resolve("hf2"), Path.of("hf"));
        assertThat(run(elsewhere, link, "a b", "*").out()).isEqualTo("[a b, *]\n");
        assertThat(run(temp, elsewhere.resolve("hf2"), "-o", "json").out()).isEqualTo("[-o, json]\n");
    }

    @Test
    void aNodeHasHugePagesWhereTheSystemLetsItAskForThem() throws Exception {
        Path modes = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        boolean may = Files.isReadable(modes) && !Files.readString(modes).contains("[never]");
        Map<String, String> shown = Map.of("HOLDFAST_JAVA_OPTS", "-XX:+PrintCommandLineFlags");
        Map<String, String> against =
                Map.of("HOLDFAST_JAVA_OPTS", "-XX:-UseTransparentHugePages -XX:+PrintCommandLineFlags");
        String asked = "-XX:+UseTransparentHugePages";
        assertThat(run(shown, checkout, launcher, "start").out().contains(asked))
                .isEqualTo(may);
        assertThat(run(shown, checkout, launcher, "status").out()).doesNotContain(asked);
        assertThat(run(against, checkout, launcher, "start").out()).contains("-XX:-UseTransparentHugePages");
    }

    @Test
    void aJavaThatIsTooOldOrMissingIsNamed() throws Exception {
        Path old = Files.createDirectories(temp.resolve("jdk-11/bin"));
        Files.writeString(old.resolveSibling("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        script("../jdk-11/bin/java", "#!/bin/sh\nexit 9\n");
        Result tooOld = run(Map.of("JAVA_HOME", temp.resolve("jdk-11").toString()), checkout, launcher);
        assertThat(tooOld.exitCode()).isEqualTo(1);
        assertThat(tooOld.err()).contains("11.0.2", "17", "JAVA_HOME");

        Result missing = run(Map.of("JAVA_HOME", temp.resolve("none").toString()), checkout, launcher);
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err()).contains("no java there", "JAVA_HOME=" + temp.resolve("none"));
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        mavenThat("echo built >>builds; while [ $(cat waiting 2>/dev/null | wc -l) -lt 1 ]; do sleep 0.1; done;"
                + " mkdir -p cli/target/lib; cp ready.jar cli/target/holdfast.jar");
        makeOlder(checkout);
        Process first = start(Map.of(), checkout, launcher);
        Process second = start(Map.of(), checkout, launcher);
        // Whoever waits says so, and only then the build goes on.
        Files.writeString(checkout.resolve("waiting"), firstLineOfTheWaiting(first, second));
        assertThat(ConsoleProcess.await(first).exitCode()).isEqualTo(7);
        assertThat(ConsoleProcess.await(second).exitCode()).isEqualTo(7);
        assertThat(checkout.resolve("builds")).hasContent("built");
    }

    @Test
    void aLockOfAProcessThatIsGoneIsTakenAway() throws Exception {
        Path lock = Files.createDirectories(checkout.resolve("target/holdfast-build/lock"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(lock.resolve("pid"), gone.pid() + "\n");
        assertThat(run(checkout, launcher).exitCode()).isEqualTo(7);
    }

    /**
     * {@code -Xshare:on}: a JVM that can not use the archive does not start. Moved, for JDK 17 archives no class of a jar
     * with a blank in its path.
     */
    @Test
    void anArchiveOfClassesIsMadeAndUsedAndOneThatDoesNotFitDoesNoHarm() throws Exception {
        checkout = Files.move(checkout, checkout.resolveSibling("checkout"));
        launcher = checkout.resolve("holdfast");
        writeJar(checkout.resolve("ready.jar"), REHEARSAL);
        makeOlder(checkout);
        assertThat(run(checkout, launcher, "hello").out()).isEqualTo("[hello]\n");
        Path archive = archives().get(0);
        assertThat(archives()).hasSize(1);
        assertThat(Files.size(archive)).isGreaterThan(1_000_000);
        FileTime made = Files.getLastModifiedTime(archive);

        assertThat(run(MUST_SHARE, checkout, launcher, "shared").out()).isEqualTo("[shared]\n");

        Path jar = checkout.resolve("cli/target/holdfast.jar");
        writeJar(jar, REHEARSAL + "class Another {}");
        Files.setLastModifiedTime(jar, FileTime.from(made.toInstant().minusSeconds(9)));
        Result refused = run(MUST_SHARE, checkout, launcher, "shared");
        assertThat(refused.exitCode()).as("%s", refused).isEqualTo(1);
        Result stale = run(checkout, launcher, "stale");
        assertThat(stale.exitCode()).isEqualTo(7);
        assertThat(stale.out()).isEqualTo("[stale]\n");
        assertThat(stale.err()).isEmpty();

        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(2)));
        assertThat(run(checkout, launcher, "again").out()).isEqualTo("[again]\n");
        assertThat(Files.getLastModifiedTime(archive)).as("made again").isGreaterThan(made);
    }

    @Test
    void whereNoArchiveCanBeMadeNothingIsSaidAndNothingTriedAgain() throws Exception {
        assertThat(run(checkout, launcher).exitCode()).isEqualTo(7);
        assertThat(archives())
                .singleElement()
                .satisfies(archive -> assertThat(archive)
                        .as("there is nothing to rehearse in this jar")
                        .isEmptyFile());
        FileTime tried = Files.getLastModifiedTime(archives().get(0));
        assertThat(run(checkout, launcher).err()).isEmpty();
        assertThat(Files.getLastModifiedTime(archives().get(0))).isEqualTo(tried);
        assertThat(run(checkout, launcher, "--color", "always", "start").out())
                .as("a word after an option that takes one is not the command")
                .isEqualTo("[--color, always, start]\n");
    }

    private List<Path> archives() throws IOException {
        try (var all = Files.list(checkout.resolve("cli/target"))) {
            return all.filter(file -> file.toString().endsWith(".jsa")).toList();
        }
    }

    private static String firstLineOfTheWaiting(Process... processes) {
        List<Process> all = List.of(processes);
        org.awaitility.Awaitility.await().until(() -> all.stream().anyMatch(LauncherTest::saysItWaits));
        return "waits\n";
    }

    private static boolean saysItWaits(Process process) {
        try {
            byte[] said = new byte[process.getErrorStream().available()];
            int read = process.getErrorStream().readNBytes(said, 0, said.length);
            return new String(said, 0, read, StandardCharsets.UTF_8).contains("Another build is under way");
        } catch (IOException ended) {
            return false;
        }
    }

    private Path script(String name, String text) throws IOException {
        Path script = Files.writeString(checkout.resolve(name), text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    private void mavenThat(String does) throws IOException {
        makeOlder(script("mvnw", "#!/bin/sh\n" + does + "\n"));
    }

    private static void makeOlder(Path path) throws IOException {
        try (var all = Files.walk(path)) {
            for (Path entry :
                    all.filter(each -> !each.toString().contains("/target")).toList()) {
                Files.setLastModifiedTime(entry, FileTime.from(Instant.now().minusSeconds(3600)));
            }
        }
    }

    private static void makeNewer(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(2)));
    }

    /** Prints its arguments and exits with 7. */
    private void writeJar(Path jar) throws IOException {
        writeJar(jar, "");
    }

    /** @param rehearsal source of what the launcher lets run to learn the classes; may be empty */
    private void writeJar(Path jar, String rehearsal) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, PrintsItsArguments.class.getName());
        String entry = PrintsItsArguments.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream jarOut = new JarOutputStream(out, manifest)) {
            jarOut.putNextEntry(new ZipEntry(entry));
            jarOut.write(PrintsItsArguments.class
                    .getClassLoader()
                    .getResourceAsStream(entry)
                    .readAllBytes());
            jarOut.closeEntry();
            if (!rehearsal.isEmpty()) {
                jarOut.putNextEntry(new ZipEntry("dev/holdfast/cli/Rehearsal.class"));
                jarOut.write(compiled(rehearsal));
                jarOut.closeEntry();
            }
        }
    }

    private byte[] compiled(String source) throws IOException {
        Path folder = Files.createTempDirectory(temp, "compiled");
        Path file = Files.writeString(folder.resolve("Rehearsal.java"), source);
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", folder.toString(), file.toString());
        assertThat(failed).isZero();
        return Files.readAllBytes(folder.resolve("dev/holdfast/cli/Rehearsal.class"));
    }

    private static Result run(Path workingDirectory, Path launcher, String... arguments) throws Exception {
        return run(Map.of(), workingDirectory, launcher, arguments);
    }

    private static Result run(
            Map<String, String> environment, Path workingDirectory, Path launcher, String... arguments)
            throws Exception {
        return ConsoleProcess.await(start(environment, workingDirectory, launcher, arguments));
    }

    private static Process start(
            Map<String, String> environment, Path workingDirectory, Path launcher, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "HOLDFAST_JAVA_OPTS"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
