package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildJvmTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();

    /** Says what it was given, and ends unless it is to stay. */
    static final class Talker {

        private Talker() {}

        public static void main(String[] words) throws Exception {
            for (String word : words) {
                Said.say("%s", word);
            }
            if (List.of(words).contains("stay")) {
                new CountDownLatch(1).await();
            }
        }
    }

    /** Starts a child, says its pid, and ends. */
    static final class Parent {

        private Parent() {}

        public static void main(String[] none) throws Exception {
            CountDownLatch stays = new CountDownLatch(1);
            ChildJvm child = ChildJvm.of(Talker.class)
                    .shortLived()
                    .arguments("stay")
                    .lines(line -> stays.countDown())
                    .start();
            stays.await();
            Said.say("%d", child.pid());
        }
    }

    private ChildJvm start(Class<?> program, String... words) {
        return ChildJvm.of(program)
                .shortLived()
                .arguments(words)
                .lines(this::take)
                .start();
    }

    private void take(String line) {
        if (line.startsWith("bad")) {
            throw new IllegalArgumentException("not a line of this test");
        }
        taken.add(line);
    }

    @Test
    void whatIsNotTakenIsToldAtTheEndAndWhatFollowsIsHeard() {
        try (ChildJvm child = start(Talker.class, "a", "bad-1", "b", "bad-2", "c")) {
            assertThatThrownBy(() -> child.await(LIMIT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("line=bad-1", "not a line of this test", Long.toString(child.pid()))
                    .hasCauseInstanceOf(IllegalArgumentException.class);
            assertThat(taken).containsExactly("a", "b", "c");
        } // and was told: the close has nothing to add
    }

    @Test
    void aKillTellsItToo() throws Exception {
        try (ChildJvm child = start(Talker.class, "bad", "stay")) {
            assertThat(taken.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("stay");
            assertThatThrownBy(child::kill).hasMessageContaining("line=bad");
        }
    }

    @Test
    void aCloseTellsItOfOneThatNobodyWaitedFor() throws Exception {
        ChildJvm child = start(Talker.class, "bad");
        assertThat(child.hasEndedWithin(LIMIT)).isTrue();
        assertThatThrownBy(child::close).hasMessageContaining("line=bad");
    }

    @Test
    void aCloseOnAnInterruptedThreadWaitsForTheEnd() throws Exception {
        ChildJvm child = start(Talker.class, "stay");
        assertThat(taken.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("stay");
        Thread.currentThread().interrupt();
        try {
            child.close();
        } finally {
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void noChildOutlivesTheJvmThatStartedIt() throws Exception {
        try (ChildJvm parent = start(Parent.class)) {
            assertThat(parent.await(LIMIT)).isZero();
        }
        long pid = Long.parseLong(taken.remove());
        await().atMost(LIMIT).until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive), Optional::isEmpty);
    }
}
