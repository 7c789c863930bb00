package dev.holdfast.node.partition;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One look at several partitions, whoever leads them: those that answer come first, then those that nobody leads, which are waited for
 * together. What can be told is told, whatever becomes of others; {@link #missing} says of which that was not all. One thread.
 *
 * @param <T> what there is in a partition
 */
public final class PartitionSweep<T> {

    private final List<PartitionAccess> partitions;
    private final Duration patience;
    private final Look<T> look;
    private final List<PartitionAccess> silent = new ArrayList<>();
    private final SortedMap<Integer, String> missing = new TreeMap<>();
    private long deadlineNanos;

    /** What is looked at. */
    public interface Look<T> {

        /**
         * Of one partition.
         *
         * @param patience as {@link PartitionAccess#statuses(String, Duration)}
         */
        Stream<T> at(PartitionAccess partition, Duration patience);
    }

    /**
     * @param patience how long those that nobody leads are waited for, all of them together; begins when the others have told
     */
    public PartitionSweep(List<PartitionAccess> partitions, Duration patience, Look<T> look) {
        this.partitions = partitions;
        this.patience = patience;
        this.look = look;
    }

    /** In the order of partitions, but for those that had to be waited for. To be read once. */
    public Stream<T> stream() {
        return Stream.concat(
                partitions.stream().flatMap(partition -> given(partition, true)),
                Stream.of(silent).flatMap(this::late));
    }

    /** By number, with what is wrong: partitions of which nothing or not all was told. Complete when the stream has ended. */
    public SortedMap<Integer, String> missing() {
        return missing;
    }

    private Stream<T> late(List<PartitionAccess> left) {
        deadlineNanos = System.nanoTime() + patience.toNanos();
        return List.copyOf(left).stream().flatMap(partition -> given(partition, false));
    }

    private Stream<T> given(PartitionAccess partition, boolean mayComeLater) {
        Spliterator<T> guarded = new Guarded(partition, mayComeLater);
        return StreamSupport.stream(guarded, false);
    }

    /** What a partition tells, up to where nobody answers for it any more. */
    private final class Guarded extends Spliterators.AbstractSpliterator<T> {
        private final PartitionAccess partition;
        private final boolean mayComeLater;
        private @Nullable Iterator<T> told;
        private boolean some;

        Guarded(PartitionAccess partition, boolean mayComeLater) {
            super(Long.MAX_VALUE, ORDERED | NONNULL);
            this.partition = partition;
            this.mayComeLater = mayComeLater;
        }

        @Override
        public boolean tryAdvance(Consumer<? super T> action) {
            T next;
            try {
                Iterator<T> all = told();
                if (!all.hasNext()) {
                    return false;
                }
                next = all.next();
            } catch (HoldfastException e) {
                if (!ErrorCode.in(e.getMessage()).equals(Optional.of(ErrorCode.PARTITION_WITHOUT_LEADER))) {
                    throw e;
                }
                unanswered(e);
                return false;
            }
            some = true;
            action.accept(next);
            return true;
        }

        private Iterator<T> told() {
            Iterator<T> all = told;
            if (all == null) {
                Duration wait =
                        mayComeLater ? Duration.ZERO : Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
                all = look.at(partition, wait).iterator();
                told = all;
            }
            return all;
        }

        private void unanswered(HoldfastException why) {
            if (mayComeLater && !some) {
                silent.add(partition);
            } else {
                missing.put(partition.id().value(), String.valueOf(why.getMessage()));
            }
        }
    }
}
