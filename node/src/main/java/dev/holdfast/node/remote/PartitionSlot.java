package dev.holdfast.node.remote;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Execution.Running;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.remote.QueryAnswers.Page;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.BodyGoneException;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A partition for those who use it, whoever leads it: on this node it is asked directly, else over the network; while nobody
 * leads it, calls wait. A call that was sent and not answered is sent again under the same name, to whoever leads the partition
 * then; a waiter is registered again there, and told once. Thread-safe; always the same object.
 */
public final class PartitionSlot implements PartitionAccess, AutoCloseable {

    static final String LED_ELSEWHERE = "another one leads the partition by now";

    private final PartitionId id;
    private final Owners owners;
    private final RemoteCalls calls;
    private final RequestNumbers numbers;
    private final Postings postings;
    private final Waitings waitings;
    private final OwnerWatch watch = new OwnerWatch();
    private volatile @Nullable RemotePartition remote;
    private volatile boolean closed;

    public PartitionSlot(PartitionId id, Owners owners, RemoteCalls calls) {
        this.id = id;
        this.owners = owners;
        this.calls = calls;
        this.numbers = new RequestNumbers(calls.caller());
        this.postings = new Postings(this, calls, numbers);
        this.waitings = new Waitings(this, calls);
        owners.onChange(changed -> {
            if (changed.equals(id)) {
                calls.execute(this::ownerChanged);
            }
        });
    }

    private void ownerChanged() {
        leaveFormer();
        watch.changed();
        postings.ownerChanged();
        waitings.ownerChanged();
    }

    Owner owner() {
        return owners.of(id);
    }

    RemotePartition at(Owner.Remote owner) {
        RemotePartition known = remote;
        return known != null && known.owner().equals(owner) ? known : insteadOf(owner);
    }

    private synchronized RemotePartition insteadOf(Owner.Remote owner) {
        RemotePartition known = remote;
        if (known != null && known.owner().equals(owner)) {
            return known;
        }
        leave(LED_ELSEWHERE);
        RemotePartition next =
                new RemotePartition(id, owner, calls, numbers, said -> owners.notHere(id, said), () -> isFormer(owner));
        remote = next;
        return next;
    }

    private boolean isFormer(Owner.Remote asked) {
        Owner now = owner();
        return !asked.equals(now) && !(now instanceof Owner.None);
    }

    /** Who waits for the answer of one that leads no more would do so for as long as that one stands still. */
    private synchronized void leaveFormer() {
        RemotePartition known = remote;
        if (known != null && isFormer(known.owner())) {
            leave(LED_ELSEWHERE);
        }
    }

    private synchronized void leave(String why) {
        RemotePartition known = remote;
        if (known != null) {
            remote = null;
            known.leave(why);
        }
    }

    @Override
    public PartitionId id() {
        return id;
    }

    /** Of a partition that is led elsewhere, or by nobody, null: what it refuses it says itself. */
    @Override
    public @Nullable String problem() {
        return owner() instanceof Owner.Local local ? local.partition().problem() : null;
    }

    @Override
    public boolean isLocal() {
        return owner() instanceof Owner.Local;
    }

    @Override
    public int copies() {
        return owners.copies(id);
    }

    @Override
    public String node() {
        Owner owner = owner();
        if (owner instanceof Owner.Local local) {
            return local.partition().node();
        }
        return owner instanceof Owner.Remote other ? other.node() : "";
    }

    @Override
    public boolean post(Command command, Consumer<Reply> onReply) {
        if (closed || !postings.post(command, onReply)) {
            return false;
        }
        if (closed) {
            postings.close(); // which may not have seen this one
        }
        return true;
    }

    @Override
    public AutoCloseable await(String executor, long sequence, Consumer<Reply> waiter) {
        return waitings.add(executor, sequence, false, waiter);
    }

    @Override
    public AutoCloseable awaitResult(String executor, long sequence, Consumer<Reply> waiter) {
        return waitings.add(executor, sequence, true, waiter);
    }

    // ---- reading

    /** Asks whoever leads the partition, until there is an answer or the time is over. */
    private <T> T ask(Function<PartitionAccess, T> question) {
        return ask(question, calls.timeout());
    }

    /** @param patience zero: whoever leads it now is asked */
    private <T> T ask(Function<PartitionAccess, T> question, Duration patience) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        String problem;
        int failures = 0;
        do {
            long seen = watch.count();
            Owner owner = owner();
            if (owner instanceof Owner.Local local) {
                try {
                    return question.apply(local.partition());
                } catch (LogDamagedException | LogFailedException e) {
                    if (owner().equals(owner)) {
                        throw e;
                    }
                    problem = String.valueOf(e.getMessage()); // it was given up for that: another copy is whole
                    continue;
                }
            }
            if (owner instanceof Owner.Remote other) {
                try {
                    return question.apply(at(other));
                } catch (NotAnsweredException e) {
                    problem = String.valueOf(e.getMessage());
                }
            } else {
                problem = ((Owner.None) owner).why();
            }
            watch.awaitChange(seen, Retries.pause(failures++), deadlineNanos);
        } while (!closed && System.nanoTime() - deadlineNanos < 0);
        throw new HoldfastException(
                ErrorCode.PARTITION_WITHOUT_LEADER,
                "Nobody who leads the partition answered in time: partition=" + id + ", timeout=" + patience
                        + ", problem=" + problem + "; ask again later");
    }

    @Override
    public @Nullable TaskEntry find(long sequence) {
        List<TaskEntry> found = ask(partition -> listOf(partition.find(sequence)));
        return found.isEmpty() ? null : found.get(0);
    }

    private static <T> List<T> listOf(@Nullable T element) {
        return element == null ? List.of() : List.of(element);
    }

    @Override
    public @Nullable TaskStatus status(long sequence) {
        List<TaskStatus> found = ask(partition -> listOf(partition.status(sequence)));
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public Reply.Staleness staleness(String executor, long sequence) {
        return ask(partition -> partition.staleness(executor, sequence));
    }

    @Override
    public byte[] read(Body body) {
        return ask(partition -> partition.read(body));
    }

    /** Of an entry that another node gave, its task is asked for: what it names is not in this node's log. */
    @Override
    public byte[] read(TaskEntry entry, Part part) {
        if (part.of(entry) instanceof Body.Inline inline) {
            return inline.bytes();
        }
        return ask(partition -> {
            if (!partition.isLocal() || !(part.of(entry) instanceof Body.Elsewhere)) {
                return partition.read(entry, part);
            }
            TaskEntry here = partition.find(entry.sequence());
            if (here == null) {
                throw new BodyGoneException("The task is gone: partition=" + id + ", sequence=" + entry.sequence());
            }
            return partition.read(here, part);
        });
    }

    @Override
    public Stream<TaskEntry> entries() {
        return entries(calls.timeout());
    }

    @Override
    public Stream<TaskEntry> entries(Duration patience) {
        return owner() instanceof Owner.Local local
                ? local.partition().entries()
                : pages(null, patience).map(TaskStatus::entry);
    }

    @Override
    public Stream<TaskStatus> statuses(String executor) {
        return statuses(executor, calls.timeout());
    }

    @Override
    public Stream<TaskStatus> statuses(String executor, Duration patience) {
        return owner() instanceof Owner.Local local ? local.partition().statuses(executor) : pages(executor, patience);
    }

    /** Who has begun to read waits for the rest as long as for anything. */
    private Stream<TaskStatus> pages(@Nullable String executor, Duration patience) {
        return Pages.stream(known -> page(executor, known, known == 0 ? patience : calls.timeout()));
    }

    /** The last page, all that is left, where the partition has come to this node meanwhile. */
    private Page page(@Nullable String executor, long known, Duration patience) {
        Function<PartitionAccess, Page> question = partition -> {
            if (partition instanceof RemotePartition other) {
                return other.page(executor, known);
            }
            Stream<TaskStatus> all = executor == null
                    ? partition.entries().map(entry -> new TaskStatus(entry, null))
                    : partition.statuses(executor);
            return new Page(
                    all.filter(status -> status.entry().sequence() > known).toList(), false);
        };
        return ask(question, patience);
    }

    @Override
    public List<String> executors() {
        return ask(PartitionAccess::executors);
    }

    @Override
    public ExecutorView executor(String name) {
        return ask(partition -> partition.executor(name));
    }

    @Override
    public List<Running> running(String executor) {
        return ask(partition -> partition.running(executor));
    }

    /** At the node that leads the partition now: nowhere else runs what counts. */
    @Override
    public void interrupt(long sequence) {
        Owner owner = owner();
        if (owner instanceof Owner.Local local) {
            local.partition().interrupt(sequence);
        } else if (owner instanceof Owner.Remote other) {
            at(other).interrupt(sequence);
        }
    }

    /** More than any other has while nobody leads it, so that nothing is routed here. */
    @Override
    public int unfinished(String executor) {
        Owner owner = owner();
        if (owner instanceof Owner.Local local) {
            return local.partition().unfinished(executor);
        }
        return owner instanceof Owner.Remote other ? at(other).unfinished(executor) : Integer.MAX_VALUE;
    }

    /** Whoever waits is told that it is closed. What another node leads goes on there. */
    @Override
    public void close() {
        closed = true;
        leave("it is closed here");
        watch.changed();
        postings.close();
        waitings.close();
    }
}
