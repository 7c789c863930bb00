package dev.holdfast.node.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.ServedNode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.storage.log.RequestId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PartitionServerTest extends RemoteFixture {

    private static final Duration LONG = Duration.ofSeconds(20);

    private static CompletableFuture<ByteBuffer> ask(
            Transport transport, ServedNode node, MessageKind kind, Body body) {
        return transport.request(node.peer(), kind, body, LONG).toCompletableFuture();
    }

    private static <T> Answer<T> answer(CompletableFuture<ByteBuffer> request, Function<WireReader, T> content)
            throws Exception {
        return Answer.read(request.get(20, TimeUnit.SECONDS), content);
    }

    private static Reply reply(CompletableFuture<ByteBuffer> request) throws Exception {
        return ((Answer.Here<Replied>) answer(request, Replied::read)).content().reply();
    }

    private static Body call(UUID caller, long number, long lowest, Command command) {
        return CommandCodec.write(new CommandCodec.Call(PARTITION, new RequestId(caller, number, lowest), command))
                .body();
    }

    private static Body awaiting(long number, long sequence, int millis) {
        return new AwaitRequest(PARTITION, number, EXECUTOR, sequence, false, millis)
                .write()
                .body();
    }

    private long submitted(ServedNode node) throws Exception {
        return ((Reply.Stored) post(node.partitions().get(0), submit()).first()).sequence();
    }

    @Test
    void aCallThatComesAgainIsAnsweredAsTheFirst() throws Exception {
        ServedNode a = node("a");
        Transport transport = transport();
        UUID caller = UUID.randomUUID();
        Reply first = reply(ask(transport, a, Kinds.CALL, call(caller, 1, 1, submit())));
        Reply second = reply(ask(transport, a, Kinds.CALL, call(caller, 1, 1, submit())));
        assertThat(first).isInstanceOf(Reply.Stored.class).isEqualTo(second);
        assertThat(reply(ask(transport, a, Kinds.CALL, call(caller, 2, 1, submit()))))
                .isNotEqualTo(first);
        long sequence = ((Reply.Stored) first).sequence();
        Command cancel = new Command.Cancel(EXECUTOR, sequence);
        assertThat(reply(ask(transport, a, Kinds.CALL, call(caller, 3, 1, cancel))))
                .isEqualTo(new Reply.Done(true));
        assertThat(reply(ask(transport, a, Kinds.CALL, call(caller, 3, 1, cancel))))
                .isEqualTo(new Reply.Done(true));
        assertThat(reply(ask(transport, a, Kinds.CALL, call(caller, 4, 4, cancel))))
                .isEqualTo(new Reply.Done(false));
        assertThat(stored(a.partitions().get(0))).isEqualTo(2);
    }

    @Test
    void whoIsNotTheLeaderSaysWhoIs() throws Exception {
        ServedNode a = node("a");
        ServedNode b = node("b");
        a.leads(0, false);
        a.tell(ServedNode.tableOf(5, List.of(a, b), b.id().diskId()));
        Transport transport = transport();
        NotHere said = new NotHere(5, Optional.of(b.id()));
        UUID caller = UUID.randomUUID();
        assertThat(answer(ask(transport, a, Kinds.CALL, call(caller, 1, 1, submit())), Replied::read))
                .isEqualTo(new Answer.Elsewhere<Replied>(said));
        assertThat(answer(ask(transport, a, Kinds.AWAIT, awaiting(1, 1, 10)), Replied::read))
                .isEqualTo(new Answer.Elsewhere<Replied>(said));
        Body query =
                Query.of(Query.Type.EXECUTOR, PARTITION, EXECUTOR, 0).write().body();
        assertThat(answer(ask(transport, a, Kinds.QUERY, query), EntryCodec::readView))
                .isEqualTo(new Answer.Elsewhere<>(said));
        assertThat(a.server.parked()).isZero();
    }

    @Test
    void whatIsAskedOfANodeThatIsAboutToLeadIsAnsweredWhenItDoes() throws Exception {
        ServedNode a = node("a");
        Transport transport = transport();
        long sequence = submitted(a);
        a.isToLead(0);
        UUID caller = UUID.randomUUID();
        CompletableFuture<ByteBuffer> submit = ask(transport, a, Kinds.CALL, call(caller, 1, 1, submit()));
        CompletableFuture<ByteBuffer> wait = ask(transport, a, Kinds.AWAIT, awaiting(1, sequence, 1));
        Body query =
                Query.of(Query.Type.EXECUTOR, PARTITION, EXECUTOR, 0).write().body();
        CompletableFuture<ByteBuffer> read = ask(transport, a, Kinds.QUERY, query);
        await().until(() -> a.server.parked() == 3);
        assertThat(List.of(submit, wait, read)).noneMatch(CompletableFuture::isDone);
        a.leads(0, true);
        assertThat(reply(submit)).isInstanceOf(Reply.Stored.class);
        assertThat(reply(wait)).isEqualTo(new Reply.NotEnded());
        assertThat(((Answer.Here<PartitionAccess.ExecutorView>) answer(read, EntryCodec::readView))
                        .content()
                        .unfinished())
                .isPositive();
        await().until(() -> a.server.parked() == 0);
        assertThat(stored(a.partitions().get(0))).as("stored once").isEqualTo(2);
    }

    @Test
    void whatIsAskedOfANodeThatIsAboutToLeadAndDoesNotIsSentAway() throws Exception {
        ServedNode a = node("a");
        Transport transport = transport();
        Answer<Replied> elsewhere = new Answer.Elsewhere<>(new NotHere(1, Optional.of(a.id())));
        a.isToLead(0);
        CompletableFuture<ByteBuffer> late = ask(transport, a, Kinds.CALL, call(UUID.randomUUID(), 1, 1, submit()));
        await().until(() -> a.server.parked() == 1);
        assertThat(answer(late, Replied::read)).as("after a second").isEqualTo(elsewhere);
        CompletableFuture<ByteBuffer> lost = ask(transport, a, Kinds.CALL, call(UUID.randomUUID(), 1, 1, submit()));
        await().until(() -> a.server.parked() == 1);
        a.leads(0, false);
        assertThat(answer(lost, Replied::read)).as("another leads it").isEqualTo(elsewhere);
        assertThat(stored(a.partitions().get(0))).isZero();
    }

    @Test
    void nothingIsDoneForAConnectionThatEndedBeforeThePartitionCame() throws Exception {
        ServedNode a = node("a");
        Transport transport = transport();
        a.isToLead(0);
        CompletableFuture<ByteBuffer> submit = ask(transport, a, Kinds.CALL, call(UUID.randomUUID(), 1, 1, submit()));
        await().until(() -> a.server.parked() == 1);
        transport.disconnect(a.peer());
        await().until(() -> a.server.parked() == 0);
        a.leads(0, true);
        assertThat(submit).failsWithin(Duration.ofSeconds(10));
        assertThat(stored(a.partitions().get(0))).isZero();
    }

    @Test
    void whatIsNotUnderstoodHarmsNobody() throws Exception {
        ServedNode a = node("a");
        Transport transport = transport();
        for (MessageKind kind : List.of(Kinds.CALL, Kinds.AWAIT, Kinds.QUERY, Kinds.TABLE)) {
            for (byte[] bytes : List.of(new byte[0], new byte[] {1}, new byte[] {9, 9, 9})) {
                assertThat(answer(ask(transport, a, kind, Body.of(bytes)), Function.identity()))
                        .isInstanceOf(Answer.NotUnderstood.class);
            }
        }
        transport.send(a.peer(), Kinds.STOP_WAITING, Body.of(new byte[] {1, 2}));
        assertThat(reply(ask(transport, a, Kinds.CALL, call(UUID.randomUUID(), 1, 1, submit()))))
                .isInstanceOf(Reply.Stored.class);
    }

    @Test
    void anAwaitIsAnsweredAtTheEndOfItsTaskOrOfItsTime() throws Exception {
        ServedNode a = node("a");
        Transport transport = transport();
        long sequence = submitted(a);
        assertThat(reply(ask(transport, a, Kinds.AWAIT, awaiting(1, sequence, 1))))
                .isEqualTo(new Reply.NotEnded());
        CompletableFuture<ByteBuffer> waits = ask(transport, a, Kinds.AWAIT, awaiting(2, sequence, 20_000));
        await().until(() -> a.server.parked() == 1);
        post(a.partitions().get(0), new Command.Cancel(EXECUTOR, sequence));
        assertThat(reply(waits)).isInstanceOf(Reply.Ended.class);
        assertThat(a.server.parked()).isZero();
        assertThat(reply(ask(transport, a, Kinds.AWAIT, awaiting(3, 4711, 20_000))))
                .isEqualTo(new Reply.Stale(Reply.Staleness.UNKNOWN));
    }

    @Test
    void anAwaitEndsWhenItIsTakenBackOrItsConnectionEnds() throws Exception {
        ServedNode a = node("a");
        Transport transport = transport();
        long sequence = submitted(a);
        CompletableFuture<ByteBuffer> one = ask(transport, a, Kinds.AWAIT, awaiting(7, sequence, 20_000));
        CompletableFuture<ByteBuffer> two = ask(transport, a, Kinds.AWAIT, awaiting(8, sequence, 20_000));
        await().until(() -> a.server.parked() == 2);
        transport.send(a.peer(), Kinds.STOP_WAITING, new WireWriter().i64(7).body());
        assertThat(reply(one)).isEqualTo(new Reply.NotEnded());
        assertThat(a.server.parked()).isEqualTo(1);
        transport.disconnect(a.peer());
        await().until(() -> a.server.parked() == 0);
        assertThat(two).failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void theNodesLimitOfWaitersHoldsForOthersToo() throws Exception {
        ServedNode a = node("a", config -> config.setAutoStart(false).setMaxWaiters(1));
        Transport transport = transport();
        long sequence = submitted(a);
        CompletableFuture<ByteBuffer> one = ask(transport, a, Kinds.AWAIT, awaiting(1, sequence, 20_000));
        await().until(() -> a.server.parked() == 1);
        Answer<Replied> two = answer(ask(transport, a, Kinds.AWAIT, awaiting(2, sequence, 20_000)), Replied::read);
        assertThat(two)
                .isInstanceOfSatisfying(
                        Answer.Refuses.class,
                        refuses -> assertThat(refuses.message()).contains("max-waiters=1"));
        assertThat(a.server.parked()).isEqualTo(1);
        assertThat(one).isNotDone();
    }

    @Test
    void theTableIsToldWhenItChangesOrTheTimeIsOver() throws Exception {
        ServedNode a = node("a");
        Transport transport = transport();
        Body known = new TableRequest(1, 20_000).write().body();
        CompletableFuture<ByteBuffer> waits = ask(transport, a, Kinds.TABLE, known);
        Body soon = new TableRequest(1, 1).write().body();
        assertThat(answer(ask(transport, a, Kinds.TABLE, soon), PartitionTable::read))
                .isEqualTo(new Answer.Here<>(a.table()));
        assertThat(waits).isNotDone();
        PartitionTable next = ServedNode.tableOf(2, List.of(a), "");
        a.tell(next);
        assertThat(answer(waits, PartitionTable::read)).isEqualTo(new Answer.Here<>(next));
        assertThat(answer(ask(transport, a, Kinds.TABLE, known), PartitionTable::read))
                .isEqualTo(new Answer.Here<>(next));
    }

    @Test
    void splitBrainProtectionHoldsForClients() throws Exception {
        Config config = new Config().setPartitionCount(2).setAutoStart(false);
        config.getStorageConfig().setDirectory(directory.resolve("guarded"));
        ServerRules rules = new ServerRules(
                1 << 20,
                executorName -> 3,
                (executorName, writes) -> writes ? Optional.of("too small a cluster") : Optional.empty());
        ServedNode a = opened(new ServedNode(opened(dev.holdfast.Holdfast.newInstance(config)), rules));
        owners.set(at(a));
        PartitionSlot slot = slot();
        Reply.Refused refused = (Reply.Refused) post(slot, submit()).first();
        assertThat(refused).isEqualTo(new Reply.Refused(Reply.Refusal.PROTECTION, "too small a cluster"));
        assertThat(slot.find(1)).isNull();
    }

    /** A query of one task does not say whose it is. */
    @Test
    void aProtectedTaskIsNotReadByClientsUnderItsNumberEither() throws Exception {
        Config config = new Config().setPartitionCount(2).setAutoStart(false);
        config.getStorageConfig().setDirectory(directory.resolve("guarded"));
        ServerRules rules = new ServerRules(
                1 << 20,
                executorName -> 3,
                (executorName, writes) -> !writes && executorName.equals(EXECUTOR)
                        ? Optional.of("too small a cluster")
                        : Optional.empty());
        ServedNode a = opened(new ServedNode(opened(dev.holdfast.Holdfast.newInstance(config)), rules));
        owners.set(at(a));
        PartitionSlot slot = slot();
        long sequence = ((Reply.Stored) post(slot, submit()).first()).sequence();
        Transport transport = transport();
        for (Query query : List.of(
                Query.of(Query.Type.STATUS, PARTITION, null, sequence),
                new Query(Query.Type.BODY, PARTITION, null, sequence, PartitionAccess.Part.PAYLOAD))) {
            assertThat(answer(ask(transport, a, Kinds.QUERY, query.write().body()), WireReader::flag))
                    .as("%s", query)
                    .isEqualTo(new Answer.Refuses<>(Reply.Refusal.PROTECTION, "too small a cluster"));
        }
        assertThat(slot.status(sequence + 1)).as("of nobody").isNull();
        assertThat(slot.executor(EXECUTOR).unfinished()).isEqualTo(1);
    }

    @Test
    void aTaskOfAClientHasTheCrashLimitOfItsExecutorHere() throws Exception {
        ServedNode a = node("a");
        Command.Submit submit = submit();
        dev.holdfast.storage.log.TaskSpec spec = new dev.holdfast.storage.log.TaskSpec(
                "java", "com.acme.Job", null, null, null, null, 0, dev.holdfast.storage.log.TaskSpec.NO_TTL, true);
        Command.Submit without = new Command.Submit(EXECUTOR, spec, submit.payload());
        Reply.Stored stored =
                (Reply.Stored) reply(ask(transport(), a, Kinds.CALL, call(UUID.randomUUID(), 1, 1, without)));
        assertThat(Objects.requireNonNull(a.partitions().get(0).find(stored.sequence()))
                        .spec()
                        .maxCrashes())
                .isEqualTo(3);
    }
}
