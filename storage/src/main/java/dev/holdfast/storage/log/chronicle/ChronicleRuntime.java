package dev.holdfast.storage.log.chronicle;

import java.util.Map;
import java.util.Optional;
import net.openhft.posix.PosixAPI;

/**
 * Makes Chronicle ready for this process, once: the flags, its quiet and its time-outs, and a look at whether it can call
 * the operating system at all. To be started before any class of Chronicle is used. Any thread.
 */
public final class ChronicleRuntime {

    /**
     * Set where the user did not: no report to anybody, no banner, no thread of its own that watches disks (it logs, and
     * does not stop anything). Ten seconds for the lock on a queue's table, as Chronicle has them: nobody else ever has a
     * table of ours open, but the time is over as well when the machine stands still in front of the first try, and then
     * the log fails.
     */
    private static final Map<String, String> PROPERTIES = Map.of(
            "chronicle.analytics.disable", "true",
            "chronicle.announcer.disable", "true",
            "chronicle.disk.monitor.disable", "true",
            "chronicle.table.store.timeoutMS", "10000");

    private static boolean started;

    private ChronicleRuntime() {}

    /**
     * Returns when Chronicle can be used.
     *
     * @throws PreflightException this JVM cannot run it; the message says what to change
     */
    public static synchronized void start() {
        if (started) {
            return;
        }
        Preflight.check();
        PROPERTIES.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
        checkNativeAccess();
        started = true;
    }

    private static void checkNativeAccess() {
        try {
            String api = PosixAPI.posix().getClass().getSimpleName();
            if (api.startsWith("NoOp")) { // every call then returns at once and does nothing
                throw new PreflightException(
                        PreflightException.NATIVE_ACCESS_DENIED, FlagAdvice.forDeniedNativeAccess(Optional.empty()));
            }
        } catch (LinkageError | AssertionError e) {
            throw new PreflightException(
                    PreflightException.NATIVE_ACCESS_DENIED,
                    FlagAdvice.forDeniedNativeAccess(Optional.of(e.toString())));
        }
    }
}
