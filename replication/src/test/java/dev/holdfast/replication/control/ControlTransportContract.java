package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.Nodes.A;
import static dev.holdfast.replication.control.Nodes.B;
import static dev.holdfast.replication.control.Nodes.C;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.replication.protocol.NodeId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every transport of the control plane promises, between two nodes that can reach each other, A and B. */
@Timeout(30)
public abstract class ControlTransportContract {

    private static final Duration SOON = Duration.ofSeconds(10);

    /** The transport of a node; the same one always. */
    protected abstract ControlTransport of(NodeId node);

    /** Ends every thread. */
    protected abstract void close() throws Exception;

    @AfterEach
    void closeAll() throws Exception {
        close();
    }

    private static CompletableFuture<byte[]> ask(ControlTransport from, NodeId peer, byte[] request) {
        return from.request(peer, request, SOON).toCompletableFuture();
    }

    @Test
    void aRequestIsAnsweredAndSaysWhoAsks() {
        of(B).answerWith((from, request) -> CompletableFuture.completedFuture(
                (from.diskId() + "+" + request.length).getBytes(StandardCharsets.UTF_8)));
        assertThat(ask(of(A), B, new byte[3]).join()).asString().isEqualTo("disk-a+3");
        assertThat(ask(of(A), B, new byte[1_000_000]).join()).asString().isEqualTo("disk-a+1000000");
    }

    @Test
    void manyRequestsAtOnceGetTheirOwnAnswers() {
        of(B).answerWith((from, request) -> CompletableFuture.completedFuture(request));
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        ControlTransport from = of(A);
        for (int i = 0; i < 500; i++) {
            answers.add(ask(from, B, new byte[] {(byte) i, (byte) (i >> 8)}));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(answers.get(i).join()).containsExactly((byte) i, (byte) (i >> 8));
        }
    }

    @Test
    void whoDoesNotAnswerInTimeFails() {
        of(B).answerWith((from, request) -> new CompletableFuture<>());
        CompletableFuture<byte[]> answer =
                of(A).request(B, new byte[1], Duration.ofMillis(100)).toCompletableFuture();
        assertThatThrownBy(answer::join).isInstanceOf(CompletionException.class);
    }

    @Test
    void aFailureIsPassedOn() {
        of(B).answerWith((from, request) -> CompletableFuture.failedFuture(new IllegalStateException("Not today")));
        CompletableFuture<byte[]> answer = ask(of(A), B, new byte[1]);
        assertThatThrownBy(answer::join).hasMessageContaining("Not today");
    }

    @Test
    void whereNobodyAnswersItFails() {
        of(B).answerWith(null);
        assertThatThrownBy(ask(of(A), B, new byte[1])::join).isInstanceOf(CompletionException.class);
        assertThatThrownBy(ask(of(A), C, new byte[1])::join).isInstanceOf(CompletionException.class);
    }

    @Test
    void whatIsTooLargeFails() {
        of(B).answerWith((from, request) -> CompletableFuture.completedFuture(request));
        CompletableFuture<byte[]> answer = ask(of(A), B, new byte[ControlTransport.MAX_BYTES + 1]);
        assertThatThrownBy(answer::join).isInstanceOf(CompletionException.class);
    }
}
