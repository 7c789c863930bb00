package dev.holdfast;

import dev.holdfast.config.ErrorCode;

/**
 * There is no result for this task id (any more); {@link #reason} says why. The cause of what {@code get} throws; thrown itself by
 * methods that change a task.
 */
public class StaleTaskIdException extends HoldfastException {

    private static final long serialVersionUID = 1L;

    /** Why there is none. */
    public enum Reason {
        /** Somebody removed it: disposed of, taken out, discarded, or destroyed with its executor. */
        DISPOSED(ErrorCode.RESULT_DISPOSED, "its result was disposed of"),
        /** The executor's {@code result-retention} removed it, to make room or because its time was over. */
        EVICTED(ErrorCode.RESULT_EVICTED, "its result was removed by the executor's result-retention"),
        /** This executor never issued the id. */
        UNKNOWN(ErrorCode.TASK_ID_UNKNOWN, "it was never issued by this executor"),
        /** More was lost than the configured durability covers; also of ids that <em>may</em> have been issued before a loss. */
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

    /** The id that was asked for. */
    private final long taskId;

    /** Why there is no result. */
    private final Reason reason;

    /**
     * Made by Holdfast.
     *
     * @param executorName the executor that was asked
     * @param taskId the id that it was asked for
     * @param reason why there is no result
     */
    public StaleTaskIdException(String executorName, long taskId, Reason reason) {
        super(
                reason.code,
                "No result for this task id: taskId=" + taskId + ", executor=" + executorName + ", reason=" + reason
                        + ": " + reason.explanation);
        this.taskId = taskId;
        this.reason = reason;
    }

    /**
     * The id that was asked for.
     *
     * @return as it was given
     */
    public long taskId() {
        return taskId;
    }

    /**
     * Why there is no result.
     *
     * @return may become {@link Reason#EVICTED} once the id is older than the 100,000 removed ids that are remembered
     */
    public Reason reason() {
        return reason;
    }
}
