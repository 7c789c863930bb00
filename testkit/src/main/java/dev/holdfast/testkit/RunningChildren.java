package dev.holdfast.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The child JVMs that run. They are killed when this JVM ends: one that a signal has stopped would not notice it. Thread-safe. */
final class RunningChildren {

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(RunningChildren::killAll, "child-jvm-killer"));
    }

    private RunningChildren() {}

    /** Forgotten once it has ended. */
    static void add(Process process) {
        RUNNING.add(process);
        var unused = process.onExit().thenRun(() -> RUNNING.remove(process));
    }

    private static void killAll() {
        RUNNING.forEach(Process::destroyForcibly);
    }
}
