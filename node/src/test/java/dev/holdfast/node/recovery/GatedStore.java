package dev.holdfast.node.recovery;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The gated logs of a node; they outlive it. */
public final class GatedStore implements LogStore {

    private final Map<PartitionId, GatedLog> logs = new ConcurrentHashMap<>();
    private long session;
    private boolean closed;
    private @Nullable Path directory;

    /** The store for the next start. */
    public GatedStore next() {
        session++;
        closed = false;
        return this;
    }

    /** With a directory for what is no log: the node has a socket there. */
    public GatedStore in(Path place) {
        directory = place;
        return this;
    }

    public GatedLog log(int partition) {
        return logs.computeIfAbsent(new PartitionId(partition), GatedLog::new);
    }

    /** The store for the start after the process was killed; the old node goes on with the old one, unseen. */
    public GatedStore afterKill() {
        GatedStore copy = new GatedStore();
        copy.session = session;
        logs.forEach((id, log) -> copy.logs.put(id, log.afterKill()));
        return copy;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public String place() {
        return "memory";
    }

    @Override
    public Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    @Override
    public String id() {
        return "test";
    }

    @Override
    public long session() {
        return session;
    }

    @Override
    public RecoveredLog openPartition(PartitionId partition, ReplayHandler handler) {
        return log(partition.value()).reopen(handler);
    }

    @Override
    public void markClean() {
        logs.values().forEach(GatedLog::markClean);
    }

    /** No log here remembers a crash before the last. */
    @Override
    public void markAsFound() {
        markClean();
    }

    @Override
    public void close() {
        closed = true;
    }
}
