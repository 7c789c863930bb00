package dev.holdfast.storage.log;

/** One method for each type of {@link LogRecord.Replicated}; see {@link LogRecord.Replicated#dispatchTo}. */
public interface RecordHandler {

    void epochStarted(LogRecord.EpochStarted epoch);

    void submitted(LogRecord.Submitted task);

    void attemptStarted(LogRecord.AttemptStarted attempt);

    void attemptAbandoned(LogRecord.AttemptAbandoned attempt);

    void completed(LogRecord.Completed task);

    void failed(LogRecord.Failed task);

    void cancelled(LogRecord.Cancelled task);

    void disposed(LogRecord.Disposed task);

    void discarded(LogRecord.Discarded task);

    void evicted(LogRecord.Evicted task);

    void expired(LogRecord.Expired task);

    void parked(LogRecord.Parked task);

    void quarantined(LogRecord.Quarantined task);

    void retried(LogRecord.Retried task);

    void executorShutdown(LogRecord.ExecutorShutdown operation);

    void executorReopened(LogRecord.ExecutorReopened operation);

    void executorPaused(LogRecord.ExecutorPaused operation);

    void executorResumed(LogRecord.ExecutorResumed operation);

    void executorDestroyed(LogRecord.ExecutorDestroyed operation);

    void sequencesLost(LogRecord.SequencesLost lost);
}
