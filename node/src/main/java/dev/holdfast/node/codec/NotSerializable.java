package dev.holdfast.node.codec;

import dev.holdfast.TaskNotSerializableException;
import java.io.NotSerializableException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Puts into words why a task can't be stored, and what to do about it. */
final class NotSerializable {

    private static final String FIELD_REMEDY = ". Make that class Serializable, or the field transient, or take it from"
            + " TaskContext.current().userContext() when the task runs";

    private NotSerializable() {}

    static TaskNotSerializableException describe(
            Object task, @Nullable Object result, NotSerializableException problem) {
        if (!(task instanceof Serializable)) {
            return new TaskNotSerializableException(rootMessage(task), problem);
        }
        ObjectPath.Step inTask = ObjectPath.find("task", task);
        if (inTask == null && result != null && ObjectPath.find("result", result) != null) {
            return new TaskNotSerializableException(
                    "Task can't be stored: " + ObjectPath.describe("result", result, problem) + FIELD_REMEDY, problem);
        }
        return new TaskNotSerializableException(
                "Task can't be stored: " + ObjectPath.describe("task", task, problem) + remedy(inTask, task), problem);
    }

    private static String rootMessage(Object task) {
        Class<?> type = task.getClass();
        String start = "Task can't be stored: task is not Serializable: class=" + JavaTaskCodec.typeName(task);
        if (type.isSynthetic() || type.isHidden()) {
            return start
                    + ". A plain lambda becomes serialisable when it is passed as a DurableCallable or DurableRunnable:"
                    + " submit((DurableCallable<T>) () -> ...), or declare the variable as one";
        }
        if (type.isAnonymousClass() || type.isLocalClass()) {
            return start
                    + ". Use a lambda, or a static nested class that implements DurableCallable or DurableRunnable";
        }
        return start + ". Let it implement DurableCallable or DurableRunnable";
    }

    private static String remedy(ObjectPath.@Nullable Step culprit, Object task) {
        if (culprit != null && culprit.name().startsWith(".this$")) {
            return ". It is the enclosing instance: use a static nested class, which has none";
        }
        if (culprit != null && culprit.name().startsWith(".captured[") && isEnclosing(culprit, task)) {
            return ". The lambda captures 'this', for it uses a field or method of the enclosing instance:"
                    + " copy the field into a local variable first, or call a static method";
        }
        return FIELD_REMEDY;
    }

    private static boolean isEnclosing(ObjectPath.Step culprit, Object task) {
        String capturing = JavaTaskCodec.typeName(task);
        return capturing.startsWith(culprit.object().getClass().getName() + "$$");
    }
}
