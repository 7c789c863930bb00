package dev.holdfast.node.remote;

import dev.holdfast.HoldfastException;
import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Execution.Running;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.remote.QueryAnswers.Page;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.storage.log.BodyGoneException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RequestId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A partition as one node leads it. Sends once: where there is no answer of the node that leads the partition, commands and
 * waiters are told {@link Reply.Elsewhere}, and whatever blocks throws {@link NotAnsweredException}; {@link PartitionSlot}
 * finds the leader again. Callers are told on threads of the network. Thread-safe.
 */
final class RemotePartition implements PartitionAccess {

    private final PartitionId id;
    private final Owner.Remote owner;
    private final RemoteCalls calls;
    private final RequestNumbers numbers;
    private final Consumer<NotHere> onNotHere;
    private final BooleanSupplier isFormer;
    private final Loads loads;

    /** What threads wait for here. */
    private final Set<CompletableFuture<ByteBuffer>> questions = ConcurrentHashMap.newKeySet();

    /** Null until somebody else is to be asked. */
    private volatile @Nullable String whyLeft;

    /**
     * @param numbers of this process's calls to the partition, whoever leads it
     * @param onNotHere told what the node says if it does not lead the partition
     * @param isFormer whether another one leads it by now; whoever learns that calls {@link #leave} afterwards
     */
    RemotePartition(
            PartitionId id,
            Owner.Remote owner,
            RemoteCalls calls,
            RequestNumbers numbers,
            Consumer<NotHere> onNotHere,
            BooleanSupplier isFormer) {
        this.id = id;
        this.owner = owner;
        this.calls = calls;
        this.numbers = numbers;
        this.onNotHere = onNotHere;
        this.isFormer = isFormer;
        this.loads = new Loads(this::askLoad);
    }

    Owner.Remote owner() {
        return owner;
    }

    private Peer peer() {
        return owner.peer();
    }

    /** Whoever waits here for the answer to a question waits no more, and nobody does later. */
    void leave(String why) {
        whyLeft = why;
        questions.forEach(question -> giveUp(question, why));
    }

    private void giveUp(CompletableFuture<ByteBuffer> question, String why) {
        question.completeExceptionally(
                new NotAnsweredException("the node had not answered yet: node=" + owner.node() + ", " + why));
    }

    @Override
    public PartitionId id() {
        return id;
    }

    /** It is told by the answers. */
    @Override
    public @Nullable String problem() {
        return null;
    }

    @Override
    public boolean isLocal() {
        return false;
    }

    @Override
    public String node() {
        return owner.node();
    }

    // ---- commands

    @Override
    public boolean post(Command command, Consumer<Reply> onReply) {
        long number = numbers.take();
        call(command, numbers.named(number), calls.timeout(), (reply, problem) -> {
            numbers.done(number);
            onReply.accept(reply);
        });
        return true;
    }

    /**
     * Sends a command.
     *
     * @param onReply the reply, and why there is none, for messages
     */
    void call(Command command, RequestId request, Duration timeout, BiConsumer<Reply, String> onReply) {
        WireWriter call = CommandCodec.write(new CommandCodec.Call(id, request, command));
        ask(Kinds.CALL, call.body(), timeout, Replied::read, (answer, failure) -> {
            if (failure != null) {
                onReply.accept(replyTo(failure), String.valueOf(failure.getMessage()));
            } else if (answer instanceof Answer.Here<Replied> here) {
                Replied replied = here.content();
                if (replied.unfinished() != Replied.UNSAID && command instanceof Command.Submit submit) {
                    loads.learn(submit.executor(), replied.unfinished());
                }
                onReply.accept(replied.reply(), "the node gave the partition up: node=" + owner.node());
            } else if (answer instanceof Answer.Elsewhere<Replied>) {
                onReply.accept(
                        new Reply.Elsewhere(false), "the node leads the partition no more: node=" + owner.node());
            } else if (answer instanceof Answer.Refuses<Replied> refuses) {
                onReply.accept(new Reply.Refused(refuses.refusal(), refuses.message()), "");
            } else if (answer instanceof Answer.NotUnderstood<Replied> misunderstood) {
                onReply.accept(new Reply.Refused(Reply.Refusal.PARTITION, notUnderstood(misunderstood)), "");
            }
        });
    }

    private String notUnderstood(Answer.NotUnderstood<?> answer) {
        return "The node did not understand the call, nothing was done: node=" + owner.node() + ", partition=" + id
                + ", problem=" + answer.problem() + "; run the same version everywhere";
    }

    private static Reply replyTo(Throwable failure) {
        Outcome outcome = failure instanceof RequestFailedException failed ? failed.outcome() : Outcome.FAILED;
        return switch (outcome) {
            case NOT_SENT, REFUSED -> new Reply.Elsewhere(false);
            case UNKNOWN -> new Reply.Elsewhere(true);
            case FAILED -> new Reply.Unanswered("the node failed at it: " + failure.getMessage());
        };
    }

    /** {@code then} is told once: an answer, or why there is none. */
    private <T> void ask(
            MessageKind kind,
            Body body,
            Duration timeout,
            Function<WireReader, T> content,
            BiConsumer<@Nullable Answer<T>, @Nullable Throwable> then) {
        CompletionStage<ByteBuffer> request = calls.detour().request(peer(), kind, body, timeout);
        var unused = request.whenComplete((bytes, failure) -> Delivery.run(() -> {
            if (failure != null) {
                calls.detour().failed(peer(), failure);
                then.accept(null, failure);
                return;
            }
            Answer<T> answer;
            try {
                answer = Answer.read(bytes, content);
            } catch (MalformedMessageException e) {
                then.accept(null, e);
                return;
            }
            if (answer instanceof Answer.Elsewhere<T> elsewhere) {
                onNotHere.accept(elsewhere.said());
            }
            then.accept(answer, null);
        }));
    }

    // ---- waiting

    @Override
    public AutoCloseable await(String executor, long sequence, Consumer<Reply> waiter) {
        return await(executor, sequence, false, waiter);
    }

    @Override
    public AutoCloseable awaitResult(String executor, long sequence, Consumer<Reply> waiter) {
        return await(executor, sequence, true, waiter);
    }

    /** The limit of waiters is not looked at. */
    AutoCloseable await(String executor, long sequence, boolean asResult, Consumer<Reply> waiter) {
        Wait wait = new Wait(executor, sequence, asResult, waiter);
        wait.begin();
        return wait;
    }

    /** Asks again and again until the task has ended, it is taken back, or the node does not answer for the partition. */
    private final class Wait implements AutoCloseable {

        /** For the way there and back, beyond the time that the node lets it wait. */
        private static final int GRACE_MILLIS = 5_000;

        private final String executor;
        private final long sequence;
        private final Consumer<Reply> waiter;
        private final AwaitDesk desk = calls.desk(peer());
        private volatile long number;
        private volatile boolean closed;

        /** Only until the node has let it wait: a dispose that comes later is not before it. */
        private volatile boolean asResult;

        Wait(String executor, long sequence, boolean asResult, Consumer<Reply> waiter) {
            this.executor = executor;
            this.sequence = sequence;
            this.asResult = asResult;
            this.waiter = waiter;
        }

        void begin() {
            desk.enter(this::send);
        }

        private void send() {
            if (closed) {
                desk.leave();
                return;
            }
            int waitMillis = desk.waitMillis();
            number = calls.nextAwait();
            Body body = new AwaitRequest(id, number, executor, sequence, asResult, waitMillis)
                    .write()
                    .body();
            Duration timeout = Duration.ofMillis((long) waitMillis + GRACE_MILLIS);
            ask(Kinds.AWAIT, body, timeout, Replied::read, (answer, failure) -> {
                desk.leave();
                if (!closed && failure != null) {
                    failed(failure);
                } else if (!closed && answer != null) {
                    told(answer);
                }
            });
        }

        /** What fails there would fail again: only a node that is not reached is asked again. */
        private void failed(Throwable failure) {
            Reply reply = replyTo(failure);
            waiter.accept(reply instanceof Reply.Elsewhere ? new Reply.Elsewhere(false) : reply);
        }

        private void told(Answer<Replied> answer) {
            if (answer instanceof Answer.Here<Replied> here) {
                Reply reply = here.content().reply();
                if (reply instanceof Reply.NotEnded) {
                    asResult = false;
                    begin();
                } else {
                    waiter.accept(reply);
                }
            } else if (answer instanceof Answer.Refuses<Replied> refuses
                    && refuses.refusal() == Reply.Refusal.PROTECTION) {
                waiter.accept(new Reply.Refused(refuses.refusal(), refuses.message()));
            } else if (answer instanceof Answer.NotUnderstood<Replied> misunderstood) {
                waiter.accept(new Reply.Unanswered(notUnderstood(misunderstood)));
            } else {
                waiter.accept(new Reply.Elsewhere(false));
            }
        }

        @Override
        public void close() {
            closed = true;
            long asked = number;
            if (asked != 0) {
                Body body = new WireWriter().i64(asked).body();
                var unused = calls.transport().send(peer(), Kinds.STOP_WAITING, body); // else it ends by itself
            }
        }
    }

    // ---- reading

    /** Blocks, for as long as the node leads the partition at most. */
    private <T> T query(Query query, Function<WireReader, T> content) {
        CompletableFuture<ByteBuffer> question = request(query, calls.timeout()).toCompletableFuture();
        questions.add(question);
        try {
            String why = isFormer.getAsBoolean() ? PartitionSlot.LED_ELSEWHERE : whyLeft;
            if (why != null) {
                giveUp(question, why);
            }
            return query(query, Uninterruptibly.get(question), content);
        } finally {
            questions.remove(question);
        }
    }

    private CompletionStage<ByteBuffer> request(Query query, Duration timeout) {
        CompletionStage<ByteBuffer> answer =
                calls.detour().request(peer(), Kinds.QUERY, query.write().body(), timeout);
        var unused = answer.whenComplete((bytes, failure) -> {
            if (failure != null) {
                calls.detour().failed(peer(), failure);
            }
        });
        return answer;
    }

    private <T> T query(Query query, ByteBuffer bytes, Function<WireReader, T> content) {
        Answer<T> answer = Answer.read(bytes, content);
        if (answer instanceof Answer.Here<T> here) {
            return here.content();
        }
        if (answer instanceof Answer.Refuses<T> refuses) {
            if (refuses.refusal() == Reply.Refusal.PROTECTION) {
                throw new SplitBrainProtectionException(refuses.message());
            }
            throw new HoldfastException(ErrorCode.PARTITION_REFUSES, refuses.message());
        }
        if (answer instanceof Answer.NotUnderstood<T> misunderstood) {
            throw new HoldfastException(ErrorCode.PARTITION_REFUSES, notUnderstood(misunderstood));
        }
        onNotHere.accept(((Answer.Elsewhere<T>) answer).said());
        throw new NotAnsweredException(
                "the node leads the partition no more: node=" + owner.node() + ", query=" + query.type());
    }

    @Override
    public @Nullable TaskEntry find(long sequence) {
        TaskStatus status = status(sequence);
        return status == null ? null : status.entry();
    }

    @Override
    public @Nullable TaskStatus status(long sequence) {
        List<TaskStatus> found = query(
                Query.of(Query.Type.STATUS, id, null, sequence),
                in -> in.flag() ? List.of(EntryCodec.readStatus(in)) : List.of());
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public Reply.Staleness staleness(String executor, long sequence) {
        return query(
                Query.of(Query.Type.STALENESS, id, executor, sequence), in -> in.constant(Reply.Staleness.values()));
    }

    @Override
    public byte[] read(dev.holdfast.storage.log.Body body) {
        if (body instanceof dev.holdfast.storage.log.Body.Inline inline) {
            return inline.bytes();
        }
        throw new BodyGoneException(
                "The bytes are on another node, which is asked by their task: node=" + owner.node());
    }

    @Override
    public byte[] read(TaskEntry entry, Part part) {
        if (part.of(entry) instanceof dev.holdfast.storage.log.Body.Inline inline) {
            return inline.bytes();
        }
        List<byte[]> found = query(
                new Query(Query.Type.BODY, id, null, entry.sequence(), part),
                in -> in.flag() ? List.of(in.bytes()) : List.of());
        if (found.isEmpty()) {
            throw new BodyGoneException(
                    "The bytes are gone: partition=" + id + ", sequence=" + entry.sequence() + ", part=" + part);
        }
        return found.get(0);
    }

    /** Entries after that of {@code known}, some at a time. */
    Page page(@Nullable String executor, long known) {
        return query(Query.of(Query.Type.PAGE, id, executor, known), Page::read);
    }

    @Override
    public Stream<TaskEntry> entries() {
        return Pages.stream(known -> page(null, known)).map(TaskStatus::entry);
    }

    @Override
    public Stream<TaskStatus> statuses(String executor) {
        return Pages.stream(known -> page(executor, known));
    }

    @Override
    public List<String> executors() {
        return query(Query.of(Query.Type.EXECUTORS, id, null, 0), in -> in.list(WireReader::requiredText));
    }

    @Override
    public ExecutorView executor(String name) {
        ExecutorView view = query(Query.of(Query.Type.EXECUTOR, id, name, 0), EntryCodec::readView);
        loads.learn(name, view.unfinished());
        return view;
    }

    @Override
    public List<Running> running(String executor) {
        return query(Query.of(Query.Type.RUNNING, id, executor, 0), in -> in.list(EntryCodec::readRunning));
    }

    /** If it is not answered, nothing is running there any more, or it is asked once more. */
    @Override
    public void interrupt(long sequence) {
        interrupt(sequence, true);
    }

    private void interrupt(long sequence, boolean again) {
        Query query = Query.of(Query.Type.INTERRUPT, id, null, sequence);
        var unused = request(query, calls.timeout()).whenComplete((bytes, failure) -> {
            if (failure != null && again) {
                calls.later(Duration.ofMillis(100), () -> interrupt(sequence, false));
            }
        });
    }

    /** As it was told last; asked for again, without waiting, if that is some time ago. */
    @Override
    public int unfinished(String executor) {
        return loads.of(executor);
    }

    private void askLoad(String executor) {
        Body body = Query.of(Query.Type.EXECUTOR, id, executor, 0).write().body();
        ask(Kinds.QUERY, body, calls.timeout(), EntryCodec::readView, (answer, failure) -> {
            if (answer instanceof Answer.Here<ExecutorView> here) {
                loads.learn(executor, here.content().unfinished());
            } else {
                loads.unknown(executor);
            }
        });
    }
}
