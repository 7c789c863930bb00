package dev.holdfast.node.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReconcilerTest {

    private final NodeThreads threads = new NodeThreads(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final List<String> looked = new CopyOnWriteArrayList<>();
    private final Reconciler reconciler = new Reconciler(this::ask, threads.timer(), threads.inquiries());

    /** As a member that stands still does not answer. */
    private void ask(String executor) {
        looked.add(executor);
        try {
            assertThat(answer.await(50, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        answer.countDown();
        threads.endStorage();
        threads.endCallbacks();
    }

    @Test
    void whileItWaitsForOthersCallsOfOthersAreAnswered() throws Exception {
        for (int number = 0; number < 20; number++) {
            reconciler.lookLater("executor-" + number);
        }
        await().until(() -> !looked.isEmpty());
        CountDownLatch answered = new CountDownLatch(1);
        var unused = threads.timer().schedule(() -> threads.calls().execute(answered::countDown), 1, TimeUnit.SECONDS);
        assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(looked).hasSize(1);
    }

    @Test
    void whatIsToldWhileItLooksIsLookedAtOnceMore() {
        reconciler.lookLater("one");
        await().until(() -> looked.size() == 1);
        reconciler.lookLater("one");
        reconciler.lookLater("one");
        answer.countDown();
        await().until(() -> looked.size() == 2);
        reconciler.lookLater("another");
        await().until(() -> looked.contains("another"));
        assertThat(looked).containsExactly("one", "one", "another");
    }
}
