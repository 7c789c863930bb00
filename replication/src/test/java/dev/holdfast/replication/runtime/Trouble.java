package dev.holdfast.replication.runtime;

import dev.holdfast.storage.log.ReplicatedLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a test has happen before a method of a node's log, by its name. Any thread. */
final class Trouble {

    /** Done in the place of the caller: it may block or throw. */
    interface Before {
        void call() throws Exception;
    }

    private final Map<String, Before> byMethod = new ConcurrentHashMap<>();

    void before(String method, Before what) {
        byMethod.put(method, what);
    }

    void over() {
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
