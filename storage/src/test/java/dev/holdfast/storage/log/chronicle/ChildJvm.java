package dev.holdfast.storage.log.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a program in a JVM of its own, with only the flags that it is given. */
record ChildJvm(Path javaHome, Path classes) {

    /** What a program did. */
    record Outcome(int exitCode, String output) {}

    /** The JDKs that there are: the one of this build, and one named by JAVA25_HOME or {@code -Dholdfast.java25.home}. */
    static Stream<Path> javaHomes() {
        String newer = System.getProperty("holdfast.java25.home", System.getenv("JAVA25_HOME"));
        return Stream.concat(
                Stream.of(Path.of(System.getProperty("java.home"))),
                Stream.ofNullable(newer).map(Path::of));
    }

    Outcome run(List<String> flags, Class<?> program, Path argument) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.addAll(flags);
        command.addAll(List.of("-Xmx256m", "-cp", classPath(), program.getName(), argument.toString()));
        return run(command);
    }

    Outcome run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("child", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    /** This test's class path, with {@code classes} instead of the folder of this module's classes. */
    String classPath() {
        String own = mainClasses().toString();
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).equals(Path.of(own)) ? classes.toString() : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    static Path mainClasses() {
        return Path.of(OpenAgent.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    /** Packs this module's classes as the build packs them: no jar is there while the tests run. */
    static Path storageJar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), OpenAgent.class.getName());
        Path root = mainClasses();
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> classes = Files.walk(root)) {
            for (Path path : classes.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(root.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    /** A folder with this one class in it. */
    static Path copyOf(Class<?> program, Path folder) throws IOException {
        Path target = folder.resolve(classFile(program));
        Files.createDirectories(target.getParent());
        Files.copy(testClasses().resolve(classFile(program)), target);
        return folder;
    }

    /** A jar with this one class in it, which is its main class, and the manifest lines that are advised. */
    static Path executableJar(Path jar, Class<?> program) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, program.getName());
        FlagAdvice.forHiddenChronicle()
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("[A-Z][A-Za-z-]+: .*"))
                .map(line -> line.split(": "))
                .forEach(line -> manifest.getMainAttributes().put(new Attributes.Name(line[0]), line[1]));
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            out.putNextEntry(new JarEntry(classFile(program)));
            Files.copy(testClasses().resolve(classFile(program)), out);
            out.closeEntry();
        }
        return jar;
    }

    /** The JDK's feature version, from its release file. */
    static int featureOf(Path javaHome) throws IOException {
        return Files.readAllLines(javaHome.resolve("release")).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .map(line -> line.replaceAll("[^0-9.]", "").split("[.]")[0])
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }

    private static String classFile(Class<?> program) {
        return program.getName().replace('.', '/') + ".class";
    }

    private static Path testClasses() {
        return Path.of(ChildJvm.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }
}
