package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.PartitionId;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stands for a partition whose log could not be opened: refuses everything, saying why, while the others serve. */
public record RefusingPartition(PartitionId id, String problem) implements PartitionAccess {

    @Override
    public boolean post(Command command, Consumer<Reply> onReply) {
        return false;
    }

    @Override
    public @Nullable TaskEntry find(long sequence) {
        return null;
    }

    /** @throws IllegalStateException always: what its ids would answer is not known */
    @Override
    public Reply.Staleness staleness(String executor, long sequence) {
        throw new IllegalStateException(problem);
    }

    @Override
    public AutoCloseable await(String executor, long sequence, Consumer<Reply> waiter) {
        waiter.accept(new Reply.Unanswered(problem));
        return () -> {};
    }

    @Override
    public byte[] read(Body body) {
        throw new IllegalStateException(problem);
    }

    @Override
    public Stream<TaskEntry> entries() {
        return Stream.empty();
    }

    @Override
    public ExecutorView executor(String name) {
        return ExecutorViews.neverUsed(name);
    }

    /** More than any that serves has, so that nothing is routed here. */
    @Override
    public int unfinished(String executor) {
        return Integer.MAX_VALUE;
    }
}
