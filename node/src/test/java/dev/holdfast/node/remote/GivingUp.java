package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.PartitionId;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A partition that answers everything with that it is led elsewhere. */
class GivingUp implements PartitionAccess {
    private final boolean maybeDone;
    volatile Runnable beforeReply = () -> {};

    GivingUp(boolean maybeDone) {
        this.maybeDone = maybeDone;
    }

    @Override
    public PartitionId id() {
        return RemoteFixture.PARTITION;
    }

    @Override
    public @Nullable String problem() {
        return null;
    }

    @Override
    public boolean post(Command command, Consumer<Reply> onReply) {
        beforeReply.run();
        onReply.accept(new Reply.Elsewhere(maybeDone));
        return true;
    }

    @Override
    public @Nullable TaskEntry find(long sequence) {
        return null;
    }

    @Override
    public Reply.Staleness staleness(String executor, long sequence) {
        return Reply.Staleness.UNKNOWN;
    }

    @Override
    public AutoCloseable await(String executor, long sequence, Consumer<Reply> waiter) {
        waiter.accept(new Reply.Elsewhere(maybeDone));
        return () -> {};
    }

    @Override
    public byte[] read(Body body) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Stream<TaskEntry> entries() {
        return Stream.empty();
    }

    @Override
    public ExecutorView executor(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int unfinished(String executor) {
        return 0;
    }
}
