package dev.holdfast.testkit.mutant;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.returns;

import java.lang.reflect.Method;
import java.util.Arrays;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.pool.TypePool;

/** A mistake in one method: what is written instead of a call, or of an access to a field. What is not found there throws. */
record Plant(String inMethod, MemberSubstitution mistake) {

    private static final ClassFileLocator CLASSES = ClassFileLocator.ForClassLoader.of(Plant.class.getClassLoader());
    private static final TypePool TYPES = TypePool.Default.of(CLASSES);

    /** The call is not made; where it gives something, that is 0, false or null. */
    static Plant withoutCall(String call, String inMethod) {
        return new Plant(
                inMethod, MemberSubstitution.relaxed().method(named(call)).stub());
    }

    /** The field is read as 0, false or null. */
    static Plant fieldReadAsNothing(String field, String inMethod) {
        return new Plant(
                inMethod,
                MemberSubstitution.relaxed().field(named(field)).onRead().stub());
    }

    /** The field is not written. */
    static Plant fieldNotWritten(String field, String inMethod) {
        return new Plant(
                inMethod,
                MemberSubstitution.relaxed().field(named(field)).onWrite().stub());
    }

    /** The method of {@link Lies} of that name is called instead, with the object of the call as its first argument. */
    static Plant callReplaced(String call, String inMethod, String lie) {
        Method instead = Arrays.stream(Lies.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(lie))
                .findFirst()
                .orElseThrow();
        return new Plant(
                inMethod,
                MemberSubstitution.relaxed()
                        .method(named(call).and(returns(instead.getReturnType())))
                        .replaceWith(instead));
    }

    /** The bytes of {@code type} with the mistake in it. */
    byte[] into(String type) {
        TypeDescription description = TYPES.describe(type).resolve();
        try (DynamicType.Unloaded<?> made = new ByteBuddy()
                .redefine(description, CLASSES)
                .visit(mistake.failIfNoMatch(true).on(named(inMethod)))
                .make(TYPES)) {
            return made.getBytes();
        }
    }
}
