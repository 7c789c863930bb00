package dev.holdfast.node.remote;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Caller;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Who waits for another partition table, without a thread. */
final class ParkedTables implements AutoCloseable {

    /** However long was asked for. */
    private static final int LONGEST_MILLIS = 60_000;

    private final Supplier<PartitionTable> table;
    private final ScheduledExecutorService timer;
    private final Set<Parked> parked = ConcurrentHashMap.newKeySet();

    private record Parked(Caller from, long knownVersion, CompletableFuture<Body> answer) {}

    ParkedTables(Supplier<PartitionTable> table, ScheduledExecutorService timer) {
        this.table = table;
        this.timer = timer;
    }

    CompletableFuture<Body> ask(Caller from, TableRequest request) {
        Parked asked = new Parked(from, request.knownVersion(), new CompletableFuture<>());
        parked.add(asked); // before the look at the table, or a change would be missed
        if (isNews(asked) || request.waitMillis() == 0) {
            tell(asked);
        } else {
            try {
                var unused = timer.schedule(
                        () -> tell(asked), Math.min(request.waitMillis(), LONGEST_MILLIS), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                tell(asked);
            }
        }
        return asked.answer;
    }

    private boolean isNews(Parked asked) {
        return table.get().version() > asked.knownVersion;
    }

    private void tell(Parked asked) {
        if (parked.remove(asked)) {
            PartitionTable now = table.get();
            asked.answer.complete(Answer.here(0, out -> PartitionTable.write(out, now)));
        }
    }

    void changed() {
        parked.stream().filter(this::isNews).forEach(this::tell);
    }

    void ended(Caller caller) {
        parked.removeIf(asked -> asked.from == caller);
    }

    @Override
    public void close() {
        parked.forEach(this::tell);
    }
}
