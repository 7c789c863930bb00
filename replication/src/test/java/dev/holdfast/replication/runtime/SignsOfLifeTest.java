package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.BeaconStamp;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignsOfLifeTest {

    private static final long START = Duration.ofHours(1).toNanos();

    private final List<Runnable> thread = new ArrayList<>();
    private final List<Input> stepped = new ArrayList<>();
    private final SignsOfLife signs = new SignsOfLife(ShellNode.TIMING, thread::add, stepped::add);

    private static Input.Received beacon(long stamp) {
        return new Input.Received(
                new NodeId("a"), new Session(1), new Message.Beacon(new Epoch(1), new BeaconStamp(stamp)));
    }

    private void tick(Duration passed, Duration wall) {
        signs.tick(START + passed.toNanos(), 1_000_000 + wall.toMillis());
    }

    private List<Class<?>> kinds() {
        return stepped.stream().<Class<?>>map(Input::getClass).toList();
    }

    @Test
    void aTickComesAfterTheSignsThatWait() {
        signs.offer(beacon(1));
        signs.offer(beacon(2));
        tick(Duration.ZERO, Duration.ZERO);
        assertThat(stepped).containsExactly(beacon(1), beacon(2), new Input.Tick());
        thread.forEach(Runnable::run);
        assertThat(stepped).as("each once").hasSize(3);
    }

    @Test
    void signsAreSteppedWithoutATickAndTheThreadIsAskedOnce() {
        signs.offer(beacon(1));
        signs.offer(beacon(2));
        assertThat(thread).hasSize(1);
        thread.remove(0).run();
        signs.offer(beacon(3));
        thread.remove(0).run();
        assertThat(stepped).containsExactly(beacon(1), beacon(2), beacon(3));
    }

    @Test
    void aProcessThatStoodStillSaysSoBeforeItsNextTick() {
        tick(Duration.ZERO, Duration.ZERO);
        tick(Duration.ofMillis(10), Duration.ofMillis(10));
        tick(Duration.ofMillis(400), Duration.ofMillis(400));
        assertThat(kinds())
                .containsExactly(Input.Tick.class, Input.Tick.class, Input.ClockJumped.class, Input.Tick.class);
    }

    @Test
    void aMachineThatWasSuspendedSaysSoThoughItsMonotonicClockStoodStillToo() {
        tick(Duration.ZERO, Duration.ZERO);
        tick(Duration.ofMillis(10), Duration.ofSeconds(60));
        tick(Duration.ofMillis(20), Duration.ofMillis(60_010));
        assertThat(kinds())
                .containsExactly(Input.Tick.class, Input.ClockJumped.class, Input.Tick.class, Input.Tick.class);
    }

    @Test
    void whoeverReadsBeforeThatTickIsToldOfThePauseAsWell() {
        assertThat(stoodStill(Duration.ofDays(1), Duration.ofDays(2)))
                .as("before the first")
                .isFalse();
        tick(Duration.ZERO, Duration.ZERO);
        assertThat(stoodStill(Duration.ofMillis(10), Duration.ofMillis(11))).isFalse();
        assertThat(stoodStill(Duration.ofMillis(400), Duration.ofMillis(400))).isTrue();
        assertThat(stoodStill(Duration.ofMillis(10), Duration.ofSeconds(60))).isTrue();
        tick(Duration.ofMillis(10), Duration.ofSeconds(60));
        assertThat(stoodStill(Duration.ofMillis(20), Duration.ofMillis(60_010))).isFalse();
    }

    private boolean stoodStill(Duration passed, Duration wall) {
        return signs.hasStoodStill(START + passed.toNanos(), 1_000_000 + wall.toMillis());
    }

    @Test
    void ofTooManyTheOldestGo() {
        for (int i = 0; i < 3_000; i++) {
            signs.offer(beacon(i));
        }
        tick(Duration.ZERO, Duration.ZERO);
        assertThat(stepped).hasSizeLessThan(2_000).contains(beacon(2_999)).doesNotContain(beacon(0));
    }
}
