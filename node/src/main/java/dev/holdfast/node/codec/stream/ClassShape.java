package dev.holdfast.node.codec.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A class as a stream describes it. Filled while it is read: a stream may name a class within its own description. */
final class ClassShape {

    private static final int WRITE_METHOD = 1;
    private static final int SERIALIZABLE = 2;
    private static final int EXTERNALIZABLE = 4;
    private static final int BLOCK_DATA = 8;
    private static final int DEEPEST_HIERARCHY = 64;

    /** @param type as in a descriptor: {@code I}, {@code J}, {@code L}, {@code [} and so on */
    record Field(char type, String name) {
        boolean isObject() {
            return type == 'L' || type == '[';
        }
    }

    private final String name;
    private final List<Field> fields = new ArrayList<>();
    private int flags;
    private @Nullable ClassShape parent;

    ClassShape(String name) {
        this.name = name;
    }

    /** As {@link Class#getName}; of a proxy, its interfaces. */
    String name() {
        return name;
    }

    List<Field> fields() {
        return fields;
    }

    void setFlags(int flags) {
        this.flags = flags;
    }

    void setParent(@Nullable ClassShape parent) {
        this.parent = parent;
    }

    boolean hasFields() {
        return (flags & SERIALIZABLE) != 0;
    }

    boolean hasAnnotation() {
        return hasFields() ? (flags & WRITE_METHOD) != 0 : (flags & EXTERNALIZABLE) != 0;
    }

    /** Externalised by a protocol that does not say where its data ends. */
    boolean isEndless() {
        return !hasFields() && (flags & EXTERNALIZABLE) != 0 && (flags & BLOCK_DATA) == 0;
    }

    /** This class and its parents in the stream, topmost first. */
    List<ClassShape> hierarchy() throws StreamProblem {
        List<ClassShape> shapes = new ArrayList<>(2);
        for (ClassShape shape = this; shape != null; shape = shape.parent) {
            if (shapes.size() == DEEPEST_HIERARCHY) {
                throw new StreamProblem("a class has more than " + DEEPEST_HIERARCHY + " parents: class=" + name);
            }
            shapes.add(0, shape);
        }
        return shapes;
    }
}
