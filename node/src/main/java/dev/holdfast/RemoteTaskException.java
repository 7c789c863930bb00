package dev.holdfast;

import dev.holdfast.config.ErrorCode;

/** Stands for a task's throwable that can not be rebuilt here; carries its class name, message and stack. */
public class RemoteTaskException extends HoldfastException {

    private static final long serialVersionUID = 1L;

    /** What the task threw. */
    private final String className;

    /**
     * Made by Holdfast.
     *
     * @param className class of the throwable that the task threw
     * @param message its class and message, with causes where known
     * @param stack its stack; becomes this exception's own
     */
    public RemoteTaskException(String className, String message, StackTraceElement[] stack) {
        super(ErrorCode.TASK_FAILED, message);
        this.className = className;
        setStackTrace(stack);
    }

    /**
     * What the task threw.
     *
     * @return full name of the class, which need not be known here
     */
    public String className() {
        return className;
    }
}
