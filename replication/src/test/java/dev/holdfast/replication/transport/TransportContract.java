package dev.holdfast.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Transport} does with messages and requests. */
public abstract class TransportContract extends ConnectionContract {

    @Test
    void aMessageArrivesWithWhoSentIt() {
        TestNode a = node("a");
        TestNode b = node("b");
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        b.inbound.onMessage(NOTE, (from, body) -> seen.add(from.identity().name() + ": " + text(body)));
        assertThat(a.transport.send(b.as(Role.PEER), NOTE, text("hello"))).isEqualTo(SendResult.QUEUED);
        await().untilAsserted(() -> assertThat(seen).containsExactly("a: hello"));
    }

    @Test
    void messagesOfOneKindToOnePeerArriveInOrderAndOnce() {
        TestNode a = node("a");
        TestNode b = node("b");
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        MessageKind kind = NOTE.withQueue(64, 1024 * 1024);
        b.inbound.onMessage(kind, (from, body) -> seen.add(body.getInt()));
        Peer peer = b.as(Role.PEER);
        int messages = 20_000;
        for (int i = 0; i < messages; i++) {
            sendWhenThereIsRoom(a, peer, kind, number(i));
        }
        await().until(() -> seen.size() == messages);
        assertThat(List.copyOf(seen))
                .isEqualTo(IntStream.range(0, messages).boxed().toList());
        assertThat(b.transport.stats().damaged()).isZero();
    }

    static void sendWhenThereIsRoom(TestNode from, Peer peer, MessageKind kind, Body body) {
        SendResult result = from.transport.send(peer, kind, body);
        while (result == SendResult.FULL) {
            Thread.onSpinWait();
            result = from.transport.send(peer, kind, body);
        }
        assertThat(result).isEqualTo(SendResult.QUEUED);
    }

    private static Body number(int number) {
        return Body.of(ByteBuffer.allocate(4).putInt(0, number));
    }

    @Test
    void aLargeMessageArrivesUnharmedAndATooLargeOneIsNotTaken() {
        TestNode a = node("a");
        TestNode b = node("b");
        Queue<ByteBuffer> seen = new ConcurrentLinkedQueue<>();
        b.inbound.onMessage(
                NOTE,
                (from, body) ->
                        seen.add(ByteBuffer.allocate(body.remaining()).put(body).flip()));
        byte[] large = new byte[MAX_FRAME - 24];
        new SplittableRandom(7).nextBytes(large);
        assertThat(a.transport.send(b.as(Role.PEER), NOTE, Body.of(large)).isQueued())
                .isTrue();
        await().until(() -> seen.size() == 1);
        assertThat(seen.remove().array()).isEqualTo(large);
        assertThat(a.transport.send(b.as(Role.PEER), NOTE, Body.of(new byte[MAX_FRAME - 23])))
                .isEqualTo(SendResult.TOO_LARGE);
    }

    @Test
    void aReaderThatStopsFillsTheQueueOfItsSenderAndNothingIsLostWhenItGoesOn() {
        TestNode a = node("a");
        TestNode b = node("b");
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        b.inbound.onMessage(NOTE, (from, body) -> {
            if (seen.isEmpty()) {
                from.pause();
            }
            seen.add(body.getInt());
        });
        Peer peer = b.as(Role.PEER);
        int queued = 0;
        SendResult result = a.transport.send(peer, NOTE, bulk(queued));
        while (result.isQueued()) {
            queued++;
            result = a.transport.send(peer, NOTE, bulk(queued));
            if (result == SendResult.FULL && seen.isEmpty()) {
                await().until(() -> !seen.isEmpty());
                result = a.transport.send(peer, NOTE, bulk(queued));
            }
        }
        assertThat(result).isEqualTo(SendResult.FULL);
        assertThat(seen).hasSize(1);
        b.events.callers.get(0).resume();
        awaitEvent(a, "writable note");
        int expected = queued;
        await().until(() -> seen.size() == expected);
        assertThat(List.copyOf(seen))
                .isEqualTo(IntStream.range(0, expected).boxed().toList());
    }

    /** Large enough that what a socket holds back is no matter of a million messages. */
    private static Body bulk(int number) {
        return Body.of(ByteBuffer.allocate(64 * 1024).putInt(0, number));
    }

    @Test
    void aKindThatKeepsTheNewestDropsTheOldest() {
        TestNode a = node("a");
        TestNode b = node("b");
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        MessageKind newest =
                new MessageKind(13, "newest", java.util.Set.of(Role.PEER), 2, 1024, MessageKind.WhenFull.DROP_OLDEST);
        b.inbound.onMessage(newest, (from, body) -> seen.add(body.getInt()));
        b.inbound.onMessage(NOTE, (from, body) -> from.pause());
        Peer peer = b.as(Role.PEER);
        while (a.transport.send(peer, NOTE, bulk(0)).isQueued() || b.events.callers.isEmpty()) {
            Thread.onSpinWait(); // until the connection takes nothing any more
        }
        SendResult result = SendResult.QUEUED;
        int sent = 0;
        while (result == SendResult.QUEUED) {
            result = a.transport.send(peer, newest, number(sent++));
        }
        assertThat(result).isEqualTo(SendResult.QUEUED_DROPPING_OLDER);
        b.inbound.remove(NOTE);
        b.events.callers.get(0).resume();
        int last = sent - 1;
        await().untilAsserted(() -> assertThat(seen).contains(last));
        assertThat(new ArrayList<>(seen)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aRequestIsAnsweredAtOnceOrLaterFromAnyThread() throws Exception {
        TestNode a = node("a");
        TestNode b = node("b");
        Queue<Duration> times = new ConcurrentLinkedQueue<>();
        b.inbound.onRequest(QUESTION, (from, body, timeLeft) -> {
            times.add(timeLeft);
            String text = text(body);
            return text.startsWith("later")
                    ? CompletableFuture.supplyAsync(() -> text("re: " + text))
                    : reply("re: " + text);
        });
        assertThat(answerOf(ask(a, b, "now"))).isEqualTo("re: now");
        assertThat(answerOf(ask(a, b, "later"))).isEqualTo("re: later");
        List<CompletionStage<ByteBuffer>> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(ask(a, b, (i % 2 == 0 ? "now " : "later ") + i));
        }
        for (int i = 0; i < many.size(); i++) {
            assertThat(answerOf(many.get(i))).endsWith(" " + i);
        }
        assertThat(times).allMatch(left -> left.compareTo(Duration.ZERO) > 0 && left.compareTo(LONG) <= 0);
    }

    @Test
    void aRequestMayWaitForEver() throws Exception {
        TestNode a = node("a");
        TestNode b = node("b");
        Queue<Duration> times = new ConcurrentLinkedQueue<>();
        b.inbound.onRequest(QUESTION, (from, body, timeLeft) -> {
            times.add(timeLeft);
            return reply("at last");
        });
        for (Duration ever : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(300 * 365))) {
            assertThat(answerOf(a.transport.request(b.as(Role.PEER), QUESTION, text("?"), ever)))
                    .isEqualTo("at last");
        }
        assertThat(times).hasSize(2).allMatch(left -> left.compareTo(Duration.ofDays(24)) > 0);
    }

    @Test
    void whoGivesUpMakesRoomForAnotherRequestOnBothSides() throws Exception {
        TransportSettings one = settings().withLimits(settings().limits().withMaxOutstanding(1));
        TestNode a = node(identity("a", 1), one, Admission.OF_ALL);
        TestNode b = node(identity("b", 1), one, Admission.OF_ALL);
        Queue<CompletableFuture<Body>> held = new ConcurrentLinkedQueue<>();
        b.inbound.onRequest(QUESTION, (from, body, timeLeft) -> {
            if (!text(body).equals("wait")) {
                return reply("x");
            }
            CompletableFuture<Body> never = new CompletableFuture<>();
            held.add(never);
            return never;
        });
        CompletionStage<ByteBuffer> waiting = ask(a, b, "wait");
        await().until(() -> !held.isEmpty());
        assertThat(failureOf(ask(a, b, "too many")).outcome()).isEqualTo(Outcome.NOT_SENT);
        assertThat(waiting.toCompletableFuture().cancel(false)).isTrue();
        await().until(() -> held.element().isCancelled());
        assertThat(answerOf(ask(a, b, "next"))).isEqualTo("x");
    }

    @Test
    void nobodyGoesOnWithTheAnswerForWhoIsGone() {
        TestNode a = node("a");
        TestNode b = node("b");
        Queue<CompletableFuture<Body>> held = new ConcurrentLinkedQueue<>();
        b.inbound.onRequest(QUESTION, (from, body, timeLeft) -> {
            CompletableFuture<Body> never = new CompletableFuture<>();
            held.add(never);
            return never;
        });
        CompletionStage<ByteBuffer> waiting = ask(a, b, "wait");
        await().until(() -> !held.isEmpty());
        a.transport.disconnect(b.as(Role.PEER));
        assertThat(failureOf(waiting).outcome()).isEqualTo(Outcome.UNKNOWN);
        await().until(() -> held.element().isCancelled());
    }

    private static CompletionStage<ByteBuffer> ask(TestNode from, TestNode to, String text) {
        return from.transport.request(to.as(Role.PEER), QUESTION, text(text), LONG);
    }

    @Test
    void whatNobodyTakesUpIsRefusedAndAFailureIsToldInWords() {
        TestNode a = node("a");
        TestNode b = node("b");
        assertThat(failureOf(ask(a, b, "unknown")).outcome()).isEqualTo(Outcome.REFUSED);
        b.inbound.onRequest(QUESTION, (from, body, timeLeft) -> {
            if (text(body).equals("throw")) {
                throw new IllegalStateException("thrown on purpose");
            }
            return CompletableFuture.failedFuture(new IllegalStateException("failed on purpose"));
        });
        RequestFailedException thrown = failureOf(ask(a, b, "throw"));
        assertThat(thrown.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(thrown).hasMessageContaining("thrown on purpose").hasMessageContaining("peer=PEER@127.0.0.1");
        assertThat(failureOf(ask(a, b, "fail"))).hasMessageContaining("failed on purpose");
    }

    @Test
    void aKindIsOnlyForTheRolesItNames() {
        TestNode a = node("a");
        TestNode b = node("b");
        AtomicInteger taken = new AtomicInteger();
        b.inbound.onMessage(ADMIN_ONLY, (from, body) -> taken.incrementAndGet());
        assertThat(a.transport.send(b.as(Role.PEER), ADMIN_ONLY, text("x"))).isEqualTo(SendResult.NOT_ALLOWED);

        MessageKind pretended = MessageKind.of(ADMIN_ONLY.code(), "pretended", Role.PEER);
        a.transport.send(b.as(Role.PEER), pretended, text("x"));
        awaitEvent(a, "lost b");
        b.inbound.onRequest(ADMIN_ONLY, (from, body, timeLeft) -> reply("secret"));
        RequestFailedException failure = failureOf(a.transport.request(b.as(Role.PEER), pretended, text("x"), LONG));
        assertThat(failure.outcome()).isIn(Outcome.REFUSED, Outcome.NOT_SENT);
        assertThat(taken).hasValue(0);
    }

    @Test
    void withoutAnAnswerInTimeItMayHaveHadItsEffect() {
        TestNode a = node("a");
        TestNode b = node("b");
        AtomicInteger asked = new AtomicInteger();
        b.inbound.onRequest(QUESTION, (from, body, timeLeft) -> {
            asked.incrementAndGet();
            return new CompletableFuture<>();
        });
        RequestFailedException failure =
                failureOf(a.transport.request(b.as(Role.PEER), QUESTION, text("?"), Duration.ofMillis(300)));
        assertThat(failure).hasMessageContaining("No answer in time");
        assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aConnectionHasSoManyUnansweredRequestsAndNoMore() {
        TransportSettings.Limits few = new TransportSettings.Limits(MAX_FRAME, 3, 10, 10, 10, MAX_FRAME);
        TestNode a = node(identity("a", 1), settings().withLimits(few), Admission.OF_ALL);
        TestNode b = node("b");
        b.inbound.onRequest(QUESTION, (from, body, timeLeft) -> new CompletableFuture<>());
        for (int i = 0; i < 3; i++) {
            assertThat(ask(a, b, "?").toCompletableFuture()).isNotDone();
        }
        RequestFailedException failure = failureOf(ask(a, b, "one too many"));
        assertThat(failure.outcome()).isEqualTo(Outcome.NOT_SENT);
        assertThat(failure).hasMessageContaining("max-outstanding=3");
    }

    @Test
    void aBodyThatFailsIsTheCallersMistakeAndHarmsNobody() throws Exception {
        TestNode a = node("a");
        TestNode b = node("b");
        b.inbound.onRequest(QUESTION, (from, body, timeLeft) -> reply("fine"));
        Body liar = new Body() {
            @Override
            public int sizeBytes() {
                return 8;
            }

            @Override
            public void writeTo(ByteBuffer target) {
                target.putInt(1);
            }
        };
        assertThat(a.transport.send(b.as(Role.PEER), NOTE, liar)).isEqualTo(SendResult.NOT_ENCODED);
        assertThat(failureOf(a.transport.request(b.as(Role.PEER), QUESTION, liar, LONG))
                        .outcome())
                .isEqualTo(Outcome.NOT_SENT);
        assertThat(answerOf(ask(a, b, "?"))).isEqualTo("fine");
    }
}
