package dev.holdfast.node.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableCallable;
import dev.holdfast.HoldfastException;
import dev.holdfast.TaskOptions;
import dev.holdfast.node.assembly.ServedNode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Command.Operation;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.Part;
import dev.holdfast.node.partition.PartitionAccess.TaskStatus;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // of submits whose results nobody needs
class PartitionSlotTest extends RemoteFixture {

    private static final CountDownLatch RELEASE = new CountDownLatch(1);

    @Test
    void callsWaitWhileNobodyLeadsThePartition() throws Exception {
        ServedNode a = node("a");
        PartitionSlot slot = slot();
        Replies replies = post(slot, submit());
        Replies another = post(slot, submit());
        assertThat(replies.all).isEmpty();
        owners.set(at(a));
        assertThat(replies.first()).isInstanceOf(Reply.Stored.class);
        assertThat(another.first()).isInstanceOf(Reply.Stored.class);
        assertThat(stored(a.partitions().get(0))).isEqualTo(2);
    }

    @Test
    void aCallThatWasNeverSentIsRefusedInTime() throws Exception {
        PartitionSlot slot = slot(Duration.ofMillis(300));
        Reply.Refused refused = (Reply.Refused) post(slot, submit()).first();
        assertThat(refused.refusal()).isEqualTo(Reply.Refusal.NO_OWNER);
        assertThat(refused.message()).contains("partition=0", "a test has not said who");
        assertThatThrownBy(() -> slot.find(1))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("a test has not said who");
    }

    @Test
    void aCallThatMayHaveArrivedIsUnansweredInTime() throws Exception {
        ServedNode a = node("a");
        TcpProxy proxy = opened(new TcpProxy(a.address()));
        owners.set(at(a, proxy.address()));
        PartitionSlot slot = slot(Duration.ofMillis(800));
        slot.unfinished(EXECUTOR); // connects
        await().until(() -> proxy.accepted() > 0);
        proxy.holdAnswers();
        assertThat(post(slot, submit()).first()).isInstanceOf(Reply.Unanswered.class);
    }

    @Test
    void aCallGoesToWhoLeadsThePartitionNow() throws Exception {
        ServedNode a = node("a");
        ServedNode b = node("b");
        a.leads(0, false);
        a.tell(ServedNode.tableOf(9, List.of(a, b), b.id().diskId()));
        owners.set(at(a));
        PartitionSlot slot = slot();
        Replies replies = post(slot, submit());
        await().until(() -> !owners.hints.isEmpty());
        assertThat(owners.hints.get(0).tableVersion()).isEqualTo(9);
        assertThat(owners.hints.get(0).leader()).contains(b.id());
        assertThat(replies.all).isEmpty();
        owners.set(at(b));
        assertThat(replies.first()).isInstanceOf(Reply.Stored.class);
        assertThat(stored(a.partitions().get(0))).isZero();
        assertThat(stored(b.partitions().get(0))).isEqualTo(1);
        assertThat(slot.node()).isEqualTo("b");
    }

    @Test
    void aCallOverAConnectionThatIsLostIsDoneOnce() throws Exception {
        ServedNode a = node("a");
        TcpProxy proxy = opened(new TcpProxy(a.address()));
        owners.set(at(a, proxy.address()));
        PartitionSlot slot = slot();
        assertThat(post(slot, submit()).first()).isInstanceOf(Reply.Stored.class);
        proxy.holdAnswers();
        Replies replies = post(slot, submit());
        await().until(() -> stored(a.partitions().get(0)) == 2);
        assertThat(replies.all).isEmpty();
        proxy.cut();
        Reply.Stored again = (Reply.Stored) replies.first();
        assertThat(a.partitions().get(0).find(again.sequence())).isNotNull();
        assertThat(stored(a.partitions().get(0))).isEqualTo(2);
    }

    @Test
    void whatIsTakenOverALostConnectionIsTakenOnceAndGivenAgain() throws Exception {
        ServedNode a = node("a", config -> config);
        TcpProxy proxy = opened(new TcpProxy(a.address()));
        owners.set(at(a, proxy.address()));
        PartitionSlot slot = slot();
        long task = service(a).submit(returning("taken")).getTaskId();
        service(a).retrieveResult(task).get(10, TimeUnit.SECONDS);
        long sequence = new TaskId(task).sequence();
        owners.set(at(a, proxy.address()));
        PartitionAccess partition =
                a.partitions().get(new TaskId(task).partition().value());
        PartitionSlot itsSlot = opened(new PartitionSlot(partition.id(), owners, calls(Duration.ofSeconds(20), 10)));
        itsSlot.unfinished(EXECUTOR);
        await().until(() -> proxy.accepted() > 0);
        proxy.holdAnswers();
        Replies taking = post(itsSlot, new Command.RetrieveAndDispose(EXECUTOR, sequence));
        await().until(() -> partition.find(sequence) == null);
        proxy.cut();
        assertThat(taking.first()).isInstanceOfAny(Reply.Taken.class, Reply.Ended.class);
        assertThat(slot.isLocal()).isFalse();
        assertThat(post(itsSlot, new Command.RetrieveAndDispose(EXECUTOR, sequence))
                        .first())
                .isEqualTo(new Reply.Stale(Reply.Staleness.DISPOSED));
    }

    private static DurableCallable<String> returning(String text) {
        return () -> text;
    }

    @Test
    void aSubmitWaitsUntilANewLeaderHasReservedIds() throws Exception {
        Reserving local = new Reserving(2);
        owners.set(new Owner.Local(local));
        assertThat(post(slot(), submit()).first()).isEqualTo(new Reply.Stored(17, false));
        assertThat(local.refusals).hasNegativeValue();
        owners.set(new Owner.Local(new Reserving(Integer.MAX_VALUE)));
        Reply.Refused refused =
                (Reply.Refused) post(slot(Duration.ofMillis(300)), submit()).first();
        assertThat(refused.message()).contains("more are being reserved");
    }

    @Test
    void whatALocalPartitionGaveUpGoesElsewhere() throws Exception {
        ServedNode a = node("a");
        GivingUp local = new GivingUp(false);
        owners.set(new Owner.Local(local));
        PartitionSlot slot = slot();
        assertThat(slot.isLocal()).isTrue();
        local.beforeReply = () -> owners.set(at(a));
        assertThat(post(slot, submit()).first()).isInstanceOf(Reply.Stored.class);
        assertThat(stored(a.partitions().get(0))).isEqualTo(1);
    }

    @Test
    void ofWhatALocalPartitionMayHaveDoneOnlyWhatIsTheSameIsSentAgain() throws Exception {
        ServedNode a = node("a");
        GivingUp local = new GivingUp(true);
        PartitionSlot slot = slot();
        local.beforeReply = () -> owners.set(at(a));
        owners.set(new Owner.Local(local));
        assertThat(post(slot, submit()).first()).isInstanceOf(Reply.Unanswered.class);
        owners.set(new Owner.Local(local));
        assertThat(post(slot, new Command.Cancel(EXECUTOR, 1)).first()).isInstanceOf(Reply.Unanswered.class);
        owners.set(new Owner.Local(local));
        assertThat(post(slot, submit("key")).first()).isInstanceOf(Reply.Stored.class);
        owners.set(new Owner.Local(local));
        assertThat(post(slot, new Command.Operate(EXECUTOR, Operation.PAUSE, 11))
                        .first())
                .isEqualTo(new Reply.Done(true));
        assertThat(stored(a.partitions().get(0))).isEqualTo(1);
    }

    @Test
    void aWaiterIsRegisteredAtWhoLeadsThePartitionNowAndToldOnce() throws Exception {
        ServedNode a = node("a");
        ServedNode b = node("b");
        PartitionSlot slot = slot();
        owners.set(at(a));
        long sequence = ((Reply.Stored) post(slot, submit()).first()).sequence();
        owners.set(at(b));
        assertThat(post(slot, submit()).first()).isEqualTo(new Reply.Stored(sequence, false));
        owners.set(at(a));
        Replies waiter = new Replies();
        AutoCloseable unused = slot.await(EXECUTOR, sequence, waiter);
        await().until(() -> a.server.parked() == 1);
        owners.set(at(b));
        await().until(() -> a.server.parked() == 0 && b.server.parked() == 1);
        post(a.partitions().get(0), new Command.Cancel(EXECUTOR, sequence)).first();
        assertThat(waiter.all).isEmpty();
        post(b.partitions().get(0), new Command.Cancel(EXECUTOR, sequence)).first();
        assertThat(waiter.first()).isInstanceOf(Reply.Ended.class);
        owners.set(at(a));
        assertThat(b.server.parked()).isZero();
        assertThat(waiter.all).hasSize(1);
    }

    @Test
    void aWaiterFindsALeaderOfWhomNobodyWasTold() throws Exception {
        ServedNode node = node("a");
        PartitionSlot slot = slot();
        owners.set(at(node));
        long sequence = ((Reply.Stored) post(slot, submit()).first()).sequence();
        owners.set(new Owner.None("its lease is out"));
        Replies replies = new Replies();
        AutoCloseable waiter = slot.await(EXECUTOR, sequence, replies);
        owners.setSilently(at(node));
        post(node.partitions().get(0), new Command.Cancel(EXECUTOR, sequence)).first();
        assertThat(replies.first()).isInstanceOf(Reply.Ended.class);
        waiter.close();
    }

    @Test
    void aWaiterLeavesAPartitionThatThisNodeGaveUp() throws Exception {
        ServedNode a = node("a");
        owners.set(at(a));
        PartitionSlot slot = slot();
        long sequence = ((Reply.Stored) post(slot, submit()).first()).sequence();
        owners.set(new Owner.Local(new GivingUp(false)));
        Replies waiter = new Replies();
        AutoCloseable unused = slot.await(EXECUTOR, sequence, waiter);
        owners.set(new Owner.None("a failover"));
        owners.set(at(a));
        await().until(() -> a.server.parked() == 1);
        post(a.partitions().get(0), new Command.Cancel(EXECUTOR, sequence)).first();
        assertThat(waiter.first()).isInstanceOf(Reply.Ended.class);
        assertThat(waiter.all).hasSize(1);
    }

    @Test
    void aNodeThatFailsAtACallIsNotAskedForEver() throws Exception {
        ServedNode a = node("a");
        owners.set(at(a));
        PartitionSlot slot = slot();
        long sequence = ((Reply.Stored) post(slot, submit()).first()).sequence();
        a.fails = true;
        Replies waiter = new Replies();
        AutoCloseable unused = slot.await(EXECUTOR, sequence, waiter);
        assertThat(waiter.first())
                .isInstanceOfSatisfying(
                        Reply.Unanswered.class,
                        reply -> assertThat(reply.problem()).contains("a test has it fail"));
        assertThat(post(slot, submit()).first()).isInstanceOf(Reply.Unanswered.class);
        assertThatThrownBy(() -> slot.find(sequence))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("a test has it fail");
    }

    @Test
    void aWaiterSurvivesLostConnections() throws Exception {
        ServedNode a = node("a");
        TcpProxy proxy = opened(new TcpProxy(a.address()));
        owners.set(at(a, proxy.address()));
        PartitionSlot slot = slot();
        long sequence = ((Reply.Stored) post(slot, submit()).first()).sequence();
        Replies waiter = new Replies();
        AutoCloseable unused = slot.await(EXECUTOR, sequence, waiter);
        for (int round = 0; round < 3; round++) {
            await().until(() -> a.server.parked() == 1);
            int before = proxy.accepted();
            proxy.cut();
            await().until(() -> proxy.accepted() > before);
        }
        await().until(() -> a.server.parked() == 1);
        post(a.partitions().get(0), new Command.Cancel(EXECUTOR, sequence)).first();
        assertThat(waiter.first()).isInstanceOf(Reply.Ended.class);
        assertThat(waiter.all).hasSize(1);
    }

    @Test
    void aWaiterThatIsTakenBackIsToldNothing() throws Exception {
        ServedNode a = node("a");
        owners.set(at(a));
        PartitionSlot slot = slot();
        long sequence = ((Reply.Stored) post(slot, submit()).first()).sequence();
        Replies waiter = new Replies();
        AutoCloseable handle = slot.await(EXECUTOR, sequence, waiter);
        await().until(() -> a.server.parked() == 1);
        handle.close();
        await().until(() -> a.server.parked() == 0);
        assertThat(waiter.all).isEmpty();
    }

    @Test
    void noMoreWaitAtOtherNodesThanMay() throws Exception {
        ServedNode a = node("a");
        owners.set(at(a));
        PartitionSlot slot = opened(new PartitionSlot(PARTITION, owners, calls(Duration.ofSeconds(20), 1)));
        long sequence = ((Reply.Stored) post(slot, submit()).first()).sequence();
        AutoCloseable one = slot.await(EXECUTOR, sequence, new Replies());
        assertThatThrownBy(() -> slot.await(EXECUTOR, sequence, new Replies()))
                .isInstanceOf(RejectedExecutionException.class);
        one.close();
        Replies another = new Replies();
        AutoCloseable unused = slot.await(EXECUTOR, 4711, another);
        assertThat(another.first()).isEqualTo(new Reply.Stale(Reply.Staleness.UNKNOWN));
    }

    @Test
    void moreWaitersThanRequestsTakeTurns() throws Exception {
        ServedNode a = node("a");
        owners.set(at(a));
        RemoteCalls few = new RemoteCalls(
                transport(),
                List::of,
                java.util.UUID.randomUUID(),
                executor,
                timer,
                new dev.holdfast.node.partition.WaiterLimit(100),
                Duration.ofSeconds(20),
                4);
        PartitionSlot slot = opened(new PartitionSlot(PARTITION, owners, few));
        List<Replies> waiters = new ArrayList<>();
        long last = 0;
        for (int i = 0; i < 6; i++) {
            last = ((Reply.Stored) post(slot, submit()).first()).sequence();
            Replies waiter = new Replies();
            waiters.add(waiter);
            AutoCloseable unused = slot.await(EXECUTOR, last, waiter);
        }
        assertThat(a.server.parked()).isLessThanOrEqualTo(2);
        assertThat(post(slot, new Command.Cancel(EXECUTOR, last)).first()).isEqualTo(new Reply.Done(true));
        assertThat(waiters.get(5).first()).isInstanceOf(Reply.Ended.class);
    }

    @Test
    void whatIsCommittedAndWhatRunsIsSeenFromElsewhere() throws Exception {
        ServedNode a = node("a", config -> config);
        PartitionAccess here = a.partitions().get(0);
        owners.set(at(a));
        PartitionSlot slot = slot();
        String key = keyOf(a);
        long running = service(a)
                .submit(
                        (DurableCallable<String>) () -> {
                            RELEASE.await(30, TimeUnit.SECONDS);
                            return "x";
                        },
                        TaskOptions.create().key(key))
                .getTaskId();
        await().until(() -> here.running(EXECUTOR).size() == 1);
        long sequence = new TaskId(running).sequence();
        TaskStatus status = slot.status(sequence);
        assertThat(status).isNotNull();
        assertThat(status.running()).isEqualTo(here.running(EXECUTOR).get(0));
        assertThat(status.entry().payload()).isInstanceOf(Body.Elsewhere.class);
        assertThat(slot.read(status.entry(), Part.PAYLOAD))
                .isEqualTo(here.read(Objects.requireNonNull(here.find(sequence)), Part.PAYLOAD));
        assertThat(slot.statuses(EXECUTOR).toList()).hasSize(1).allMatch(seen -> seen.running() != null);
        assertThat(slot.running(EXECUTOR)).isEqualTo(here.running(EXECUTOR));
        assertThat(slot.executor(EXECUTOR)).isEqualTo(here.executor(EXECUTOR));
        assertThat(slot.executors()).containsExactly(EXECUTOR);
        assertThat(slot.staleness(EXECUTOR, 4711)).isEqualTo(Reply.Staleness.UNKNOWN);
        assertThat(slot.find(4711)).isNull();
        slot.interrupt(sequence);
        await().until(() -> here.running(EXECUTOR).isEmpty());
        await().until(() -> slot.unfinished(EXECUTOR) == 0);
    }

    private static String keyOf(ServedNode node) {
        for (int i = 0; ; i++) {
            String key = "key-" + i;
            if (node.node.getCluster().partitionOf(EXECUTOR, key).id() == 0) {
                return key;
            }
        }
    }

    @Test
    void entriesComeInPages() throws Exception {
        ServedNode a = node("a");
        owners.set(at(a));
        PartitionSlot slot = slot();
        int count = 2 * QueryAnswers.PAGE_ENTRIES + 3;
        for (int i = 0; i < count; i++) {
            post(a.partitions().get(0), submit()).first();
        }
        List<Long> here =
                a.partitions().get(0).entries().map(TaskEntry::sequence).toList();
        assertThat(slot.entries().map(TaskEntry::sequence).toList())
                .isEqualTo(here)
                .hasSize(count);
        assertThat(slot.statuses("other")).isEmpty();
        assertThat(slot.entries().limit(3)).hasSize(3);
    }

    @Test
    void whatIsToldByTheNetworkWorksNoPartitionOff() throws Exception {
        List<Thread> workers = new ArrayList<>();
        GivingUp local = new GivingUp(true) {
            @Override
            public boolean post(Command command, Consumer<Reply> onReply) {
                workers.add(Thread.currentThread());
                onReply.accept(new Reply.Done(true));
                return true;
            }
        };
        owners.set(new Owner.Local(local));
        PartitionSlot slot = slot();
        Replies replies = new Replies();
        Delivery.run(() ->
                assertThat(slot.post(new Command.Cancel(EXECUTOR, 1), replies)).isTrue());
        assertThat(replies.first()).isEqualTo(new Reply.Done(true));
        assertThat(workers).hasSize(1).doesNotContain(Thread.currentThread());
        assertThatThrownBy(
                        () -> Delivery.run(() -> Uninterruptibly.get(new java.util.concurrent.CompletableFuture<>())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoeverWaitsIsToldOfTheClose() throws Exception {
        PartitionSlot slot = new PartitionSlot(PARTITION, owners, calls(Duration.ofSeconds(20), 10));
        Replies call = post(slot, submit());
        Replies waiter = new Replies();
        AutoCloseable unused = slot.await(EXECUTOR, 1, waiter);
        slot.close();
        assertThat(call.first()).isInstanceOf(Reply.Refused.class);
        assertThat(waiter.first()).isInstanceOf(Reply.Unanswered.class);
        assertThat(slot.post(submit(), reply -> {})).isFalse();
    }

    /** A partition that this node leads no more, and says so to all. */
    /** Has ids after so many refusals. */
    private static final class Reserving extends GivingUp {
        final AtomicInteger refusals;

        Reserving(int refusals) {
            super(false);
            this.refusals = new AtomicInteger(refusals);
        }

        @Override
        public boolean post(Command command, Consumer<Reply> onReply) {
            onReply.accept(
                    refusals.getAndDecrement() > 0
                            ? new Reply.Refused(Reply.Refusal.SEQUENCES, "more are being reserved")
                            : new Reply.Stored(17, false));
            return true;
        }
    }
}
