package dev.holdfast.node.codec.records;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/**
 * Makes records with their canonical constructor, as Java serialisation does, and like it from two arrays, so that no
 * primitive is boxed.
 *
 * @param make {@code (long[] primitives, Object[] references) -> Object}
 * @param slots of each component its place in the array of its kind
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Construction(MethodHandle make, RecordComponent[] components, int[] slots, int primitives, int references) {

    private static final ClassValue<Construction> ALL = new ClassValue<>() {
        @Override
        protected Construction computeValue(Class<?> type) {
            try {
                return make(type);
            } catch (ReflectiveOperationException e) {
                throw new ClosedException(type, e);
            }
        }
    };

    /** A module keeps its records to itself. */
    static final class ClosedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClosedException(Class<?> type, ReflectiveOperationException cause) {
            super(
                    "its constructor is closed: open package " + type.getPackageName() + " of " + type.getModule()
                            + " to Holdfast",
                    cause);
        }
    }

    /** @throws ClosedException it can not be made by us */
    static Construction of(Class<?> type) {
        return ALL.get(type);
    }

    static boolean hasMethod(Class<?> type, String name) {
        return Arrays.stream(type.getDeclaredMethods())
                .anyMatch(method -> method.getName().equals(name) && method.getParameterCount() == 0);
    }

    private static Construction make(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        MethodHandle constructor = MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                .findConstructor(type, MethodType.methodType(void.class, types));
        MethodHandle[] from = new MethodHandle[types.length];
        int[] order = new int[types.length];
        int[] slots = new int[types.length];
        int primitives = 0;
        int references = 0;
        for (int i = 0; i < types.length; i++) {
            PrimitiveType primitive = PrimitiveType.of(types[i]);
            order[i] = primitive == null ? 1 : 0;
            slots[i] = primitive == null ? references++ : primitives++;
            MethodHandle element = MethodHandles.insertArguments(
                    MethodHandles.arrayElementGetter(primitive == null ? Object[].class : long[].class), 1, slots[i]);
            from[i] = primitive == null
                    ? element.asType(MethodType.methodType(types[i], Object[].class))
                    : MethodHandles.filterReturnValue(element, primitive.fromBits());
        }
        MethodHandle plain = constructor.asType(constructor.type().changeReturnType(Object.class));
        MethodHandle make = MethodHandles.permuteArguments(
                MethodHandles.filterArguments(plain, 0, from),
                MethodType.methodType(Object.class, long[].class, Object[].class),
                order);
        return new Construction(make, components, slots, primitives, references);
    }
}
