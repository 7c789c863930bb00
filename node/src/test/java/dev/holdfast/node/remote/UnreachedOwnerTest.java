package dev.holdfast.node.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.node.assembly.ServedNode;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.WaiterLimit;
import dev.holdfast.replication.transport.Transport;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whoever leads a partition, as everybody believes, is not reached. */
class UnreachedOwnerTest extends RemoteFixture {

    /** Each try costs its caller as much as a call, when a node is gone and the others have better things to do. */
    @Test
    void callsForAnOwnerThatIsNotReachedAreTriedOnceAndAllGoOnWhenItIs() throws Exception {
        ServedNode a = node("a");
        TcpProxy proxy = new TcpProxy(a.address());
        owners.set(at(a, proxy.address()));
        AtomicInteger requests = new AtomicInteger();
        PartitionSlot slot = opened(new PartitionSlot(
                PARTITION,
                owners,
                new RemoteCalls(
                        counting(transport(), requests),
                        List::of,
                        UUID.randomUUID(),
                        executor,
                        timer,
                        new WaiterLimit(10),
                        Duration.ofSeconds(30),
                        1024)));
        assertThat(post(slot, submit()).first()).isInstanceOf(Reply.Stored.class);
        proxy.close();
        List<Replies> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(post(slot, submit()));
        }
        // some may have been sent and lost, and all that come back find that nobody is reached
        await().until(() -> requests.get() >= 1 + all.size());
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(requests).hasValueLessThan(1 + 2 * all.size()));
        TcpProxy unused = opened(new TcpProxy(a.address(), proxy.address().port()));
        for (Replies each : all) {
            assertThat(each.first()).isInstanceOf(Reply.Stored.class);
        }
        assertThat(stored(a.partitions().get(0))).isEqualTo(1 + all.size());
    }

    private static Transport counting(Transport counted, AtomicInteger requests) {
        return (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(), new Class<?>[] {Transport.class}, (unused, method, arguments) -> {
                    if (method.getName().equals("request")) {
                        requests.incrementAndGet();
                    }
                    return method.invoke(counted, arguments);
                });
    }

    @Test
    void aCallThatIsNotReachedInTimeIsRefusedInTime() throws Exception {
        ServedNode a = node("a");
        TcpProxy proxy = new TcpProxy(a.address());
        owners.set(at(a, proxy.address()));
        proxy.close();
        PartitionSlot slot = slot(Duration.ofMillis(800));
        Reply.Refused refused = (Reply.Refused) post(slot, submit()).first();
        assertThat(refused.refusal()).isEqualTo(Reply.Refusal.NO_OWNER);
    }
}
