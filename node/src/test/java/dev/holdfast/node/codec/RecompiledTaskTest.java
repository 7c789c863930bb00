package dev.holdfast.node.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.Config;
import dev.holdfast.storage.log.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task is stored by one build of an application and read by another. */
class RecompiledTaskTest {

    private static final String LAMBDA = """
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
                return (DurableCallable<String>) () -> "not mine";
            }
            """;

    private static final String NESTED = """
            import dev.holdfast.*;
            import java.io.Serializable;
            import java.util.concurrent.Callable;
            import java.util.function.Supplier;
            public class Job implements DurableCallable<String> {
                interface Source extends Supplier<String>, Serializable {}
                private final Source source;
                private Job(Source source) { this.source = source; }
                private static final long serialVersionUID = 1L;
                @Override public String call() { return source.get(); }
                %s
                public static Callable<String> make() { return new Job(() -> "mine"); }
            }
            """;
    private static final String ANOTHER_SOURCE_BEFORE = "static Source aaa() { return () -> \"not mine\"; }";

    private static final String ANONYMOUS = """
            import dev.holdfast.*;
            import java.util.concurrent.Callable;
            public class Job {
                public static Callable<String> make() {
                    return new DurableCallable<String>() {
                        @Override public String call() { return "%s"; }
                    };
                }
            }
            """;

    private static final String NAMED = """
            import dev.holdfast.*;
            public class Job implements DurableCallable<String> {
                %s
                public static Job make() { return new Job(); }
                @Override public String call() { return "%s"; }
            }
            """;

    @TempDir
    Path directory;

    private Path classes;

    @BeforeEach
    void setUp() {
        classes = directory.resolve("classes");
    }

    private JavaTaskCodec build(String source) throws IOException {
        return codec(CompiledClasses.compile(classes, "Job", source).loader());
    }

    private static JavaTaskCodec codec(ClassLoader loader) {
        return new JavaTaskCodec(new Config().setClassLoader(loader));
    }

    private TaskCodec.EncodedTask encode(String source) throws Exception {
        ClassLoader loader = CompiledClasses.compile(classes, "Job", source).loader();
        return codec(loader).encodeTask(CompiledClasses.make(loader, "Job"));
    }

    private static Object run(TaskCodec codec, TaskCodec.EncodedTask task) throws Exception {
        return codec.decodeTask(JavaTaskCodecTest.spec(task), task.bytes()).call();
    }

    private static void isParked(TaskCodec codec, TaskCodec.EncodedTask task, String... parts) {
        assertThatThrownBy(() -> codec.decodeTask(JavaTaskCodecTest.spec(task), task.bytes()))
                .isInstanceOf(UndecodableTaskException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void aLambdaOfTheSameBuildRuns() throws Exception {
        TaskCodec.EncodedTask task = encode(LAMBDA.formatted(""));
        assertThat(run(build(LAMBDA.formatted("")), task)).isEqualTo("mine");
    }

    @Test
    void aLambdaIsNotRunAfterItsClassChanged() throws Exception {
        TaskCodec.EncodedTask task = encode(LAMBDA.formatted(""));
        JavaTaskCodec changed = build(LAMBDA.formatted(ANOTHER_LAMBDA_BEFORE));
        isParked(changed, task, "class changed since submission: retry with --accept-changed-code, or discard", "Job");
    }

    @Test
    void theUserMayAcceptTheChange() throws Exception {
        TaskCodec.EncodedTask task = encode(LAMBDA.formatted(""));
        JavaTaskCodec changed = build(LAMBDA.formatted("static int unrelated;"));
        String accepted = changed.currentFingerprint(JavaTaskCodecTest.spec(task), task.bytes());
        assertThat(accepted).isNotNull().isNotEqualTo(task.fingerprint());
        TaskSpec spec = JavaTaskCodecTest.spec(
                new TaskCodec.EncodedTask(task.bytes(), task.codec(), task.typeName(), accepted));
        assertThat(changed.decodeTask(spec, task.bytes()).call()).isEqualTo("mine");
    }

    @Test
    void aLambdaInAFieldIsNotRunAfterItsClassChanged() throws Exception {
        TaskCodec.EncodedTask task = encode(NESTED.formatted(""));
        assertThat(task.fingerprint()).isNotNull();
        assertThat(run(build(NESTED.formatted("")), task)).isEqualTo("mine");
        isParked(build(NESTED.formatted(ANOTHER_SOURCE_BEFORE)), task, "class changed since submission");
    }

    @Test
    void anAnonymousClassIsNotRunAfterItChanged() throws Exception {
        TaskCodec.EncodedTask task = encode(ANONYMOUS.formatted("mine"));
        assertThat(run(build(ANONYMOUS.formatted("mine")), task)).isEqualTo("mine");
        isParked(build(ANONYMOUS.formatted("not mine")), task, "class changed since submission");
    }

    @Test
    void aNamedClassMayChangeItsBody() throws Exception {
        TaskCodec.EncodedTask task = encode(NAMED.formatted("", "old"));
        assertThat(run(build(NAMED.formatted("", "new")), task)).isEqualTo("new");
    }

    @Test
    void aNamedClassOfAnotherShapeParks() throws Exception {
        TaskCodec.EncodedTask task = encode(NAMED.formatted("", "old"));
        isParked(build(NAMED.formatted("public int added;", "new")), task, "serialVersionUID", "Job");
    }

    @Test
    void aMissingClassParksAndComesBack() throws Exception {
        TaskCodec.EncodedTask task = encode(NAMED.formatted("", "mine"));
        CompiledClasses compiled = CompiledClasses.compile(classes, "Job", NAMED.formatted("", "mine"));
        Files.delete(classes.resolve("Job.class"));
        JavaTaskCodec codec = codec(compiled.loader());
        isParked(codec, task, "class missing", "class=Job");
        CompiledClasses.compile(classes, "Job", NAMED.formatted("", "mine"));
        assertThat(run(codec, task)).isEqualTo("mine");
    }

    @Test
    void aMissingClassBehindALambdaParks() throws Exception {
        TaskCodec.EncodedTask task = encode(LAMBDA.formatted(""));
        CompiledClasses compiled = CompiledClasses.compile(classes, "Job", LAMBDA.formatted(""));
        Files.delete(classes.resolve("Job.class"));
        JavaTaskCodec codec = codec(compiled.loader());
        isParked(codec, task, "class missing", "class=Job");
        assertThat(codec.currentFingerprint(JavaTaskCodecTest.spec(task), task.bytes()))
                .isNull();
    }

    @Test
    void aFailingStaticInitialiserParks() throws Exception {
        TaskCodec.EncodedTask task =
                encode(NAMED.formatted("private static final long serialVersionUID = 1L;", "mine"));
        JavaTaskCodec codec = build(NAMED.formatted(
                "private static final long serialVersionUID = 1L; static int x = 1 / Integer.parseInt(\"0\");",
                "mine"));
        isParked(codec, task, "does not load or initialise", "Job");
        isParked(codec, task, "does not load or initialise", "Job");
    }

    @Test
    void aTaskFromAnotherLoaderIsFoundWhileItLives() throws Exception {
        ClassLoader other = CompiledClasses.compile(classes, "Job", NAMED.formatted("", "mine"))
                .loader();
        JavaTaskCodec codec = codec(RecompiledTaskTest.class.getClassLoader());
        TaskCodec.EncodedTask task = codec.encodeTask(CompiledClasses.make(other, "Job"));
        assertThat(run(codec, task)).isEqualTo("mine");
        isParked(codec(RecompiledTaskTest.class.getClassLoader()), task, "class missing");
    }
}
