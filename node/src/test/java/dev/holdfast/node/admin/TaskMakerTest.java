package dev.holdfast.node.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.TaskNotAllowedException;
import dev.holdfast.config.WhenFull;
import dev.holdfast.node.admin.AdminFailure.Reason;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class TaskMakerTest {

    private static final TaskMaker MAKER = new TaskMaker(TaskMakerTest.class.getClassLoader(), type -> {
        if (type == Forbidden.class) {
            throw new TaskNotAllowedException("not " + type.getName());
        }
    });
    private static boolean initialised;
    private static boolean forbiddenRan;

    record Everything(
            String text,
            int number,
            Long large,
            double fraction,
            boolean yes,
            char letter,
            WhenFull choice,
            Duration pause,
            Instant at,
            UUID id,
            Path file,
            BigDecimal price)
            implements Callable<String> {
        @Override
        public String call() {
            return toString();
        }
    }

    /** A bean: what frameworks make. */
    public static class Bean implements Runnable {
        public String open = "";
        private int count;

        public void setCount(int count) {
            this.count = count;
        }

        @Override
        public void run() {}
    }

    static final class NoTask {
        static {
            initialised = true;
        }
    }

    private int runs;

    final class Inner implements Runnable {
        @Override
        public void run() {
            runs++;
        }
    }

    @Test
    void aRecordTakesEveryTypeThatAWordCanBe() {
        Map<String, String> arguments = new HashMap<>(Map.of(
                "text", "a text",
                "number", "-7",
                "large", "9000000000",
                "fraction", "0.5",
                "yes", "true",
                "letter", "x",
                "choice", "REJECT",
                "pause", "90s",
                "at", "2026-01-31T12:00:00Z",
                "id", "00000000-0000-0001-0000-000000000002"));
        arguments.putAll(Map.of("file", "a/b", "price", "1.20"));
        assertThat(MAKER.make(Everything.class.getName(), arguments))
                .isEqualTo(new Everything(
                        "a text",
                        -7,
                        9_000_000_000L,
                        0.5,
                        true,
                        'x',
                        WhenFull.REJECT,
                        Duration.ofSeconds(90),
                        Instant.parse("2026-01-31T12:00:00Z"),
                        new UUID(1, 2),
                        Path.of("a/b"),
                        new BigDecimal("1.20")));
    }

    @Test
    void aBeanTakesItsSettersAndPublicFields() {
        Bean bean = (Bean) MAKER.make(Bean.class.getName(), Map.of("open", "x", "count", "3"));
        assertThat(bean.open).isEqualTo("x");
        assertThat(bean.count).isEqualTo(3);
        assertThat(((Bean) MAKER.make(Bean.class.getName(), Map.of())).count).isZero();
    }

    @Test
    void argumentsThatDoNotFitAreRefusedWithTheKnownOnes() {
        wrong(Bean.class, Map.of("cuont", "3"), "given=[cuont]", "known arguments: ()", "to be set: count, open");
        wrong(Everything.class, Map.of("text", "x"), "String text, int number", "WhenFull choice");
    }

    @Test
    void valuesThatDoNotFitAreRefusedWithWhatIsAllowed() {
        wrong(Bean.class, Map.of("count", "many"), "argument=count", "value=many", "not such a number");
        assertThatThrownBy(() -> ArgumentValues.parse(WhenFull.class, "NEVER"))
                .hasMessageContaining("allowed are EVICT_OLDEST, REJECT");
        assertThatThrownBy(() -> ArgumentValues.parse(boolean.class, "yes")).hasMessageContaining("true and false");
        assertThatThrownBy(() -> ArgumentValues.parse(Instant.class, "noon")).hasMessageContaining("ISO 8601");
        assertThatThrownBy(() -> ArgumentValues.parse(Map.class, "x")).hasMessageContaining("can be given here");
    }

    @Test
    void whatIsNoTaskIsRefusedAndNothingOfItRuns() {
        wrong(NoTask.class, Map.of(), "implements neither Callable nor Runnable");
        assertThat(initialised).isFalse();
        wrong(Inner.class, Map.of(), "an inner class that is not static");
        assertThat(runs).isZero();
        assertThatThrownBy(() -> MAKER.make("com.acme.Gone", Map.of()))
                .hasMessageContaining("No such class: class=com.acme.Gone")
                .satisfies(
                        failure -> assertThat(((AdminFailure) failure).reason()).isEqualTo(Reason.NOT_FOUND));
    }

    static final class Forbidden implements Runnable {
        static {
            forbiddenRan = true;
        }

        @Override
        public void run() {}
    }

    @Test
    void whatIsNotAllowedIsRefusedBeforeAnythingOfItRuns() {
        assertThatThrownBy(() -> MAKER.make(Forbidden.class.getName(), Map.of()))
                .isInstanceOf(TaskNotAllowedException.class);
        assertThat(forbiddenRan).isFalse();
    }

    private static void wrong(Class<?> type, Map<String, String> arguments, String... words) {
        assertThatThrownBy(() -> MAKER.make(type.getName(), arguments))
                .isInstanceOf(AdminFailure.class)
                .hasMessageContainingAll(words)
                .satisfies(
                        failure -> assertThat(((AdminFailure) failure).reason()).isEqualTo(Reason.USAGE));
    }
}
