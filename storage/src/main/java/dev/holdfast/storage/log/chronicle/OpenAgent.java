package dev.holdfast.storage.log.chronicle;

import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The agent of this jar: opens to Chronicle the three packages of the JDK that it reaches into, and nothing else. Named in
 * the jar's manifest, so that {@code -javaagent:holdfast-storage.jar} is all that a JVM needs. It uses classes of the JDK
 * only, and transforms no class.
 *
 * <p>A class loader that is made later (a container's) has an unnamed module of its own; {@link Preflight} asks for it by
 * {@link #openTo}.
 */
public final class OpenAgent {

    /** Packages of java.base whose public members are used. Without the second one there is only a warning. */
    static final Set<String> EXPORTED = Set.of("sun.nio.ch", "jdk.internal.ref");

    /** Packages of java.base whose private members are used. */
    static final Set<String> OPENED = Set.of("java.lang.reflect");

    private static volatile @Nullable Instrumentation instrumentation;

    private OpenAgent() {}

    /** Called by the JVM for {@code -javaagent}. */
    public static void premain(@Nullable String arguments, Instrumentation agent) {
        agentmain(arguments, agent);
    }

    /** Called by the JVM for {@code Launcher-Agent-Class}, or for an agent that is attached. */
    public static void agentmain(@Nullable String arguments, Instrumentation agent) {
        instrumentation = agent;
        openTo(ClassLoader.getSystemClassLoader().getUnnamedModule());
    }

    /**
     * Opens the packages to {@code module}. Any thread.
     *
     * @return whether it did; false where the JVM was started without this agent
     */
    public static boolean openTo(Module module) {
        Instrumentation agent = instrumentation;
        if (agent == null) {
            return false;
        }
        Module base = Object.class.getModule();
        agent.redefineModule(base, Set.of(), to(module, EXPORTED), to(module, OPENED), Set.of(), Map.of());
        return true;
    }

    private static Map<String, Set<Module>> to(Module module, Set<String> packages) {
        Map<String, Set<Module>> grants = new HashMap<>();
        for (String name : packages) {
            if (Object.class.getModule().getPackages().contains(name)) {
                grants.put(name, Set.of(module)); // a JDK without the package would refuse all of them
            }
        }
        return grants;
    }
}
