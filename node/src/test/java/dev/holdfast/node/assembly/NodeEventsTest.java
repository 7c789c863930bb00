package dev.holdfast.node.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.TaskOptions;
import dev.holdfast.config.Config;
import dev.holdfast.node.execution.RunningTasks;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.recovery.GatedStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a node logs of its tasks. */
@Timeout(60)
class NodeEventsTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(NodeEvents.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
    }

    private List<String> lines() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** Keeps what is scheduled until the test says that its time has come. */
    private static final class HeldTimer extends ScheduledThreadPoolExecutor {
        private final List<Runnable> held = new ArrayList<>();
        private long lastDelaySeconds;

        HeldTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            held.add(command);
            lastDelaySeconds = unit.toSeconds(delay);
            return super.schedule(() -> {}, 0, unit);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // the partition of a result that is evicted is not asked anything
    void evictionsOfAMinuteAreOneLine() {
        HeldTimer timer = new HeldTimer();
        try {
            NodeEvents events = new NodeEvents(new RunningTasks(), timer, "memory", cause -> {});
            for (int minute = 1; minute <= 2; minute++) {
                for (int i = 0; i < 3; i++) {
                    events.onRemoved(null, aResult(), Reply.Staleness.EVICTED);
                    events.onRemoved(null, aResult(), Reply.Staleness.DISPOSED);
                }
                assertThat(timer.held).hasSize(minute);
                assertThat(timer.lastDelaySeconds).isEqualTo(60);
                timer.held.get(minute - 1).run();
                assertThat(lines()).hasSize(minute);
                assertThat(lines().get(minute - 1)).contains("results=3,", "result-retention");
            }
        } finally {
            timer.shutdownNow();
        }
    }

    /** All that is asked of it is whether it has ended. */
    private static TaskEntry aResult() {
        return (TaskEntry) Proxy.newProxyInstance(
                TaskEntry.class.getClassLoader(),
                new Class<?>[] {TaskEntry.class},
                (proxy, method, arguments) -> method.getName().equals("isTerminal"));
    }

    @Test
    void theLineOfAQuarantinedTaskSaysWhatToDoNext() throws Exception {
        Config config = new Config().setPartitionCount(1).setShutdownGrace(Duration.ofMillis(50));
        GatedStore store = new GatedStore();
        try (EmbeddedNode killed = EmbeddedNode.start(config, store.next())) {
            long id = killed.getDurableExecutorService("jobs")
                    .submit(Probe.gated("log-line", "p"), TaskOptions.create().maxCrashes(1))
                    .getTaskId();
            Probe.of("log-line").awaitStarts(1);
            try (EmbeddedNode node =
                    EmbeddedNode.start(config, store.afterKill().next())) {
                assertThat(node.report().quarantined()).isEqualTo(1);
                assertThat(lines())
                        .singleElement()
                        .asString()
                        .contains("taskId=" + id, "executor=jobs", "crashes=1", "[HF-0910]")
                        .contains("holdfast tasks show " + id + " --data memory")
                        .contains("holdfast tasks retry " + id + " --data memory");
            }
        }
    }
}
