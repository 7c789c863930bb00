package dev.holdfast.storage.log.chronicle;

import java.nio.file.Path;
import java.util.Optional;

/** What to tell somebody whose JVM lacks the flag, in the words of the tool that starts it. */
final class FlagAdvice {

    private static final String MANIFEST = """
                    Add-Exports: java.base/sun.nio.ch java.base/jdk.internal.ref
                    Add-Opens: java.base/java.lang.reflect
                    Enable-Native-Access: ALL-UNNAMED
            """;

    private FlagAdvice() {}

    /** @param ownLoader whether Holdfast is loaded by a class loader of a container or an executable jar */
    static String forMissingFlag(Optional<Path> jar, boolean ownLoader) {
        String path = jar.map(Path::toString).orElse("holdfast-storage.jar");
        String flag = "-javaagent:" + path;
        return "Holdfast's storage needs one flag that this JVM was started without: " + flag + "\n"
                + "  java          java " + flag + " ...\n"
                + "  any start     export JDK_JAVA_OPTIONS=\"" + quoted(flag) + "\"\n"
                + "  Docker        ENV JDK_JAVA_OPTIONS=\"" + quoted(flag) + "\"\n"
                + "  IntelliJ      Run > Edit Configurations > Modify options > Add VM options: " + doubleQuoted(flag)
                + "\n"
                + "  Surefire      <argLine>" + quoted(flag) + "</argLine>\n"
                + "                (or ${dev.holdfast:holdfast-storage:jar} for the path, with dependency:properties;\n"
                + "                where JaCoCo or another sets argLine already: @{argLine} before it)\n"
                + "  Gradle        tasks.withType(Test).configureEach { jvmArgs '" + flag + "' }\n"
                + "                application { applicationDefaultJvmArgs = ['" + flag + "'] }\n"
                + "  Spring Boot   spring-boot:run  -Dspring-boot.run.jvmArguments=\"" + quoted(flag) + "\"\n"
                + "                bootRun { jvmArgs '" + flag + "' }\n"
                + "                an executable jar: no flag, but these lines in its manifest:\n"
                + MANIFEST
                + (ownLoader ? ownLoaderNote() : "")
                + "Without the agent, these flags do the same:\n"
                + "  --add-exports=java.base/sun.nio.ch=ALL-UNNAMED --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"
                + " --add-opens=java.base/java.lang.reflect=ALL-UNNAMED\n"
                + "Each of these, explained: docs/embedding.md";
    }

    static String forHiddenChronicle() {
        return "put the jars of chronicle-queue beside it; in an executable jar or a container leave -javaagent out (it puts"
                + " this jar before the application's own) and use these lines in the manifest of the jar that is started,"
                + " or the same as flags (--add-exports, --add-opens with =ALL-UNNAMED):\n"
                + MANIFEST.stripTrailing();
    }

    static String forDeniedNativeAccess(Optional<String> cause) {
        return "Holdfast's storage cannot call the operating system: native access is denied in this JVM"
                + cause.map(text -> ", cause=" + text).orElse("")
                + "; without it neither a force nor a reservation of space would do anything. Start the JVM with"
                + " --enable-native-access=ALL-UNNAMED (and without --illegal-native-access=deny), or put the line"
                + " Enable-Native-Access: ALL-UNNAMED into the manifest of the jar that is started; and see that"
                + " java.io.tmpdir=" + System.getProperty("java.io.tmpdir")
                + " is writable and not mounted noexec";
    }

    private static String ownLoaderNote() {
        return "This class loader is not the system's: if the agent's jar then hides Chronicle, use the manifest or the\n"
                + "flags below instead.\n";
    }

    private static String quoted(String flag) {
        return flag.contains(" ") ? "'" + flag + "'" : flag;
    }

    /** The field takes an apostrophe as a letter of the option. */
    private static String doubleQuoted(String flag) {
        return flag.contains(" ") ? '"' + flag + '"' : flag;
    }
}
