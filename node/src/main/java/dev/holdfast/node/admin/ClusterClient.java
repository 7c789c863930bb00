package dev.holdfast.node.admin;

import dev.holdfast.HoldfastInstance;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.node.partition.PartitionSweep;
import dev.holdfast.node.service.TaskAction;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a cluster, looked at and acted on by a client. What a partition that nobody leads is asked for fails with a {@link
 * dev.holdfast.HoldfastException} when the client's {@code request-timeout} is over; in a list of tasks they are {@link #problems} then.
 * One thread.
 */
public final class ClusterClient implements TaskView, NodeControl {

    private final HoldfastInstance client;
    private final AdminHost host;
    private final LiveTasks tasks;
    private final LocalControl control;
    private @Nullable PartitionSweep<SeenTask> lastSweep;

    /**
     * @param client is closed with this
     * @param host the same client, from inside
     */
    public ClusterClient(HoldfastInstance client, AdminHost host) {
        this.client = client;
        this.host = host;
        this.tasks = new LiveTasks(host);
        this.control = new LocalControl(host);
    }

    @Override
    public Optional<Path> directory() {
        return Optional.empty();
    }

    @Override
    public Optional<LiveNode> node() {
        return Optional.of(host.describe());
    }

    @Override
    public Map<PartitionId, String> problems() {
        Map<PartitionId, String> problems = new TreeMap<>();
        tasks.refusing().forEach(each -> problems.put(each.id(), String.valueOf(each.problem())));
        PartitionSweep<SeenTask> last = lastSweep;
        if (last != null) {
            last.missing().forEach((partition, problem) -> problems.put(new PartitionId(partition), problem));
        }
        return problems;
    }

    @Override
    public Stream<SeenTask> tasks(TaskSelection selection) {
        PartitionSweep<SeenTask> sweep = tasks.tasks();
        lastSweep = sweep;
        return sweep.stream()
                .filter(selection::matches)
                .sorted(BY_SUBMISSION)
                .limit(selection.query().getLimit());
    }

    @Override
    public List<SeenExecutor> executors() {
        return control.executors();
    }

    @Override
    public Optional<SeenTask> find(TaskId taskId) {
        return tasks.find(taskId);
    }

    @Override
    public Staleness staleness(TaskId taskId) {
        return tasks.staleness(taskId);
    }

    @Override
    public byte[] payload(SeenTask task) {
        return read(task, false);
    }

    @Override
    public byte[] result(SeenTask task) {
        return read(task, true);
    }

    private byte[] read(SeenTask task, boolean result) {
        byte[] bytes = tasks.read(task.taskId(), result);
        if (bytes == null) {
            throw new AdminFailure(
                    AdminFailure.Reason.FAILED, "The task has changed meanwhile, ask again: taskId=" + task.taskId());
        }
        return bytes;
    }

    @Override
    public Optional<SeenExecutor> operate(String executor, ExecutorOperation operation) {
        return control.operate(executor, operation);
    }

    @Override
    public void act(TaskAction action, List<TaskId> ids, Consumer<TaskOutcome> outcomes) {
        control.act(action, ids, outcomes);
    }

    @Override
    public TaskId submit(SubmitRequest request) {
        return control.submit(request);
    }

    @Override
    public void close() {
        client.close();
    }
}
