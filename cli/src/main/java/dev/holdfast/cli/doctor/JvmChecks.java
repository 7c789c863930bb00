package dev.holdfast.cli.doctor;

import dev.holdfast.storage.log.chronicle.Preflight;
import dev.holdfast.storage.log.chronicle.PreflightException;
import dev.holdfast.storage.log.chronicle.ReservedSpace;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The JVM of this process, and what can be seen of the node's. */
final class JvmChecks {

    private static final int OLDEST = 17;
    private static final int NEWEST_TRIED = 25;
    /** From here on a JVM wants to be told that native code may be called. */
    private static final int NATIVE_ACCESS_SINCE = 22;

    private final SystemFiles system;
    private final Patient patient;

    JvmChecks(SystemFiles system, Patient patient) {
        this.system = system;
        this.patient = patient;
    }

    List<Check> run() {
        List<Check> checks = new ArrayList<>(List.of(version(), flags(), nativeAccess()));
        nodeFlags().ifPresent(checks::add);
        return checks;
    }

    private static Check version() {
        String name = System.getProperty("java.vm.name", "");
        String value = Runtime.version() + ", " + System.getProperty("java.vm.vendor") + ", " + name + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch");
        int feature = Runtime.version().feature();
        if (feature > NEWEST_TRIED) {
            return Check.warning(
                    "jvm.version",
                    value,
                    "Holdfast was tried with JDK " + OLDEST + " to " + NEWEST_TRIED
                            + ", and a newer one may have closed" + " what Chronicle Queue needs",
                    "use one of those, or see that ./mvnw verify succeeds with this one");
        }
        if (name.toLowerCase(Locale.ROOT).contains("openj9")) {
            return Check.warning(
                    "jvm.version",
                    value,
                    "Holdfast was tried with HotSpot only",
                    "use a HotSpot JDK: Temurin, Corretto, Zulu, or your distribution's");
        }
        return Check.ok("jvm.version", value);
    }

    /** The advice is about this JVM, and what to give an application stands in it. */
    private static Check flags() {
        String flag = "-javaagent:" + storageJar().map(Path::toString).orElse("holdfast-storage.jar");
        try {
            Preflight.check();
            return Check.hint(
                    "jvm.flags",
                    "the JDK's internals that Chronicle Queue needs are open",
                    "an application with a node in it needs one flag: " + flag);
        } catch (PreflightException refused) {
            return Check.problem(
                    "jvm.flags",
                    "missing: " + flag,
                    "Chronicle Queue can not work in this JVM",
                    String.valueOf(refused.getMessage()));
        }
    }

    private static Check nativeAccess() {
        int feature = Runtime.version().feature();
        String value = feature < NATIVE_ACCESS_SINCE ? "not asked for by JDK " + feature : "enabled";
        if (!isNativeAccessEnabled(feature)) {
            return Check.warning(
                    "jvm.native-access",
                    "not enabled",
                    "JDK " + feature + " warns at each first call of native code, and a later one will refuse it",
                    "add --enable-native-access=ALL-UNNAMED"
                            + (feature > 23 ? " and --sun-misc-unsafe-memory-access=allow" : "")
                            + ", or Enable-Native-Access: ALL-UNNAMED to the manifest of the jar that is started");
        }
        return ReservedSpace.canCallTheSystem()
                .map(refusal -> Check.problem(
                        "jvm.native-access",
                        "refused",
                        "without calls of the operating system no space can be reserved: " + refusal,
                        "start without --illegal-native-access=deny, and with a java.io.tmpdir that is not noexec"))
                .orElse(Check.ok("jvm.native-access", value));
    }

    private static boolean isNativeAccessEnabled(int feature) {
        if (feature < NATIVE_ACCESS_SINCE) {
            return true;
        }
        try { // a method of 22
            Module module = JvmChecks.class.getModule();
            return Boolean.TRUE.equals(
                    Module.class.getMethod("isNativeAccessEnabled").invoke(module));
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException notTold) {
            return true;
        }
    }

    private Optional<Check> nodeFlags() {
        return patient.live()
                .flatMap(node -> system.text("/proc/" + node.pid() + "/cmdline"))
                .map(line -> {
                    List<String> telling = List.of(line.split("\0")).stream()
                            .filter(word -> word.startsWith("-Xm")
                                    || word.startsWith("-XX:")
                                    || word.startsWith("-javaagent:")
                                    || word.startsWith("--add-")
                                    || word.startsWith("-jar"))
                            .toList();
                    String value =
                            patient.processName() + ", " + (telling.isEmpty() ? "no flags" : String.join(" ", telling));
                    return Check.ok("jvm.node", value);
                });
    }

    private static Optional<Path> storageJar() {
        CodeSource source = Preflight.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Optional.empty()
                    : Optional.of(Path.of(source.getLocation().toURI())).filter(Files::isRegularFile);
        } catch (URISyntaxException | RuntimeException aJarWithinAJar) {
            return Optional.empty();
        }
    }
}
