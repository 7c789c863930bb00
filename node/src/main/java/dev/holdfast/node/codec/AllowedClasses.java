package dev.holdfast.node.codec;

import dev.holdfast.config.Config;
import dev.holdfast.config.SerializationConfig;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * Which classes may be written and read. Restricted as soon as a port is open or a pattern is configured; an embedded node
 * without either reads what its own application wrote, so everything is allowed there. A class is asked about once.
 */
final class AllowedClasses {

    private static final Set<String> BASIC_PACKAGES = Set.of("java.lang", "java.math", "java.time", "java.time.chrono");
    private static final Set<String> BASIC_CLASSES =
            Set.of("java.lang.invoke.SerializedLambda", "java.io.File", "java.net.URI");
    private static final String COLLECTIONS = "java.util.";

    private final SerializationConfig config;
    private final boolean restricted;
    private final ClassValue<Boolean> decisions = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return decide(type);
        }
    };

    AllowedClasses(Config config) {
        this.config = config.getSerializationConfig();
        this.restricted = config.getNetworkConfig().isEnabled()
                || !this.config.getAllowedClasses().isEmpty();
    }

    boolean allows(Class<?> type) {
        return !restricted || decisions.get(type);
    }

    /** What to tell whoever met a class that is not allowed. */
    static String refusal(String className) {
        return "Class is not on the allow-list: class=" + className
                + ", setting=serialization.allow; add it there, or with config.getSerializationConfig()"
                + ".addAllowedClasses(\"" + className + "\")";
    }

    private boolean decide(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        if (element.isPrimitive() || config.allows(element.getName())) {
            return true;
        }
        if (Proxy.isProxyClass(element)) {
            for (Class<?> face : element.getInterfaces()) {
                if (!allows(face)) {
                    return false;
                }
            }
            return true;
        }
        return isBasic(element);
    }

    /** Values of the JDK, and its throwables: failures consist of them. Nothing that runs code it was not given here. */
    private static boolean isBasic(Class<?> type) {
        String name = type.getName();
        if (BASIC_CLASSES.contains(name) || BASIC_PACKAGES.contains(type.getPackageName())) {
            return true;
        }
        if (name.startsWith(COLLECTIONS)) {
            return true;
        }
        boolean ours = type.getPackageName().equals("dev.holdfast") || type == ResultNotEncodableException.class;
        return Throwable.class.isAssignableFrom(type) && (ours || name.startsWith("java."));
    }
}
