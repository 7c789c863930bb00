package dev.holdfast.node.admin;

import dev.holdfast.TaskQuery;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tasks and results in a data directory, whether a node has it open or not; read only. One thread. */
public sealed interface TaskView extends AutoCloseable permits OfflineView, AdminClient {

    /** Oldest first. */
    Comparator<SeenTask> BY_SUBMISSION = Comparator.comparingLong(SeenTask::submittedAtMillis)
            .thenComparingLong(task -> task.taskId().value());

    /** A node that has the directory open. */
    record LiveNode(String name, long pid, long session) {}

    /** Absolute. */
    Path directory();

    /** The node that answers; empty where the files of a stopped one are read. */
    Optional<LiveNode> node();

    /** Partitions that can not be read, with what is wrong: their tasks are in no answer. */
    Map<PartitionId, String> problems();

    /**
     * Matching tasks and results, by time of submission, at most {@code query}'s limit.
     *
     * @param executor only this one's, or null
     */
    Stream<SeenTask> tasks(TaskQuery query, @Nullable String executor);

    Optional<SeenTask> find(TaskId taskId);

    /** Why {@link #find} gave nothing, as far as is known. */
    Staleness staleness(TaskId taskId);

    /** The bytes of the task itself; its {@code payloadBytes} is not {@link SeenTask#NONE}. */
    byte[] payload(SeenTask task);

    /** The bytes of its result or failure; its {@code resultBytes} is not {@link SeenTask#NONE}. */
    byte[] result(SeenTask task);

    @Override
    void close();
}
