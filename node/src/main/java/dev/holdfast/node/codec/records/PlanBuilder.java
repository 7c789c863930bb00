package dev.holdfast.node.codec.records;

import java.io.IOException;
import java.io.InvalidClassException;
import java.io.Serializable;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Matches a stored schema with the classes as they are now, by name, as Java serialisation does: what is missing gets its
 * default, what is too much is stepped over, a primitive keeps its type, and a reference fits where it may be assigned.
 */
final class PlanBuilder {

    private final ReadGuard guard;
    private final Map<String, Class<?>> classes = new LinkedHashMap<>();
    private final Set<Class<?>> values = new LinkedHashSet<>();
    private int depth;
    private int references;
    private boolean lacksClasses;

    PlanBuilder(ReadGuard guard) {
        this.guard = guard;
    }

    Plan plan(Schema schema) throws IOException, ClassNotFoundException {
        Class<?> type = guard.resolve(schema.className());
        Plan.Node root = node(schema, type, 1);
        return new Plan(root, classes, values, depth, references);
    }

    /** It holds the absence of a class, which may come back: it is to be made anew every time. */
    boolean lacksClasses() {
        return lacksClasses;
    }

    private Plan.Node node(Schema schema, Class<?> type, int level) throws IOException {
        String name = schema.className();
        if (!type.isRecord() || !Serializable.class.isAssignableFrom(type)) {
            throw new InvalidClassException(name, "was stored as a serialisable record, and is none any more");
        }
        if (Construction.hasMethod(type, "readResolve")) {
            throw new InvalidClassException(name, "has a readResolve() now, which it had not when it was stored");
        }
        classes.put(name, type);
        guard.admit(type, -1, level, references, 0);
        depth = Math.max(depth, level + 1);
        references++;
        Construction construction;
        try {
            construction = Construction.of(type);
        } catch (Construction.ClosedException e) {
            throw (IOException) new InvalidClassException(name, e.getMessage()).initCause(e);
        }
        Map<String, Integer> byName = new HashMap<>();
        RecordComponent[] components = construction.components();
        for (int i = 0; i < components.length; i++) {
            byName.put(components[i].getName(), i);
        }
        Step[] steps = new Step[schema.parts().size()];
        for (int i = 0; i < steps.length; i++) {
            Schema.Part part = schema.parts().get(i);
            Integer at = byName.get(part.name());
            steps[i] = at == null
                    ? new Step.Skipped(part)
                    : step(name, part, components[at].getType(), construction.slots()[at], level);
        }
        return new Plan.Node(construction, steps);
    }

    private Step step(String owner, Schema.Part part, Class<?> target, int slot, int level) throws IOException {
        PrimitiveType primitive = PrimitiveType.of(part.code());
        if (primitive != null || target.isPrimitive()) {
            if (primitive == null || primitive.type != target) {
                throw new InvalidClassException(owner, "incompatible types for field " + part.name());
            }
            return new Step.OfPrimitive(primitive, slot);
        }
        references++;
        ValueType value = part.enumClass() != null || part.nested() != null ? null : ValueTypes.of(part.code());
        if (value != null) {
            if (!value.type.isArray()) { // those are asked about with their length
                values.add(value.type);
            }
            return target.isAssignableFrom(value.type)
                    ? new Step.OfValue(value, slot)
                    : unfit(owner, part, value.type, target, slot);
        }
        Class<?> type;
        try {
            type = guard.resolve(className(part));
        } catch (ClassNotFoundException e) {
            lacksClasses = true;
            return new Step.Missing(e, slot);
        }
        if (!target.isAssignableFrom(type)) {
            return unfit(owner, part, type, target, slot);
        }
        Schema nested = part.nested();
        if (nested != null) {
            return new Step.OfRecord(node(nested, type, level + 1), slot);
        }
        if (!type.isEnum()) {
            throw new InvalidClassException(type.getName(), "was stored as an enum, and is none any more");
        }
        classes.put(type.getName(), type);
        guard.admit(type, -1, level + 1, references, 0);
        return new Step.OfEnum(type, slot);
    }

    private static String className(Schema.Part part) {
        Schema nested = part.nested();
        return nested == null ? Objects.requireNonNull(part.enumClass()) : nested.className();
    }

    private static Step unfit(String owner, Schema.Part part, Class<?> stored, Class<?> target, int slot) {
        return new Step.Unfit(
                owner,
                "incompatible types for field " + part.name() + ": stored=" + stored.getName() + ", declared="
                        + target.getName(),
                slot);
    }
}
