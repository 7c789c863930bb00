package dev.holdfast.node.assembly;

import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ErrorCode;
import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that run tasks: {@code holdfast-<executor>-<n>}. */
final class WorkerThreads {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerThreads.class);

    private WorkerThreads() {}

    static ThreadFactory of(DurableExecutorConfig executor) {
        String name = "holdfast-" + executor.getName();
        return executor.isVirtualThreads() ? virtual(name) : NodeThreads.named(name);
    }

    /** By reflection: this is compiled for 17, virtual threads came with 21. */
    private static ThreadFactory virtual(String name) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            type.getMethod("name", String.class, long.class).invoke(builder, name + "-", 1L);
            Method factory = type.getMethod("factory");
            return (ThreadFactory) factory.invoke(builder);
        } catch (ReflectiveOperationException e) {
            LOG.warn(
                    ErrorCode.VIRTUAL_THREADS_MISSING.says(
                            "Virtual threads need Java 21 or newer, tasks run on platform threads: java={}"),
                    Runtime.version(),
                    e);
            return NodeThreads.named(name);
        }
    }
}
