package dev.holdfast.storage.log.chronicle;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the JVM before any class of Chronicle is loaded: Chronicle's own error names a private method of the JDK and no
 * remedy, and it sticks, for the class that failed to initialise can never be used again. Any thread.
 */
public final class Preflight {

    private static final int OLDEST_JDK = 17;
    private static final String A_CHRONICLE_CLASS = "net.openhft.chronicle.queue.ChronicleQueue";

    private Preflight() {}

    /** Returns if this JVM will do. Where the agent was loaded for another class loader, opens what is needed to this one. */
    public static void check() {
        checkPlatform(
                Runtime.version().feature(),
                System.getProperty("os.name", ""),
                System.getProperty("os.arch", ""),
                System.getProperty("sun.arch.data.model", ""));
        Module module = moduleOfChronicle();
        if (!isOpenTo(module) && !(askAgent(module) && isOpenTo(module))) {
            throw new PreflightException(
                    PreflightException.FLAG_MISSING,
                    FlagAdvice.forMissingFlag(
                            jar(), module != ClassLoader.getSystemClassLoader().getUnnamedModule()));
        }
    }

    static void checkPlatform(int jdk, String system, String processor, String wordBits) {
        String found = ": java=" + jdk + ", os=" + system + ", arch=" + processor;
        if (jdk < OLDEST_JDK) {
            throw new PreflightException(
                    PreflightException.PLATFORM_UNSUPPORTED,
                    "Holdfast needs a newer JDK" + found + "; use JDK " + OLDEST_JDK + " or newer");
        }
        String lower = system.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("linux") && !lower.startsWith("mac")) {
            throw new PreflightException(
                    PreflightException.PLATFORM_UNSUPPORTED,
                    "Holdfast's storage runs on Linux and macOS only" + found + "; on Windows use WSL2 or a container");
        }
        boolean wide = wordBits.isEmpty() ? processor.contains("64") : wordBits.equals("64");
        if (!wide) {
            throw new PreflightException(
                    PreflightException.PLATFORM_UNSUPPORTED,
                    "Holdfast's storage maps its files and needs a 64-bit JVM" + found + "; use a 64-bit JDK");
        }
    }

    private static boolean isOpenTo(Module module) {
        Module base = Object.class.getModule();
        return base.isExported("sun.nio.ch", module) && base.isOpen("java.lang.reflect", module);
    }

    /** The module that Chronicle's classes will be in; finding a class does not initialise it. */
    private static Module moduleOfChronicle() {
        ClassLoader loader = Preflight.class.getClassLoader();
        try {
            return Class.forName(A_CHRONICLE_CLASS, false, loader).getModule();
        } catch (ClassNotFoundException | LinkageError e) {
            throw new PreflightException(
                    PreflightException.CHRONICLE_HIDDEN,
                    "Chronicle Queue is not visible to Holdfast's storage: storage="
                            + jar().map(Path::toString).orElse("a folder of classes")
                            + ", loader=" + loader + "; " + FlagAdvice.forHiddenChronicle());
        }
    }

    /** The agent's class lives in the system class loader, and this class maybe in another. */
    private static boolean askAgent(Module module) {
        try {
            Class<?> agent = Class.forName(OpenAgent.class.getName(), true, ClassLoader.getSystemClassLoader());
            return Boolean.TRUE.equals(agent.getMethod("openTo", Module.class).invoke(null, module));
        } catch (ReflectiveOperationException | LinkageError e) {
            return false; // no agent in this JVM
        }
    }

    /** The jar that this class is from; empty where it is a folder of classes. */
    private static Optional<Path> jar() {
        @Nullable CodeSource source = Preflight.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(source.getLocation().toURI());
            return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
        } catch (URISyntaxException | RuntimeException e) {
            return Optional.empty(); // a jar within a jar
        }
    }
}
