package dev.holdfast.node.codec;

import dev.holdfast.TaskNotAllowedException;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Writes an object graph, refuses classes that could not be read again, and notes the classes that hold the body of a
 * lambda or are anonymous: the names of those say nothing about what they do.
 */
final class PayloadOutput extends ObjectOutputStream {

    private final AllowedClasses allowed;
    private final List<Class<?>> written = new ArrayList<>(4);
    private final List<String> capturing = new ArrayList<>(0);

    PayloadOutput(BoundedBytes out, AllowedClasses allowed) throws IOException {
        super(out);
        this.allowed = allowed;
        enableReplaceObject(true);
    }

    @Override
    protected void annotateClass(Class<?> type) {
        check(type);
        written.add(type);
    }

    @Override
    protected void annotateProxyClass(Class<?> type) {
        check(type);
    }

    @Override
    protected Object replaceObject(Object object) {
        if (object instanceof SerializedLambda lambda) {
            capturing.add(lambda.getCapturingClass().replace('/', '.'));
        }
        return object;
    }

    /** Classes whose class file has to be the same when the graph is read again, by name. */
    Map<String, Class<?>> fingerprinted() {
        Map<String, Class<?>> byName = new TreeMap<>();
        for (Class<?> type : written) {
            if (ClassFingerprint.isNeededFor(type)) {
                byName.put(type.getName(), type);
            }
        }
        if (!capturing.isEmpty()) {
            Map<String, Class<?>> all = new HashMap<>();
            written.forEach(type -> all.put(type.getName(), type));
            for (String name : capturing) {
                // A lambda's form has its capturing class as an object, so it was written too.
                Class<?> type = Objects.requireNonNull(all.get(name), name);
                if (!ClassFingerprint.isOfJdk(type)) {
                    byName.put(name, type);
                }
            }
        }
        return byName;
    }

    private void check(Class<?> type) {
        if (!allowed.allows(type)) {
            throw new TaskNotAllowedException(AllowedClasses.refusal(type.getName()));
        }
    }
}
