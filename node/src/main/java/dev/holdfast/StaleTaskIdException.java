package dev.holdfast;

import dev.holdfast.config.ErrorCode;

/** There is no result for this task id (any more); {@link #reason} says why. */
public class StaleTaskIdException extends HoldfastException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        DISPOSED(ErrorCode.RESULT_DISPOSED, "its result was disposed of"),
        EVICTED(ErrorCode.RESULT_EVICTED, "its result was removed by the executor's result-retention"),
        UNKNOWN(ErrorCode.TASK_ID_UNKNOWN, "it was never issued by this executor"),
        LOST(
                ErrorCode.TASK_ID_LOST,
                "it was, or may have been, issued before more was lost than the configured durability covers");

        private final ErrorCode code;
        private final String explanation;

        Reason(ErrorCode code, String explanation) {
            this.code = code;
            this.explanation = explanation;
        }
    }

    private final long taskId;
    private final Reason reason;

    public StaleTaskIdException(String executorName, long taskId, Reason reason) {
        super(
                reason.code,
                "No result for this task id: taskId=" + taskId + ", executor=" + executorName + ", reason=" + reason
                        + ": " + reason.explanation);
        this.taskId = taskId;
        this.reason = reason;
    }

    public long taskId() {
        return taskId;
    }

    public Reason reason() {
        return reason;
    }
}
