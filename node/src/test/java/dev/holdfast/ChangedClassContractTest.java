package dev.holdfast;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.StaleTaskIdException.Reason;
import dev.holdfast.node.codec.CompiledClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application is built anew between two runs of its node. */
class ChangedClassContractTest extends NodeFixture {

    private static final String JOB = """
            import dev.holdfast.*;
            import java.util.concurrent.Callable;
            public class Job {
                %s
                public static Callable<String> make() {
                    return (DurableCallable<String>) () -> "mine";
                }
            }
            """;
    private static final String ANOTHER_LAMBDA_BEFORE = """
            public static Callable<String> aaa() {
                return (DurableCallable<String>) () -> { System.setProperty("changed.class.ran", "yes"); return "not mine"; };
            }
            """;

    @TempDir
    Path directory;

    private Path classes() {
        return directory.resolve("classes");
    }

    private ClassLoader build(String members) throws IOException {
        return CompiledClasses.compile(classes(), "Job", JOB.formatted(members)).loader();
    }

    /** Stores the task of {@code Job}, and stops before it ran. */
    @SuppressWarnings("unchecked")
    private long store() throws Exception {
        ClassLoader loader = build("");
        start(config -> config.setClassLoader(loader).setAutoStart(false));
        long id = service()
                .submit((Callable<String>) CompiledClasses.make(loader, "Job"))
                .getTaskId();
        stop();
        return id;
    }

    private void startWith(ClassLoader loader) {
        start(config -> config.setClassLoader(loader));
    }

    private void isParked(long id, String reason) {
        await().until(() -> service().getTask(id).orElseThrow().state() == TaskState.PARKED);
        assertThat(service().getTask(id).orElseThrow().failure())
                .contains(reason)
                .matches(".* \\[HF-090[12]]");
        assertThat(service().retrieveResult(id).isDone()).isFalse();
    }

    @Test
    void aLambdaOfTheSameBuildRunsAfterARestart() throws Exception {
        long id = store();
        startWith(build(""));
        assertThat(service().retrieveResult(id).get(10, SECONDS)).isEqualTo("mine");
    }

    @Test
    void aLambdaOfAChangedClassIsParkedAndNeverRun() throws Exception {
        long id = store();
        startWith(build(ANOTHER_LAMBDA_BEFORE));
        isParked(id, "class changed since submission: retry with --accept-changed-code, or discard");
        assertThat(service().getStats().parked()).isEqualTo(1);
        assertThat(service().retry(id)).isTrue();
        await().until(() -> service().getStats().parked() == 2);
        isParked(id, "class changed since submission");
        startWith(build(ANOTHER_LAMBDA_BEFORE));
        isParked(id, "class changed since submission");
        assertThat(System.getProperty("changed.class.ran")).isNull();
        startWith(build(""));
        assertThat(service().retrieveResult(id).get(10, SECONDS)).isEqualTo("mine");
    }

    @Test
    void aChangedClassRunsOnceTheUserAcceptsIt() throws Exception {
        long id = store();
        startWith(build("static int unrelated;"));
        isParked(id, "class changed since submission");
        assertThat(service().retry(id, true)).isTrue();
        assertThat(service().retrieveResult(id).get(10, SECONDS)).isEqualTo("mine");
    }

    @Test
    void aParkedTaskCanBeDiscardedOrCancelled() throws Exception {
        long id = store();
        startWith(build("static int unrelated;"));
        isParked(id, "class changed since submission");
        assertThat(service().discard(id)).isTrue();
        assertThatThrownBy(() -> service().retrieveResult(id).get(10, SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        StaleTaskIdException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DISPOSED));
        long other = store();
        startWith(build("static int unrelated;"));
        isParked(other, "class changed since submission");
        assertThat(service().cancel(other)).isTrue();
        assertThat(service().getTask(other).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void aTaskWhoseClassVanishedIsParkedAndRunsWhenItIsBack() throws Exception {
        long id = store();
        Files.delete(classes().resolve("Job.class"));
        ClassLoader empty = ClassLoader.getSystemClassLoader();
        startWith(empty);
        isParked(id, "class missing");
        assertThat(service().submit(() -> "neighbour").get(10, SECONDS)).isEqualTo("neighbour");
        startWith(build(""));
        assertThat(service().retrieveResult(id).get(10, SECONDS)).isEqualTo("mine");
    }

    @Test
    void parkedTasksDoNotCountTowardsCapacity() throws Exception {
        long id = store();
        ClassLoader changed = build("static int unrelated;");
        start(config -> {
            config.setClassLoader(changed);
            config.getDurableExecutorConfig(NAME).setCapacity(1);
        });
        isParked(id, "class changed since submission");
        for (int i = 0; i < 3; i++) {
            assertThat(service().submit(() -> "x").get(10, SECONDS)).isEqualTo("x");
        }
    }
}
