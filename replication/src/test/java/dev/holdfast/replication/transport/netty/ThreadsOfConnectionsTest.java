package dev.holdfast.replication.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.transport.Admission;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportFixture;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.wire.FrameType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which thread carries which connection, and what it does besides. */
@ExtendWith(LeakCheck.class)
class ThreadsOfConnectionsTest extends TransportFixture {

    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings, surroundings);
    }

    @AfterEach
    void release() {
        released.countDown();
    }

    private static Peer of(TestNode node, Role role) {
        return Peer.of(node.identity.node(), node.transport.address().orElseThrow(), role);
    }

    private static WildConnection wild(TestNode node) throws IOException {
        return new WildConnection(node.transport.address().orElseThrow());
    }

    /** In one piece, which one read finds. */
    private static byte[] notes(String... texts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String each : texts) {
            all.writeBytes(WildConnection.frame(FrameType.MESSAGE, NOTE.code(), 0, text(each)));
        }
        return all.toByteArray();
    }

    private void standStill() {
        try {
            boolean unused = released.await(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CONTROL", "TABLE"})
    void aHandlerThatStandsStillHoldsUpNothingThatIsUrgent(Role urgent) throws Exception {
        TestNode here = node("here");
        TestNode there = node("there");
        TestNode late = node("late");
        CountDownLatch stuck = new CountDownLatch(1);
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        there.inbound.onMessage(NOTE, (from, body) -> {
            if (from.identity().role() == urgent) {
                heard.add(text(body));
            } else {
                stuck.countDown();
                standStill();
            }
        });
        here.inbound.onMessage(NOTE, (from, body) -> heard.add(text(body)));
        assertThat(here.transport.send(of(there, Role.PEER), NOTE, text("bulk")).isQueued())
                .isTrue();
        stuck.await();
        assertThat(here.transport.send(of(there, urgent), NOTE, text("to it")).isQueued())
                .isTrue();
        assertThat(there.transport.send(of(here, urgent), NOTE, text("from it")).isQueued())
                .isTrue();
        assertThat(late.transport
                        .send(of(there, urgent), NOTE, text("by a new connection"))
                        .isQueued())
                .isTrue();
        await().until(() -> heard.size() == 3);
        assertThat(heard).containsExactlyInAnyOrder("to it", "from it", "by a new connection");
        assertThat(released.getCount()).as("it stands still yet").isOne();
    }

    @Test
    void theConnectionsThatTwoNodesMadeToEachOtherShareAThread() throws Exception {
        TransportSettings four = settings().withLoops(4);
        TestNode here = node(identity("here", 1), four, Admission.OF_ALL);
        List<TestNode> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            others.add(node(identity("other-" + i, 1), four, Admission.OF_ALL));
        }
        AtomicReference<Thread> accepting = new AtomicReference<>();
        here.inbound.onMessage(NOTE, (from, body) -> accepting.set(Thread.currentThread()));
        List<Thread> seen = new ArrayList<>();
        for (TestNode other : others) {
            CompletableFuture<Body> answered =
                    new CompletableFuture<>(); // not before somebody waits, on the thread that hears it
            other.inbound.onRequest(QUESTION, (from, body, timeLeft) -> answered);
            accepting.set(null);
            assertThat(other.transport
                            .send(of(here, Role.PEER), NOTE, text("hello"))
                            .isQueued())
                    .isTrue();
            await().until(() -> accepting.get() != null);
            AtomicReference<Thread> dialing = new AtomicReference<>();
            var unused = here.transport
                    .request(of(other, Role.PEER), QUESTION, text("?"), LONG)
                    .whenComplete((answer, failure) -> dialing.set(Thread.currentThread()));
            answered.complete(text("yes"));
            await().until(() -> dialing.get() != null);
            assertThat(dialing.get()).as(other.identity.name()).isSameAs(accepting.get());
            seen.add(accepting.get());
        }
        assertThat(seen.stream().distinct()).as("they are spread").hasSizeGreaterThan(1);
    }

    @Test
    void whatComesTogetherWithTheGreetingIsTakenInOrder() throws Exception {
        TestNode there = node("there");
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        there.inbound.onMessage(NOTE, (from, body) -> order.add(text(body)));
        try (WildConnection wild = wild(there)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(WildConnection.hello(identity("wild", 1)));
            all.writeBytes(notes("1", "2"));
            wild.write(all.toByteArray());
            wild.write(notes("3"));
            await().until(() -> order.size() == 3);
        }
        assertThat(order).containsExactly("1", "2", "3");
    }

    @Test
    void whatAHandlerLeavesIsDoneAfterWhatWasReadAndOfMuchOnlyTheFirst() throws Exception {
        TestNode there = node("there");
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Boolean> taken = Collections.synchronizedList(new ArrayList<>());
        AtomicReference<Thread> reading = new AtomicReference<>();
        AtomicBoolean elsewhere = new AtomicBoolean();
        there.inbound.onMessage(NOTE, (from, body) -> {
            String note = text(body);
            reading.set(Thread.currentThread());
            order.add(note);
            taken.add(from.afterRead(() -> {
                elsewhere.compareAndSet(false, Thread.currentThread() != reading.get());
                order.add("after " + note);
            }));
        });
        try (WildConnection wild = wild(there).admitted(identity("wild", 1))) {
            wild.write(notes("1", "2", "3"));
            await().until(() -> order.size() == 5);
            wild.write(notes("4"));
            await().until(() -> order.size() == 7);
        }
        assertThat(order).containsExactly("1", "2", "3", "after 1", "after 2", "4", "after 4");
        assertThat(taken).containsExactly(true, true, false, true);
        assertThat(elsewhere).isFalse();
    }

    @Test
    void nothingIsDoneAfterReadingWhereThatWouldHoldUpControlOrNobodyReads() {
        TestNode here = node("here");
        TestNode there = node("there");
        AtomicReference<Caller> caller = new AtomicReference<>();
        AtomicBoolean taken = new AtomicBoolean();
        there.inbound.onMessage(NOTE, (from, body) -> {
            taken.set(from.afterRead(() -> {}));
            caller.set(from);
        });
        assertThat(here.transport.send(of(there, Role.CONTROL), NOTE, text("x")).isQueued())
                .isTrue();
        await().until(() -> caller.get() != null);
        assertThat(taken).as("on a connection for control").isFalse();
        caller.set(null);
        assertThat(here.transport.send(of(there, Role.PEER), NOTE, text("y")).isQueued())
                .isTrue();
        await().until(() -> caller.get() != null);
        assertThat(taken).isTrue();
        assertThat(Objects.requireNonNull(caller.get()).afterRead(() -> {}))
                .as("by another thread")
                .isFalse();
    }
}
