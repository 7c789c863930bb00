package dev.holdfast.replication.runtime;

import dev.holdfast.storage.log.ReplicatedLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a test has happen before a method of a node's log, by its name. Any thread. */
final class Trouble {

    /** Done in the place of the caller: it may block or throw. */
    interface Before {
        void call() throws Exception;
    }

    private final Map<String, Before> byMethod = new ConcurrentHashMap<>();

    private final Map<String, BooleanSupplier> hiddenByMethod = new ConcurrentHashMap<>();

    void before(String method, Before what) {
        byMethod.put(method, what);
    }

    /** The method answers {@link Optional#empty} as long as {@code hidden} says so. */
    void hide(String method, BooleanSupplier hidden) {
        hiddenByMethod.put(method, hidden);
    }

    void over() {
        hiddenByMethod.clear();
        byMethod.clear();
    }

    /** {@code log}, with it. */
    ReplicatedLog around(ReplicatedLog log) {
        return (ReplicatedLog) Proxy.newProxyInstance(
                ReplicatedLog.class.getClassLoader(),
                new Class<?>[] {ReplicatedLog.class},
                (proxy, method, arguments) -> {
                    Before before = byMethod.get(method.getName());
                    if (before != null) {
                        before.call();
                    }
                    BooleanSupplier hidden = hiddenByMethod.get(method.getName());
                    if (hidden != null && hidden.getAsBoolean()) {
                        return Optional.empty();
                    }
                    return invoke(() -> method.invoke(log, arguments));
                });
    }

    private interface Call {
        @Nullable
        Object run() throws ReflectiveOperationException;
    }

    private static @Nullable Object invoke(Call call) throws Throwable {
        try {
            return call.run();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
