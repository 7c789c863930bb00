package dev.holdfast.testkit;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What {@link CrashPoint}s call, in a child whose classes were written by {@link CrashClasses}: ends the process at one
 * visit of one of them, without a hook, a close or a flush, as a crash does. Any thread.
 */
public final class CrashHalts {

    static final int EXIT_CODE = 77;

    private static final int POINT = Integer.getInteger("crash.point", 0);
    private static final CrashPoint.Phase PHASE =
            CrashPoint.Phase.valueOf(System.getProperty("crash.phase", CrashPoint.Phase.LOAD.name()));
    private static final AtomicInteger LEFT = new AtomicInteger(Integer.getInteger("crash.visit", 1));

    private static volatile CrashPoint.Phase phase = CrashPoint.Phase.START;

    private CrashHalts() {}

    /** A visit of the point with this number. */
    public static void at(int number) {
        if (number == POINT && phase == PHASE && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** A visit of the point with this number, if the method's first argument is the one that it is about. */
    public static void at(int number, Object first, String wanted) {
        String given = String.valueOf(first);
        if (number == POINT && (wanted.startsWith("/") ? given.endsWith(wanted) : given.equals(wanted))) {
            at(number);
        }
    }

    static void enter(CrashPoint.Phase next) {
        phase = next;
    }
}
