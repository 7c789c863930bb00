package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.Part;
import dev.holdfast.node.remote.CommandCodec.Call;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskSpec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers members and clients for the partitions that this node leads, and tells the others who does. Commands are posted,
 * and the disk is read, by the executor that it is given; what it waits for is parked without a thread, at most as much per
 * connection as the transport lets be unanswered ({@code network.max-outstanding}).
 *
 * <p>Thread-safe. The node tells it when a connection ends ({@link #ended}) and when the partition table changes ({@link
 * #tableChanged}).
 */
public final class PartitionServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionServer.class);

    private static final List<MessageKind> KINDS =
            List.of(Kinds.CALL, Kinds.AWAIT, Kinds.STOP_WAITING, Kinds.QUERY, Kinds.TABLE);

    private final Inbound inbound;
    private final Led partitions;
    private final Supplier<PartitionTable> table;
    private final ServerRules rules;
    private final Executor executor;
    private final ParkedCalls calls;
    private final ParkedAwaits awaits;
    private final ParkedTables tables;

    /** What this node leads. Asked on threads of the network. */
    public interface Led {

        /** The partition of that number, if this node leads it and serves it. */
        Optional<PartitionAccess> led(int number);

        /** Whether this node is to lead it, as the partition table says, and does not yet: what is for it waits here. */
        boolean isComing(PartitionId partition);
    }

    /**
     * Answers from here on.
     *
     * @param table as this node sees it; empty leaders and version 0 before it sees any
     * @param executor posts commands, which works partitions off, and reads disks: never a thread of the network
     * @param timer ends what was parked for as long as was asked for; does no more than that
     */
    public PartitionServer(
            Inbound inbound,
            Led partitions,
            Supplier<PartitionTable> table,
            ServerRules rules,
            Executor executor,
            ScheduledExecutorService timer) {
        this.inbound = inbound;
        this.partitions = partitions;
        this.table = table;
        this.rules = rules;
        this.executor = executor;
        this.awaits = new ParkedAwaits(timer);
        this.calls = new ParkedCalls(partitions::isComing, executor, timer, awaits::ended);
        this.tables = new ParkedTables(table, timer);
        answer(Kinds.CALL, CommandCodec::read, inTime(Call::partition, this::onCall));
        answer(Kinds.AWAIT, AwaitRequest::read, inTime(AwaitRequest::partition, this::onAwait));
        answer(Kinds.QUERY, Query::read, inTime(Query::partition, this::onQuery));
        answer(Kinds.TABLE, TableRequest::read, (from, request, on) -> tables.ask(from, request));
        inbound.onMessage(Kinds.STOP_WAITING, this::onStopWaiting);
    }

    private void onStopWaiting(Caller from, ByteBuffer body) {
        try {
            awaits.takeBack(from, WireReader.read(body, WireReader::i64));
        } catch (MalformedMessageException e) {
            LOG.debug("Dropped a message: from={}", from.identity(), e);
        }
    }

    private interface Handler<T> {

        /** @param on what may take a while is done by it */
        CompletableFuture<Body> handle(Caller from, T request, Executor on);
    }

    private <T> void answer(MessageKind kind, Function<WireReader, T> reading, Handler<T> handler) {
        inbound.onRequest(kind, (from, body, timeLeft) -> {
            T request;
            try {
                request = WireReader.read(body, reading);
            } catch (MalformedMessageException e) {
                return CompletableFuture.completedFuture(Answer.malformed(String.valueOf(e.getMessage())));
            }
            return handler.handle(from, request, executor);
        });
    }

    private <T> Handler<T> inTime(Function<T, PartitionId> partition, Handler<T> handler) {
        return (from, request, unused) ->
                calls.inTime(from, partition.apply(request), on -> handler.handle(from, request, on));
    }

    /** A connection is gone: nobody waits there any more. */
    public void ended(Caller caller) {
        calls.ended(caller);
        awaits.ended(caller);
        tables.ended(caller);
    }

    /** How many wait here for the ends of tasks, or for a partition, without a thread. */
    public int parked() {
        return awaits.count() + calls.count();
    }

    /** Another leads the partition, or this node serves it now: whoever waits for that is answered. Does not block. */
    public void ownerChanged(PartitionId partition) {
        calls.ownerChanged(partition);
    }

    /** The table is another: whoever waits for that is told. Must not be called with a lock that threads of the network want. */
    public void tableChanged() {
        tables.changed();
    }

    private @Nullable PartitionAccess led(PartitionId partition) {
        return partitions.led(partition.value()).orElse(null);
    }

    private Body notHere(PartitionId partition) {
        PartitionTable now = table.get();
        return Answer.notHere(new NotHere(now.version(), now.leader(partition)));
    }

    // ---- commands

    private CompletableFuture<Body> onCall(Caller from, Call call, Executor on) {
        Body refusal = refusal(from, CommandCodec.executor(call.command()), true);
        if (refusal != null) {
            return CompletableFuture.completedFuture(refusal);
        }
        if (call.command() instanceof Command.Submit submit && submit.payload().length() > rules.maxPayloadBytes()) {
            return CompletableFuture.completedFuture(Answer.refuses(
                    Reply.Refusal.TOO_LARGE,
                    "The task is too large for its node, nothing was stored: executor=" + submit.executor()
                            + ", bytes=" + submit.payload().length() + ", max-payload=" + rules.maxPayloadBytes()
                            + "; pass a reference to what is large, or raise max-payload on all members"));
        }
        return answeredBy(on, answer -> post(call, answer));
    }

    /** Null if it is none. Members look at their own protection. */
    private @Nullable Body refusal(Caller from, @Nullable String called, boolean writes) {
        return called == null || from.identity().role() != Role.CLIENT
                ? null
                : rules.protection()
                        .refuses(called, writes)
                        .map(why -> Answer.refuses(Reply.Refusal.PROTECTION, why))
                        .orElse(null);
    }

    private void post(Call call, CompletableFuture<Body> answer) {
        PartitionAccess partition = led(call.partition());
        if (partition == null) {
            answer.complete(notHere(call.partition()));
            return;
        }
        Command command = Identified.command(withDefaults(call.command()), call.request());
        if (partition.post(command, reply -> replied(partition, command, reply, answer))) {
            return;
        }
        String problem = partition.problem();
        if (problem != null) {
            answer.complete(Answer.refuses(
                    Reply.Refusal.PARTITION,
                    "The partition refuses, nothing was done: partition=" + partition.id() + ", problem=" + problem));
        } else if (command instanceof Command.Submit) {
            answer.complete(Answer.refuses(
                    Reply.Refusal.BUSY,
                    "Too many submits wait for their commit: partition=" + partition.id()
                            + "; submit again later, or from fewer threads"));
        } else {
            answer.complete(notHere(call.partition())); // closed: it is led elsewhere, or will be
        }
    }

    /** A client's tasks have the crash limit that their executor has here. */
    private Command withDefaults(Command command) {
        if (!(command instanceof Command.Submit submit) || submit.spec().maxCrashes() > 0) {
            return command;
        }
        TaskSpec spec = submit.spec();
        return new Command.Submit(
                submit.executor(),
                new TaskSpec(
                        spec.codec(),
                        spec.typeName(),
                        spec.fingerprint(),
                        spec.label(),
                        spec.key(),
                        spec.idempotencyKey(),
                        rules.maxCrashes().applyAsInt(submit.executor()),
                        spec.resultTtlMillis(),
                        spec.keepResult()),
                submit.payload());
    }

    private void replied(PartitionAccess partition, Command command, Reply reply, CompletableFuture<Body> answer) {
        int unfinished =
                command instanceof Command.Submit submit ? partition.unfinished(submit.executor()) : Replied.UNSAID;
        tell(partition, reply, unfinished, answer);
    }

    /** Completes {@code answer} with {@code reply}, which takes the bytes of its result along, read by the executor. */
    private void tell(PartitionAccess partition, Reply reply, int unfinished, CompletableFuture<Body> answer) {
        if (!(reply instanceof Reply.Ended ended) || ended.outcome().result() == null) {
            answer.complete(encode(reply, unfinished, null));
        } else if (ended.outcome().result() instanceof dev.holdfast.storage.log.Body.Inline inline) {
            answer.complete(encode(reply, unfinished, inline.bytes()));
        } else {
            run(
                    executor,
                    answer,
                    () -> answer.complete(
                            encode(reply, unfinished, ResultBytes.read(partition, ended.outcome(), Part.RESULT))));
        }
    }

    private static Body encode(Reply reply, int unfinished, byte @Nullable [] result) {
        return Answer.here(result == null ? 0 : result.length, out -> {
            out.i32(unfinished);
            ReplyCodec.write(out, reply, result);
        });
    }

    // ---- waiting

    /** On the connection's own thread, so that its end is not told before it is parked; or later, and then it is told again. */
    private CompletableFuture<Body> onAwait(Caller from, AwaitRequest request, Executor unused) {
        PartitionAccess partition = led(request.partition());
        if (partition == null) {
            return CompletableFuture.completedFuture(notHere(request.partition()));
        }
        Body refusal = refusal(from, request.executor(), false);
        if (refusal != null) {
            return CompletableFuture.completedFuture(refusal);
        }
        CompletableFuture<Body> answer = new CompletableFuture<>();
        ParkedAwaits.Parked parked = awaits.park(
                from, request.number(), request.waitMillis(), reply -> tell(partition, reply, Replied.UNSAID, answer));
        try {
            parked.waitsBy(
                    request.asResult()
                            ? partition.awaitResult(request.executor(), request.sequence(), parked)
                            : partition.await(request.executor(), request.sequence(), parked));
        } catch (RejectedExecutionException e) {
            parked.forget();
            answer.complete(Answer.refuses(Reply.Refusal.BUSY, String.valueOf(e.getMessage())));
        }
        return answer;
    }

    // ---- reading

    private CompletableFuture<Body> onQuery(Caller from, Query query, Executor on) {
        Body refusal = query.type().isProtected() ? refusal(from, query.executor(), false) : null;
        if (refusal != null) {
            return CompletableFuture.completedFuture(refusal);
        }
        return answeredBy(on, answer -> {
            PartitionAccess partition = led(query.partition());
            answer.complete(partition == null ? notHere(query.partition()) : answer(from, query, partition));
        });
    }

    /** A query of one task does not say whose that is: it is looked up. */
    private Body answer(Caller from, Query query, PartitionAccess partition) {
        TaskEntry entry = query.type().isOfOneTask() ? partition.find(query.sequence()) : null;
        Body refusal = entry == null ? null : refusal(from, entry.executor(), false);
        return refusal == null ? QueryAnswers.answer(partition, query) : refusal;
    }

    private CompletableFuture<Body> answeredBy(Executor on, Consumer<CompletableFuture<Body>> work) {
        CompletableFuture<Body> answer = new CompletableFuture<>();
        run(on, answer, () -> work.accept(answer));
        return answer;
    }

    /** What fails is told to the caller in words, by the transport. */
    private static void run(Executor on, CompletableFuture<Body> answer, Runnable work) {
        try {
            on.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.complete(Answer.refuses(Reply.Refusal.PARTITION, "The node is closed, nothing was done"));
        }
    }

    /** Answers nothing any more; what is parked is answered that it has not ended. */
    @Override
    public void close() {
        KINDS.forEach(inbound::remove);
        calls.close();
        awaits.close();
        tables.close();
    }
}
