package dev.holdfast.testkit;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a class of the pure core may touch: values. The list says what is allowed, so that a new way to reach a clock, a
 * thread or a file fails until somebody thinks about it.
 */
final class PureCore {
    private static final Set<String> JDK_PACKAGES = Set.of(
            "java.lang",
            "java.lang.annotation",
            "java.lang.constant",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.nio.charset",
            "java.time",
            "java.util",
            "java.util.function",
            "java.util.stream",
            "java.util.zip");

    /** Classes of those packages that reach a clock, a thread, randomness, the process or the outside all the same. */
    private static final Pattern IMPURE_JDK =
            Pattern.compile("java\\.lang\\.(Thread.*|InheritableThreadLocal|Runtime(?!Exception$).*"
                    + "|Process.*|ClassLoader|ScopedValue.*)"
                    + "|java\\.time\\.(Clock.*|InstantSource.*|ZoneId.*)"
                    + "|java\\.util\\.(Random|SplittableRandom|Timer|TimerTask|Scanner|ServiceLoader.*|ResourceBundle.*)"
                    + "|java\\.util\\.zip\\.(Zip|Jar|GZIP|Inflater|Deflater|Checked).*");

    private static final Set<String> PURE_STRAYS = Set.of(
            "java.util.concurrent.TimeUnit", "java.util.concurrent.RejectedExecutionException", "java.io.Serializable");

    /**
     * What publishes a single writer's changes to readers on other threads. The order of what the writer does, and so its
     * outcome, does not depend on them; locks, queues to wait at and executors are not among them.
     */
    private static final Pattern SEEN_BY_READERS = Pattern.compile("java\\.util\\.concurrent\\.(atomic\\.Atomic\\w+"
            + "|Concurrent(Hash|SkipList)?(Map|Set)(\\$.*)?|ConcurrentNavigableMap)"
            + "|org\\.jctools\\.maps\\..*");

    /** The methods of allowed classes that are not functions of their arguments. */
    private static final Pattern IMPURE_MEMBER = Pattern.compile("java\\.lang\\.System\\.(?!arraycopy$).*"
            + "|java\\.lang\\.Math\\.random"
            + "|java\\.lang\\.Object\\.(wait|notify|notifyAll)"
            + "|java\\.time\\.\\w+\\.now"
            + "|java\\.util\\.UUID\\.randomUUID"
            + "|java\\.util\\.Collections\\.shuffle");

    private final Set<String> ownPackages;
    private final Predicate<JavaClass> values;
    private final Set<String> guarded;

    /**
     * @param ownPackages the packages of the core
     * @param values which classes of the project outside them it may use
     * @param guarded classes of the core that may have a monitor of their own
     */
    PureCore(Set<String> ownPackages, Predicate<JavaClass> values, Set<String> guarded) {
        this.ownPackages = ownPackages;
        this.values = values;
        this.guarded = guarded;
    }

    /** What {@code type} does that a pure class may not; empty when it is pure. */
    List<String> violationsOf(JavaClass type) {
        List<String> violations = new ArrayList<>();
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            if (!isAllowed(dependency.getTargetClass().getBaseComponentType())) {
                violations.add(dependency.getDescription());
            }
        }
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
            String member = access.getTargetOwner().getName() + "." + access.getName();
            if (IMPURE_MEMBER.matcher(member).matches()) {
                violations.add(access.getDescription());
            }
        }
        type.getMethods().stream()
                .filter(method -> !guarded.contains(type.getName()))
                .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                .forEach(method ->
                        violations.add(method.getFullName() + " is synchronized: the caller's lock is the only one"));
        Stream.of(type)
                .flatMap(each -> each.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC)
                        && !field.getModifiers().contains(JavaModifier.FINAL))
                .forEach(field -> violations.add(field.getFullName() + " is static and changes"));
        return violations;
    }

    private boolean isAllowed(JavaClass target) {
        String name = target.getName();
        String packageName = target.getPackageName();
        if (target.isPrimitive()
                || PURE_STRAYS.contains(name)
                || SEEN_BY_READERS.matcher(name).matches()) {
            return true;
        }
        if (JDK_PACKAGES.contains(packageName)) {
            return !IMPURE_JDK.matcher(name).matches();
        }
        return ownPackages.contains(packageName)
                || packageName.equals("org.jspecify.annotations")
                || packageName.equals("org.agrona.collections")
                || values.test(target);
    }
}
