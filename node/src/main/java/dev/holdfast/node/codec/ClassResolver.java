package dev.holdfast.node.codec;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds classes by name, without initialising them: in the configured loader, in this library, and last in the loader that
 * the newest task from elsewhere came from. What the configured loader found is remembered; a class that is missing is
 * looked for again every time, so that it may come back.
 */
final class ClassResolver {

    private static final Map<String, Class<?>> PRIMITIVES = Map.of(
            "boolean", boolean.class,
            "byte", byte.class,
            "char", char.class,
            "short", short.class,
            "int", int.class,
            "long", long.class,
            "float", float.class,
            "double", double.class,
            "void", void.class);

    private final @Nullable ClassLoader loader;
    private final Map<String, Class<?>> found = new ConcurrentHashMap<>();
    private volatile WeakReference<@Nullable ClassLoader> submitted = new WeakReference<>(null);

    ClassResolver(@Nullable ClassLoader loader) {
        this.loader = loader;
    }

    @Nullable
    ClassLoader loader() {
        return loader;
    }

    /** Remembers where a submitted task came from, if that is another loader than the configured one. */
    void saw(Class<?> task) {
        ClassLoader from = task.getClassLoader();
        if (from != null && from != loader && from != submitted.get()) {
            submitted = new WeakReference<>(from);
        }
    }

    Class<?> resolve(String name) throws ClassNotFoundException {
        Class<?> known = found.get(name);
        if (known != null) {
            return known;
        }
        Class<?> primitive = PRIMITIVES.get(name);
        if (primitive != null) {
            return primitive;
        }
        try {
            Class<?> type = Class.forName(name, false, loader);
            found.put(name, type);
            return type;
        } catch (ClassNotFoundException missing) {
            return resolveElsewhere(name, missing);
        }
    }

    private Class<?> resolveElsewhere(String name, ClassNotFoundException missing) throws ClassNotFoundException {
        for (ClassLoader other : new @Nullable ClassLoader[] {ClassResolver.class.getClassLoader(), submitted.get()}) {
            if (other != null && other != loader) {
                try {
                    return Class.forName(name, false, other);
                } catch (ClassNotFoundException e) {
                    missing.addSuppressed(e);
                }
            }
        }
        throw missing;
    }
}
