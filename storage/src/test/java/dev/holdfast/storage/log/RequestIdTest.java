package dev.holdfast.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestIdTest {

    private static final UUID CALLER = new UUID(1, 2);

    @Test
    void aCallMayBeTheLowestUnansweredItself() {
        assertThat(new RequestId(CALLER, 1, 1).number()).isEqualTo(1);
        assertThat(new RequestId(CALLER, Long.MAX_VALUE, Long.MAX_VALUE).lowestUnanswered())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void numbersThatNoCallerGivesAreRefused() {
        assertThatThrownBy(() -> new RequestId(CALLER, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestId(CALLER, 5, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestId(CALLER, 5, 6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("number=5, lowestUnanswered=6");
    }
}
