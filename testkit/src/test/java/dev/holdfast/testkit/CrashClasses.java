package dev.holdfast.testkit;

import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/**
 * Writes the classes that have {@link CrashPoint}s with a call of {@link CrashHalts} at each: before a child's class path,
 * they take the place of the product's. The product itself has no switch.
 */
final class CrashClasses {

    private static final ClassFileLocator CLASSES =
            ClassFileLocator.ForClassLoader.of(CrashClasses.class.getClassLoader());
    private static final TypePool TYPES = TypePool.Default.of(CLASSES);

    private CrashClasses() {}

    /** The point's number. */
    @Retention(RetentionPolicy.RUNTIME)
    private @interface PointNumber {}

    /** The first argument that counts. */
    @Retention(RetentionPolicy.RUNTIME)
    private @interface Wanted {}

    static void writeTo(Path folder) throws IOException {
        Map<String, List<CrashPoint>> byType =
                Arrays.stream(CrashPoint.values()).collect(Collectors.groupingBy(CrashPoint::type));
        for (Map.Entry<String, List<CrashPoint>> each : byType.entrySet()) {
            TypeDescription type = TYPES.describe(each.getKey()).resolve();
            DynamicType.Builder<?> builder = new ByteBuddy().redefine(type, CLASSES);
            for (CrashPoint point : each.getValue()) {
                builder = builder.visit(advice(point).on(methodOf(type, point)));
            }
            try (DynamicType.Unloaded<?> made = builder.make()) {
                made.saveIn(folder.toFile());
            }
        }
    }

    private static ElementMatcher<MethodDescription> methodOf(TypeDescription type, CrashPoint point) {
        ElementMatcher.Junction<MethodDescription> wanted =
                ElementMatchers.<MethodDescription>named(point.method()).and(takesArguments(point.parameters()));
        int found = type.getDeclaredMethods()
                .filter(wanted.and(method -> !method.isBridge()))
                .size();
        if (found != 1) {
            throw new IllegalStateException("Not one method: point=" + point + ", type=" + point.type() + ", method="
                    + point.method() + ", parameters=" + point.parameters() + ", found=" + found
                    + "; the product has changed, name the method that does this now");
        }
        return wanted.and(method -> !method.isBridge());
    }

    private static Advice advice(CrashPoint point) {
        Advice.WithCustomMapping mapping = Advice.withCustomMapping()
                .bind(PointNumber.class, point.number())
                .bind(Wanted.class, point.firstArgument());
        boolean all = point.firstArgument().isEmpty();
        return switch (point.place()) {
            case BEFORE -> mapping.to(all ? Before.class : BeforeSome.class, CLASSES);
            case AFTER -> mapping.to(all ? After.class : AfterSome.class, CLASSES);
        };
    }

    /** Copied to the begin of a method. */
    static final class Before {
        private Before() {}

        @Advice.OnMethodEnter
        static void enter(@PointNumber int number) {
            CrashHalts.at(number);
        }
    }

    /** Copied to where a method returns. */
    static final class After {
        private After() {}

        @Advice.OnMethodExit
        static void exit(@PointNumber int number) {
            CrashHalts.at(number);
        }
    }

    /** As {@link Before}, of some calls. */
    static final class BeforeSome {
        private BeforeSome() {}

        @Advice.OnMethodEnter
        static void enter(@PointNumber int number, @Advice.Argument(0) Object first, @Wanted String wanted) {
            CrashHalts.at(number, first, wanted);
        }
    }

    /** As {@link After}, of some calls. */
    static final class AfterSome {
        private AfterSome() {}

        @Advice.OnMethodExit
        static void exit(@PointNumber int number, @Advice.Argument(0) Object first, @Wanted String wanted) {
            CrashHalts.at(number, first, wanted);
        }
    }
}
