package dev.holdfast.node.admin;

import dev.holdfast.TaskQuery;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tasks and results in a data directory, whether a node has it open or not, or of a cluster; read only. One thread. */
public sealed interface TaskView extends AutoCloseable permits OfflineView, AdminClient, ClusterClient {

    /** Oldest first. */
    Comparator<SeenTask> BY_SUBMISSION = Comparator.comparingLong(SeenTask::submittedAtMillis)
            .thenComparingLong(task -> task.taskId().value());

    /**
     * A node that has the directory open.
     *
     * @param session number of its start on the directory
     * @param started whether it executes: false under {@code autoStart=false} until the application starts it
     * @param suspect the task with a counted crash that runs, or null
     * @param waitingSuspects how many of those wait: they run one at a time
     */
    record LiveNode(
            String name,
            long pid,
            long session,
            boolean started,
            @Nullable TaskId suspect,
            int waitingSuspects) {}

    /** Absolute; empty where a cluster is asked. */
    Optional<Path> directory();

    /** The node that answers; empty where the files of a stopped one are read. */
    Optional<LiveNode> node();

    /**
     * Partitions that can not be read, with what is wrong: their tasks are in no answer. After {@link #tasks} also those that nobody
     * who leads them answered for.
     */
    Map<PartitionId, String> problems();

    /** Matching tasks and results, by time of submission, at most the query's limit. */
    Stream<SeenTask> tasks(TaskSelection selection);

    /** As {@link #tasks(TaskSelection)}, of one executor, or of all if it is null. */
    default Stream<SeenTask> tasks(TaskQuery query, @Nullable String executor) {
        return tasks(TaskSelection.of(query, executor));
    }

    /** Those that were ever used or configured, by name. */
    List<SeenExecutor> executors();

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
