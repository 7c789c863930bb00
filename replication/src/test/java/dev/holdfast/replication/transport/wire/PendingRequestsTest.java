package dev.holdfast.replication.transport.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.replication.transport.wire.PendingRequests.Pending;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class PendingRequestsTest {

    /** A clock may say anything, and pass the end of its numbers. */
    private static final long NOW = Long.MAX_VALUE - 5;

    private final PendingRequests requests = new PendingRequests(3);

    private static long after(long nanos) {
        return Long.sum(NOW, nanos);
    }

    private Pending open(long inNanos) {
        return requireNonNull(requests.open(after(inNanos)));
    }

    private static void failsWith(Pending request, Outcome outcome, String words) {
        assertThatThrownBy(() -> request.answer().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(RequestFailedException.class, failure -> {
                    assertThat(failure.outcome()).isEqualTo(outcome);
                    assertThat(failure).hasMessageContaining(words);
                });
    }

    @Test
    void whoseTimeIsOverFailsAndTheNextDeadlineIsTold() {
        Pending first = open(10);
        Pending second = open(20);
        second.markSent();
        assertThat(requests.failExpired(after(9), "x")).isEqualTo(after(10));
        assertThat(first.answer()).isNotDone();
        assertThat(requests.failExpired(after(10), "x")).isEqualTo(after(20));
        failsWith(first, Outcome.NOT_SENT, "send it again");
        assertThat(requests.failExpired(after(30), "peer=b")).isEqualTo(Long.MAX_VALUE);
        failsWith(second, Outcome.UNKNOWN, "No answer in time: peer=b");
        assertThat(requests.size()).isZero();
    }

    @Test
    void thereAreSoManyAndNoMoreUntilOneIsAnswered() {
        Pending first = open(10);
        open(10);
        open(10);
        assertThat(requests.open(after(10))).isNull();
        assertThat(requests.take(first.correlation())).isSameAs(first);
        assertThat(requests.take(first.correlation())).as("once").isNull();
        assertThat(requests.open(after(10))).isNotNull();
        assertThat(requests.open(after(10))).isNull();
    }

    @Test
    void aTimeIsNeitherNegativeNorSoLongThatItsEndSeemsPast() {
        assertThat(PendingRequests.timeoutNanos(Duration.ofMillis(3))).isEqualTo(3_000_000);
        assertThat(PendingRequests.timeoutNanos(Duration.ofSeconds(Long.MIN_VALUE)))
                .isZero();
        long longest = PendingRequests.timeoutNanos(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(longest).isGreaterThan(Duration.ofDays(36_500).toNanos());
        Pending request = open(longest);
        requests.failExpired(after(Duration.ofDays(1).toNanos()), "x");
        assertThat(request.answer()).isNotDone();
    }

    @Test
    void aLostConnectionFailsAllByWhatIsKnown() {
        Pending queued = open(10);
        Pending sent = open(10);
        sent.markSent();
        requests.failAll("Connection lost: peer=b");
        failsWith(queued, Outcome.NOT_SENT, "it was not sent");
        failsWith(sent, Outcome.UNKNOWN, "it may have had its effect");
        requests.fail(sent, Outcome.FAILED, "late");
        assertThat(requests.size()).isZero();
    }
}
