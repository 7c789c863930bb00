package dev.holdfast.node.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.codec.records.RecordCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record whose class changed after it was stored comes to the same end in both forms, its own and Java serialisation. */
class ChangedRecordTest {

    private static final String JOB = """
            import dev.holdfast.*;
            import java.io.Serializable;
            import java.util.*;
            public record Job(%s) implements DurableCallable<String> {
                %s
                public String call() { return toString(); }
                public static Job make() { return new Job(%s); }
            }
            """;

    @TempDir
    Path directory;

    private Path classes;
    private int builds;

    @BeforeEach
    void setUp() {
        classes = directory.resolve("classes-0");
    }

    private ClassLoader build(String source) throws IOException {
        classes = directory.resolve("classes-" + ++builds);
        return CompiledClasses.compile(classes, "Job", source).loader();
    }

    private static JavaTaskCodec codec(ClassLoader loader) {
        return new JavaTaskCodec(new Config().setClassLoader(loader));
    }

    /** What became of it: its result, or the code of the reason that it is held for. */
    private static String outcome(JavaTaskCodec codec, TaskCodec.EncodedTask task) throws Exception {
        try {
            return String.valueOf(
                    codec.decodeTask(JavaTaskCodecTest.spec(task), task.bytes()).call());
        } catch (UndecodableTaskException e) {
            String message = String.valueOf(e.getMessage());
            return message.substring(message.lastIndexOf("[HF-"));
        }
    }

    private static TaskCodec.EncodedTask asStream(Object task) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(task);
        }
        return new TaskCodec.EncodedTask(bytes.toByteArray(), JavaTaskCodec.NAME, "Job", null);
    }

    /** The end that {@code before} comes to under {@code after}; the same one twice, as the second time it is remembered. */
    private String end(String before, String after) throws Exception {
        ClassLoader old = build(before);
        Object task = CompiledClasses.make(old, "Job");
        TaskCodec.EncodedTask stored = codec(old).encodeTask(task);
        assertThat(stored.codec()).isEqualTo(RecordCodec.NAME);
        TaskCodec.EncodedTask stream = asStream(task);
        JavaTaskCodec changed = codec(build(after));
        String end = outcome(changed, stored);
        assertThat(outcome(changed, stored)).isEqualTo(end);
        assertThat(end).as(after).isEqualTo(outcome(changed, stream));
        return end;
    }

    private static String job(String components, String body, String values) {
        return JOB.formatted(components, body, values);
    }

    /** A class that is only read into. */
    private static String now(String components, String body) {
        return job(components, body, "").replace("new Job()", "null");
    }

    @Test
    void componentsAreMatchedByName() throws Exception {
        String before = job("int a, String b", "", "7, \"text\"");
        assertThat(end(before, now("String b, int a", ""))).isEqualTo("Job[b=text, a=7]");
        assertThat(end(before, now("int a", ""))).isEqualTo("Job[a=7]");
        assertThat(end(before, now("", ""))).isEqualTo("Job[]");
        assertThat(end(
                        before,
                        now("long c, String b, Integer d, byte[] e, boolean f, double g, char h, List<String> i", "")))
                .startsWith("Job[c=0, b=text, d=null, e=null, f=false, g=0.0, h=\0, i=null]");
    }

    @Test
    void aPrimitiveKeepsItsType() throws Exception {
        String before = job("int a, Integer b", "", "7, 8");
        String held = end(before, now("long a, Integer b", ""));
        assertThat(held).startsWith("[HF-");
        assertThat(end(before, now("Integer a, Integer b", ""))).isEqualTo(held);
        assertThat(end(before, now("int a, int b", ""))).isEqualTo(held);
    }

    @Test
    void aReferenceFitsWhereItMayBeAssigned() throws Exception {
        String before = job("Integer a, String b", "", "7, \"text\"");
        assertThat(end(before, now("Number a, CharSequence b", ""))).isEqualTo("Job[a=7, b=text]");
        assertThat(end(before, now("Object a, Object b", ""))).isEqualTo("Job[a=7, b=text]");
        assertThat(end(job("Integer a, String b", "", "null, null"), now("Long a, List<String> b", "")))
                .isEqualTo("Job[a=null, b=null]");
    }

    @Test
    void aValueThatDoesNotFitItsComponentHoldsTheTask() throws Exception {
        ClassLoader old = build(job("String a", "", "\"text\""));
        TaskCodec.EncodedTask stored = codec(old).encodeTask(CompiledClasses.make(old, "Job"));
        String held = outcome(codec(build(now("Integer a", ""))), stored);
        // Java serialisation says that it can't be read; that the class does not fit is what an operator can act on.
        // Java serialisation says that it can't be read; that the class does not fit is what an operator can act on.
        assertThat(ErrorCode.CLASS_INCOMPATIBLE.says("it")).endsWith(held);
    }

    @Test
    void nestedRecordsChangeLikewise() throws Exception {
        String inner = "public record Inner(int a) implements Serializable {}";
        String before = job("Inner i, int z", inner, "new Inner(3), 4");
        assertThat(end(before, now("Inner i, int z", inner.replace("int a", "String b, int a"))))
                .isEqualTo("Job[i=Inner[b=null, a=3], z=4]");
        assertThat(end(before, now("int z", ""))).isEqualTo("Job[z=4]");
        assertThat(end(before, now("Object i, int z", inner))).isEqualTo("Job[i=Inner[a=3], z=4]");
        assertThat(end(before, now("Object i, int z", ""))).startsWith("[HF-");
        assertThat(end(job("Inner i, int z", inner, "null, 4"), now("Object i, int z", "")))
                .isEqualTo("Job[i=null, z=4]");
    }

    @Test
    void enumsChangeLikewise() throws Exception {
        String before = job("Color c", "public enum Color { RED, GREEN { } }", "Color.GREEN");
        assertThat(end(before, now("Color c", "public enum Color { GREEN, BLUE, RED }")))
                .isEqualTo("Job[c=GREEN]");
        assertThat(end(before, now("Color c", "public enum Color { RED }"))).startsWith("[HF-");
        assertThat(end(before, now("Object c", "public enum Color { GREEN }"))).isEqualTo("Job[c=GREEN]");
        assertThat(end(before, now("Object c", "public record Color() implements Serializable {}")))
                .startsWith("[HF-");
    }

    @Test
    void theConstructorHasItsSay() throws Exception {
        String before = job("int a", "", "7");
        assertThat(end(before, job("int a", "public Job { a = a + 1; }", "0"))).isEqualTo("Job[a=8]");
        for (String problem : new String[] {"IllegalStateException", "AssertionError", "StackOverflowError"}) {
            assertThat(end(before, job("int a", "public Job { if (true) throw new " + problem + "(); }", "0")))
                    .startsWith("[HF-");
        }
        assertThat(end(before, job("int a", "static int x = 1 / Integer.parseInt(\"0\");", "0")))
                .startsWith("[HF-");
    }

    @Test
    void whatIsNoSuchRecordAnyMoreHoldsTheTask() throws Exception {
        String before = job("int a", "", "7");
        String plain = job("int a", "", "0");
        assertThat(end(before, plain.replace("DurableCallable<String>", "java.util.concurrent.Callable<String>")))
                .startsWith("[HF-");
        assertThat(end(
                        before,
                        "public class Job implements dev.holdfast.DurableCallable<String>"
                                + " { private int a; public String call() { return \"\"; } }"))
                .startsWith("[HF-");
        assertThat(end(
                        before,
                        plain.replace("DurableCallable<String>", "DurableRunnable")
                                .replace("String call() { return toString(); }", "void run() {}")))
                .startsWith("[HF-");
    }

    @Test
    void aClassThatIsMissingMayComeBack() throws Exception {
        ClassLoader old = build(job("int a", "", "7"));
        TaskCodec.EncodedTask stored = codec(old).encodeTask(CompiledClasses.make(old, "Job"));
        ClassLoader later = build(now("int a", ""));
        Path file = classes.resolve("Job.class");
        Path away = classes.resolve("away");
        Files.move(file, away);
        JavaTaskCodec codec = codec(later);
        assertThat(outcome(codec, stored)).startsWith("[HF-").isEqualTo(outcome(codec, asStream(old, stored)));
        Files.move(away, file);
        assertThat(outcome(codec, stored)).isEqualTo("Job[a=7]");
    }

    private static TaskCodec.EncodedTask asStream(ClassLoader loader, TaskCodec.EncodedTask stored) throws Exception {
        Callable<?> task = codec(loader).decodeTask(JavaTaskCodecTest.spec(stored), stored.bytes());
        return asStream(((TaskCodec.Decoded) task).target());
    }

    @Test
    void aReadResolveThatCameLaterHoldsTheTask() throws Exception {
        ClassLoader old = build(job("int a", "", "7"));
        TaskCodec.EncodedTask stored = codec(old).encodeTask(CompiledClasses.make(old, "Job"));
        String resolving = job("int a", "private Object readResolve() { return new Job(9); }", "0");
        assertThat(outcome(codec(build(resolving)), stored)).startsWith("[HF-");
    }
}
