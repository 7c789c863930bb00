package dev.holdfast.node.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.RequestId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestNumbersTest {

    private static final UUID CALLER = new UUID(1, 2);

    @Test
    void aCallNamesTheLowestThatIsNotAnswered() {
        RequestNumbers numbers = new RequestNumbers(CALLER);
        long first = numbers.take();
        long second = numbers.take();
        long third = numbers.take();
        assertThat(numbers.named(third)).isEqualTo(new RequestId(CALLER, 3, 1));
        numbers.done(second);
        assertThat(numbers.named(third)).isEqualTo(new RequestId(CALLER, 3, 1));
        numbers.done(first);
        assertThat(numbers.named(third)).isEqualTo(new RequestId(CALLER, 3, 3));
        assertThat(numbers.unanswered()).isEqualTo(1);
    }

    @Test
    void aCallThatIsAnsweredWhileItIsSentAgainCanStillBeNamed() {
        RequestNumbers numbers = new RequestNumbers(CALLER);
        long only = numbers.take();
        numbers.done(only);
        assertThat(numbers.named(only)).isEqualTo(new RequestId(CALLER, 1, 1));
        long next = numbers.take();
        assertThat(numbers.named(only)).isEqualTo(new RequestId(CALLER, 1, 1));
        assertThat(numbers.named(next)).isEqualTo(new RequestId(CALLER, 2, 2));
    }
}
