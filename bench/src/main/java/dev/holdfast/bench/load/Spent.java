package dev.holdfast.bench.load;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * What this JVM has spent: processor time with everything in it, the compiler's and the collector's too, and that of the
 * processes it has started; and what its own threads have allocated. Threads that ended in between are missed.
 */
record Spent(double cpuMicros, double allocatedBytes) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    static Spent now() {
        long allocated = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            allocated += Math.max(0, bytes);
        }
        return new Spent(PROCESS.getProcessCpuTime() / 1000.0 + ofChildren(), allocated);
    }

    /** Other members of a cluster; in hundredths of a second. */
    private static double ofChildren() {
        return ProcessHandle.current()
                .children()
                .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
                .mapToDouble(time -> time.toNanos() / 1000.0)
                .sum();
    }

    Spent since(Spent before) {
        return new Spent(cpuMicros - before.cpuMicros, allocatedBytes - before.allocatedBytes);
    }
}
