package dev.holdfast.node.execution;

import dev.holdfast.HoldfastInstance;
import dev.holdfast.HoldfastInstanceAware;
import dev.holdfast.node.codec.TaskCodec;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What tasks of a node run in.
 *
 * @param instance for tasks that are {@link HoldfastInstanceAware}
 * @param userContext the application's services
 * @param initializer told of every task after its deserialisation, or null
 * @param classLoader context class loader of tasks, or null for the system's
 * @param onExecuted told an executor's name and the nanoseconds spent in a task's own code
 */
public record TaskEnvironment(
        HoldfastInstance instance,
        TaskCodec codec,
        InstantSource clock,
        ConcurrentMap<String, Object> userContext,
        @Nullable Consumer<Object> initializer,
        @Nullable ClassLoader classLoader,
        ObjLongConsumer<String> onExecuted) {

    /** Tells a task's object what it wants to know. User code. */
    void inject(Object target) {
        if (target instanceof HoldfastInstanceAware aware) {
            aware.setHoldfastInstance(instance);
        }
        if (initializer != null) {
            initializer.accept(target);
        }
    }
}
