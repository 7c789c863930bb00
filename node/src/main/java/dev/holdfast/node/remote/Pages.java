package dev.holdfast.node.remote;

import dev.holdfast.node.partition.PartitionAccess.TaskStatus;
import dev.holdfast.node.remote.QueryAnswers.Page;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A stream over pages, each asked for when the one before it is read to its end. */
final class Pages implements Iterator<TaskStatus> {

    private final LongFunction<Page> pageAfter;
    private @Nullable Page page;
    private int at;
    private long known;

    private Pages(LongFunction<Page> pageAfter) {
        this.pageAfter = pageAfter;
    }

    /** @param pageAfter what comes behind a sequence; 0 for the first page */
    static Stream<TaskStatus> stream(LongFunction<Page> pageAfter) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(
                        new Pages(pageAfter), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT),
                false);
    }

    @Override
    public boolean hasNext() {
        Page current = page;
        while (current == null || at == current.entries().size()) {
            if (current != null && !current.more()) {
                return false;
            }
            current = pageAfter.apply(known);
            page = current;
            at = 0;
        }
        return true;
    }

    @Override
    public TaskStatus next() {
        Page current = hasNext() ? page : null;
        if (current == null) {
            throw new NoSuchElementException();
        }
        TaskStatus next = current.entries().get(at++);
        known = next.entry().sequence();
        return next;
    }
}
