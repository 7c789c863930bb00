package dev.holdfast.node.admin;

import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.storage.ReadOnlyStorage;
import dev.holdfast.storage.directory.DamagedFileException;
import dev.holdfast.storage.directory.DirectoryInUseException;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The tasks and results in the data directory of a node that is stopped or was killed, replayed into memory. Nothing is
 * changed, nothing is decided: what a start would do (count crashes, quarantine) it has not done. Nodes are kept out until
 * {@link #close}. One thread.
 */
public final class OfflineView implements TaskView {

    private final Path path;
    private final ReadOnlyStorage storage;
    private final Map<PartitionId, OfflinePartition> partitions = new TreeMap<>();
    private final Map<PartitionId, String> problems = new TreeMap<>();

    private OfflineView(Path path, ReadOnlyStorage storage) {
        this.path = path;
        this.storage = storage;
    }

    /**
     * Reads the whole directory; memory is needed as a node would need it.
     *
     * @param reader what this process is doing, for a node that is started meanwhile
     * @throws DirectoryInUseException a node has it open
     * @throws UncheckedIOException it cannot be read
     */
    public static OfflineView open(Path directory, String reader) {
        OfflineView view =
                new OfflineView(directory.toAbsolutePath().normalize(), ReadOnlyStorage.open(directory, reader));
        try {
            int count = view.storage.identity().partitionCount();
            for (int number = 0; number < count; number++) {
                view.replay(new PartitionId(number));
            }
            return view;
        } catch (RuntimeException | Error e) {
            view.close();
            throw e;
        }
    }

    private void replay(PartitionId id) {
        try {
            partitions.put(id, OfflinePartition.replay(storage, id));
        } catch (LogDamagedException damaged) {
            problems.put(id, damaged.damage().toString());
        } catch (DamagedFileException damaged) {
            problems.put(id, String.valueOf(damaged.getMessage()));
        } catch (UncheckedIOException unreadable) {
            problems.put(id, String.valueOf(unreadable.getMessage()));
        }
    }

    @Override
    public Optional<Path> directory() {
        return Optional.of(path);
    }

    @Override
    public Optional<LiveNode> node() {
        return Optional.empty();
    }

    @Override
    public Map<PartitionId, String> problems() {
        return Collections.unmodifiableMap(problems);
    }

    @Override
    public Stream<SeenTask> tasks(TaskSelection selection) {
        return partitions.values().stream()
                .flatMap(OfflinePartition::tasks)
                .filter(selection::matches)
                .sorted(BY_SUBMISSION)
                .limit(selection.query().getLimit());
    }

    @Override
    public List<SeenExecutor> executors() {
        TreeSet<String> names = new TreeSet<>();
        partitions.values().forEach(partition -> names.addAll(partition.executors()));
        return names.stream().map(this::executor).toList();
    }

    private SeenExecutor executor(String name) {
        return ExecutorSums.of(
                name,
                partitions.values().stream()
                        .map(partition -> partition.executor(name))
                        .toList());
    }

    @Override
    public Optional<SeenTask> find(TaskId taskId) {
        OfflinePartition partition = partitions.get(taskId.partition());
        return partition == null ? Optional.empty() : partition.find(taskId.sequence());
    }

    @Override
    public Staleness staleness(TaskId taskId) {
        OfflinePartition partition = partitions.get(taskId.partition());
        return partition == null ? Staleness.UNKNOWN : partition.staleness(taskId.sequence());
    }

    /** @throws LogDamagedException the bytes are not what was written */
    @Override
    public byte[] payload(SeenTask task) {
        return read(task, false);
    }

    /** @throws LogDamagedException the bytes are not what was written */
    @Override
    public byte[] result(SeenTask task) {
        return read(task, true);
    }

    private byte[] read(SeenTask task, boolean result) {
        OfflinePartition partition = partitions.get(task.partition());
        if (partition == null) {
            throw new IllegalArgumentException("Not a task of this view: taskId=" + task.taskId());
        }
        return partition.read(task.sequence(), result);
    }

    @Override
    public void close() {
        partitions.values().forEach(OfflinePartition::close);
        storage.close();
    }
}
