package dev.holdfast.node.routing;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.PartitionId;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A partition of which only the load matters. */
final class LoadedPartition implements PartitionAccess {

    private final int id;
    int load;
    boolean local = true;

    @Nullable
    String problem;

    LoadedPartition(int id) {
        this.id = id;
    }

    @Override
    public PartitionId id() {
        return new PartitionId(id);
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }

    @Override
    public boolean isLocal() {
        return local;
    }

    @Override
    public int unfinished(String executor) {
        return load;
    }

    @Override
    public boolean post(Command command, Consumer<Reply> onReply) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable TaskEntry find(long sequence) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Reply.Staleness staleness(String executor, long sequence) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AutoCloseable await(String executor, long sequence, Consumer<Reply> waiter) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] read(Body body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Stream<TaskEntry> entries() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ExecutorView executor(String name) {
        throw new UnsupportedOperationException();
    }
}
