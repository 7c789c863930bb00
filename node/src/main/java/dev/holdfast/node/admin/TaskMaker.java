package dev.holdfast.node.admin;

import dev.holdfast.node.admin.AdminFailure.Reason;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a task of a class and arguments by name. A record takes its components; another class the parameters of the constructor
 * that uses most of the arguments (their names are in the class file if it was compiled with {@code -parameters}), and what
 * is left goes to setters and public fields. Nothing of a class runs before it is known to be a task that is allowed, and all
 * arguments fit.
 */
final class TaskMaker {

    private final @Nullable ClassLoader loader;
    private final Consumer<Class<?>> allowed;

    /**
     * @param loader of the node; null: the system's
     * @param allowed throws if a class may not be used
     */
    TaskMaker(@Nullable ClassLoader loader, Consumer<Class<?>> allowed) {
        this.loader = loader;
        this.allowed = allowed;
    }

    /**
     * A new {@link Callable} or {@link Runnable}.
     *
     * @throws AdminFailure there is no such class, or it is no task, or the arguments do not fit; the message names those
     *     that it knows
     */
    Object make(String className, Map<String, String> arguments) {
        Class<?> type = load(className);
        if (!Callable.class.isAssignableFrom(type) && !Runnable.class.isAssignableFrom(type)) {
            throw usage("Not a task, it implements neither Callable nor Runnable: class=" + className);
        }
        if (Modifier.isAbstract(type.getModifiers())
                || (type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers()))) {
            throw usage("No task can be made of it, it is abstract or an inner class that is not static: class="
                    + className);
        }
        allowed.accept(type);
        Map<String, Target> settable = settable(type);
        Executable constructor = choose(type, arguments.keySet(), settable.keySet());
        List<Object> values = values(type, constructor, arguments);
        Map<Target, Object> later = new LinkedHashMap<>();
        Set<String> names = names(constructor);
        arguments.forEach((name, text) -> {
            Target target = settable.get(name);
            if (!names.contains(name) && target != null) {
                later.put(target, value(type, name, target.type(), text));
            }
        });
        try {
            constructor.setAccessible(true);
            Object task = ((Constructor<?>) constructor).newInstance(values.toArray());
            for (Map.Entry<Target, Object> each : later.entrySet()) {
                each.getKey().set(task, each.getValue());
            }
            return task;
        } catch (InvocationTargetException e) {
            throw new AdminFailure(
                    Reason.USAGE, "The task could not be made: class=" + className + ", cause=" + e.getCause(), e);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            throw new AdminFailure(Reason.FAILED, "The task could not be made: class=" + className + ", cause=" + e, e);
        }
    }

    private Class<?> load(String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new AdminFailure(
                    Reason.NOT_FOUND,
                    "No such class: class=" + name + ", cause=" + e
                            + "; of a nested class the name has a $, and the jar has to be in --tasks-path: of the"
                            + " node where one runs, else of this command",
                    e);
        }
    }

    // ---- what takes arguments

    /** A setter or public field. */
    private record Target(
            Type type, @Nullable Method setter, @Nullable Field field) {
        void set(Object task, Object value) throws ReflectiveOperationException {
            if (setter != null) {
                setter.setAccessible(true);
                setter.invoke(task, value);
            } else if (field != null) {
                field.setAccessible(true);
                field.set(task, value);
            }
        }
    }

    private static Map<String, Target> settable(Class<?> type) {
        Map<String, Target> found = new LinkedHashMap<>();
        for (Field field : type.getFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())) {
                found.put(field.getName(), new Target(field.getGenericType(), null, field));
            }
        }
        for (Method method : type.getMethods()) {
            String name = method.getName();
            if (name.length() > 3
                    && name.startsWith("set")
                    && method.getParameterCount() == 1
                    && !Modifier.isStatic(method.getModifiers())) {
                String property = name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4);
                found.put(property, new Target(method.getGenericParameterTypes()[0], method, null));
            }
        }
        return found;
    }

    /** Names of parameters; of a record's canonical constructor they are always known. */
    private static Set<String> names(Executable constructor) {
        return Arrays.stream(constructor.getParameters())
                .map(Parameter::getName)
                .collect(Collectors.toSet());
    }

    private static boolean namesAreKnown(Executable constructor) {
        return Arrays.stream(constructor.getParameters()).allMatch(Parameter::isNamePresent);
    }

    /** The one that uses most of the arguments, among those whose parameters are all given. */
    private static Executable choose(Class<?> type, Set<String> given, Set<String> settable) {
        List<Constructor<?>> usable = new ArrayList<>();
        for (Constructor<?> each : type.getDeclaredConstructors()) {
            boolean canonical = !type.isRecord() || Arrays.equals(each.getParameterTypes(), components(type));
            if (canonical && (namesAreKnown(each) || type.isRecord())) {
                usable.add(each);
            }
        }
        return usable.stream()
                .filter(each -> given.containsAll(names(each)))
                .filter(each -> given.stream().allMatch(name -> names(each).contains(name) || settable.contains(name)))
                .max(Comparator.comparingInt(Constructor::getParameterCount))
                .orElseThrow(() -> usage(wrongArguments(type, given, usable, settable)));
    }

    private static Class<?>[] components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(java.lang.reflect.RecordComponent::getType)
                .toArray(Class<?>[]::new);
    }

    private static String wrongArguments(
            Class<?> type, Set<String> given, List<Constructor<?>> usable, Set<String> settable) {
        StringBuilder known = new StringBuilder();
        for (Constructor<?> each : usable) {
            known.append(known.length() == 0 ? "" : " or ").append(signature(each));
        }
        if (usable.isEmpty()) {
            known.append("none: its constructors' parameters have no names in the class file, compile it with"
                    + " -parameters, or make it a record");
        }
        if (!settable.isEmpty()) {
            known.append("; and, to be set: ").append(String.join(", ", new TreeSet<>(settable)));
        }
        return "The arguments do not fit: class=" + type.getName() + ", given=" + new TreeSet<>(given)
                + ", known arguments: " + known;
    }

    private static String signature(Constructor<?> constructor) {
        return Arrays.stream(constructor.getParameters())
                .map(parameter -> parameter.getType().getSimpleName() + " " + parameter.getName())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    // ---- values

    private static List<Object> values(Class<?> type, Executable constructor, Map<String, String> arguments) {
        List<Object> values = new ArrayList<>();
        Parameter[] parameters = constructor.getParameters();
        for (Parameter parameter : parameters) {
            String text = arguments.get(parameter.getName());
            if (text == null) {
                throw new IllegalStateException("Chosen without this argument: " + parameter);
            }
            values.add(value(type, parameter.getName(), parameter.getType(), text));
        }
        return values;
    }

    private static Object value(Class<?> task, String name, Type type, String text) {
        try {
            return ArgumentValues.parse(type, text);
        } catch (IllegalArgumentException wrong) {
            throw new AdminFailure(
                    Reason.USAGE,
                    "The argument is no " + type.getTypeName() + ": class=" + task.getName() + ", argument=" + name
                            + ", value=" + text + ": " + wrong.getMessage(),
                    wrong);
        }
    }

    private static AdminFailure usage(String message) {
        return new AdminFailure(Reason.USAGE, message);
    }
}
