package dev.holdfast.node.codec;

import java.io.Externalizable;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what in an object graph is not serialisable, and says how one gets there, for example {@code task.orders[3].clock}.
 * The nearest one is found, as the JDK's exception only names the class. Looks where serialisation would look, but not into
 * what a {@code writeObject} of its own writes.
 */
final class ObjectPath {

    /** Enough to find a mistake; a graph larger than this is reported by class name only. */
    private static final int MAX_OBJECTS = 200_000;

    private final Deque<Step> toVisit = new ArrayDeque<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private ObjectPath() {}

    /** An object and how it was reached. */
    record Step(@Nullable Step from, String name, Object object) {
        @Override
        public String toString() {
            StringBuilder path = new StringBuilder();
            for (Step step = this; step != null; step = step.from) {
                path.insert(0, step.name);
            }
            return path.toString();
        }
    }

    /** What is wrong with {@code root}, in words; for a {@code root} whose serialisation gave {@code problem}. */
    static String describe(String name, Object root, NotSerializableException problem) {
        Step culprit = find(name, root);
        if (culprit == null) {
            return "something in " + name + " is of a class that is not Serializable: class=" + problem.getMessage()
                    + ", " + name + "=" + root.getClass().getTypeName();
        }
        return culprit + " is not Serializable: class="
                + culprit.object.getClass().getTypeName() + ", " + name + "="
                + root.getClass().getTypeName();
    }

    /** The nearest object that is not serialisable, or null. */
    static @Nullable Step find(String name, Object root) {
        ObjectPath search = new ObjectPath();
        search.visitLater(null, name, root);
        while (!search.toVisit.isEmpty() && search.seen.size() < MAX_OBJECTS) {
            Step step = search.toVisit.remove();
            if (!(step.object instanceof Serializable)) {
                return step;
            }
            search.lookInto(step);
        }
        return null;
    }

    private void visitLater(@Nullable Step from, String name, @Nullable Object object) {
        if (object != null && !isLeaf(object) && seen.add(object)) {
            toVisit.add(new Step(from, name, object));
        }
    }

    private static boolean isLeaf(Object object) {
        return object instanceof String
                || (object instanceof Number && object.getClass().getName().startsWith("java."))
                || object instanceof Boolean
                || object instanceof Character
                || object instanceof Enum<?>
                || object instanceof Class<?>;
    }

    private void lookInto(Step step) {
        Object object = step.object;
        Class<?> type = object.getClass();
        if (type.isArray()) {
            if (!type.getComponentType().isPrimitive()) {
                for (int i = 0; i < Array.getLength(object); i++) {
                    visitLater(step, "[" + i + "]", Array.get(object, i));
                }
            }
        } else if (type.getName().startsWith("java.")) {
            lookIntoCollection(step);
        } else if (!(object instanceof Externalizable)) {
            SerializedLambda lambda = lambdaOf(object);
            if (lambda == null) {
                lookIntoFields(step);
            } else {
                for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
                    visitLater(step, ".captured[" + i + "]", lambda.getCapturedArg(i));
                }
            }
        }
    }

    private void lookIntoCollection(Step step) {
        if (step.object instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                visitLater(step, ".key", entry.getKey());
                visitLater(step, "[" + shortText(entry.getKey()) + "]", entry.getValue());
            }
        } else if (step.object instanceof Collection<?> collection) {
            int i = 0;
            for (Object element : collection) {
                visitLater(step, "[" + i++ + "]", element);
            }
        } else if (step.object instanceof Throwable throwable) {
            visitLater(step, ".cause", throwable.getCause());
        }
    }

    private static String shortText(@Nullable Object key) {
        if (key == null || isLeaf(key)) {
            String text = String.valueOf(key);
            return text.length() > 40 ? text.substring(0, 40) + "..." : text;
        }
        return "?";
    }

    private void lookIntoFields(Step step) {
        Class<?> type = step.object.getClass();
        while (type != null
                && Serializable.class.isAssignableFrom(type)
                && !type.getName().startsWith("java.")) {
            for (Field field : type.getDeclaredFields()) {
                if (!field.getType().isPrimitive()
                        && (field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
                    visitLater(step, "." + field.getName(), valueOf(field, step.object));
                }
            }
            type = type.getSuperclass();
        }
    }

    private static @Nullable Object valueOf(Field field, Object object) {
        try {
            field.setAccessible(true);
            return field.get(object);
        } catch (IllegalAccessException | RuntimeException e) {
            return null; // closed to us: the JDK's exception has to do
        }
    }

    /** What a lambda is written as, or null if {@code object} is none. */
    static @Nullable SerializedLambda lambdaOf(Object object) {
        if (!object.getClass().isSynthetic()) {
            return null;
        }
        try {
            Method method = object.getClass().getDeclaredMethod("writeReplace");
            method.setAccessible(true);
            return method.invoke(object) instanceof SerializedLambda lambda ? lambda : null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
