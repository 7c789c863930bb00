package dev.holdfast.testkit.cluster;

import dev.holdfast.DurableExecutorService;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

/** Which methods of the interface were called on executors that went through here; the calls reach the executors unchanged. */
final class CalledMethods {

    private final Set<String> called = new ConcurrentSkipListSet<>();

    /** The executor, each call of which is noted. */
    DurableExecutorService on(DurableExecutorService executor) {
        return (DurableExecutorService) Proxy.newProxyInstance(
                CalledMethods.class.getClassLoader(),
                new Class<?>[] {DurableExecutorService.class},
                (proxy, method, arguments) -> {
                    called.add(signature(method));
                    try {
                        return method.invoke(executor, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    Set<String> called() {
        return new TreeSet<>(called);
    }

    /** What there is to call, on whichever JDK this is. */
    static Set<String> all() {
        return Arrays.stream(DurableExecutorService.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .map(CalledMethods::signature)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
