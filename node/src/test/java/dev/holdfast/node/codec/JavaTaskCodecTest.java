package dev.holdfast.node.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableRunnable;
import dev.holdfast.TaskNotAllowedException;
import dev.holdfast.TaskNotSerializableException;
import dev.holdfast.config.Config;
import dev.holdfast.storage.log.TaskSpec;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class JavaTaskCodecTest {

    private static final AtomicInteger RUNS = new AtomicInteger();

    private final JavaTaskCodec codec = new JavaTaskCodec(new Config());

    static TaskSpec spec(TaskCodec.EncodedTask task) {
        return new TaskSpec(
                task.codec(), task.typeName(), task.fingerprint(), null, null, null, 3, TaskSpec.NO_TTL, true);
    }

    private static Object roundTrip(TaskCodec codec, TaskCodec.EncodedTask task) throws Exception {
        return codec.decodeTask(spec(task), task.bytes()).call();
    }

    record Sum(int a, int b) implements DurableCallable<Integer> {
        @Override
        public Integer call() {
            return a + b;
        }
    }

    @Test
    void aNamedCallableComesBackWithoutAFingerprint() throws Exception {
        TaskCodec.EncodedTask task = codec.encodeTask(new Sum(3, 4));
        assertThat(task.fingerprint()).isNull();
        assertThat(task.typeName()).isEqualTo(Sum.class.getName());
        assertThat(roundTrip(codec, task)).isEqualTo(7);
        assertThat(codec.decodeTask(spec(task), task.bytes()).target()).isEqualTo(new Sum(3, 4));
        assertThat(codec.currentFingerprint(spec(task), task.bytes())).isNull();
    }

    @Test
    void aLambdaComesBackWithWhatItCaptured() throws Exception {
        String captured = "stored";
        DurableCallable<String> lambda = () -> captured + "!";
        TaskCodec.EncodedTask task = codec.encodeTask(lambda);
        assertThat(task.fingerprint()).hasSize(32).isEqualTo(codec.currentFingerprint(spec(task), task.bytes()));
        assertThat(task.typeName()).isEqualTo(JavaTaskCodecTest.class.getName() + "$$Lambda");
        assertThat(roundTrip(codec, task)).isEqualTo("stored!");
    }

    @Test
    void aRunnableAnswersItsResult() throws Exception {
        int before = RUNS.get();
        DurableRunnable task = () -> RUNS.incrementAndGet();
        assertThat(roundTrip(codec, codec.encodeTask(task, List.of("result")))).isEqualTo(List.of("result"));
        assertThat(roundTrip(codec, codec.encodeTask(task, null))).isNull();
        assertThat(roundTrip(codec, codec.encodeTask(task))).isNull();
        assertThat(RUNS.get()).isEqualTo(before + 3);
    }

    static class Both implements Callable<String>, Runnable, Serializable {
        @Override
        public String call() {
            return "called";
        }

        @Override
        public void run() {
            RUNS.addAndGet(100);
        }
    }

    @Test
    void aTaskOfBothKindsIsRunAsItWasSubmitted() throws Exception {
        assertThat(roundTrip(codec, codec.encodeTask(new Both()))).isEqualTo("called");
        assertThat(roundTrip(codec, codec.encodeTask(new Both(), "ran"))).isEqualTo("ran");
    }

    // ---- what can not be stored

    static class Service {}

    static class Holder implements Serializable {
        private final Object inner;

        Holder(Object inner) {
            this.inner = inner;
        }

        @Override
        public String toString() {
            return "holder of " + inner.getClass();
        }
    }

    static class Task implements DurableCallable<String> {
        private final Object field;

        Task(Object field) {
            this.field = field;
        }

        @Override
        public String call() {
            return String.valueOf(field);
        }
    }

    private void isRefused(Object task, String... parts) {
        assertThatThrownBy(() -> codec.encodeTask(task))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void thePathOfTheFieldIsNamed() {
        isRefused(
                new Task(new Holder(Arrays.asList(1, 2, 3, new Service()))),
                "task.field.inner[3]",
                Service.class.getName(),
                "transient",
                "userContext");
        isRefused(new Task(new Object[] {"a", new Service()}), "task.field[1]");
        Map<String, Object> map = new HashMap<>();
        map.put("clock", new Holder(new Service()));
        isRefused(new Task(map), "task.field[clock].inner");
    }

    @Test
    void aPlainLambdaIsToldToBeADurableOne() {
        Callable<String> plain = () -> "x";
        isRefused(plain, "lambda", "DurableCallable");
        isRefused(
                (Callable<String>) new Callable<String>() {
                    @Override
                    public String call() {
                        return "x";
                    }
                },
                "static nested class");
    }

    @Test
    void aLambdaThatCapturesThisIsToldSo() {
        isRefused((DurableCallable<String>) () -> codec.toString(), "task.captured[0]", "captures 'this'");
        Service service = new Service();
        isRefused((DurableCallable<String>) () -> service.toString(), "task.captured[0]", Service.class.getName());
    }

    @Test
    void anInnerClassIsToldAboutItsEnclosingInstance() {
        class Inner implements DurableCallable<String> {
            @Override
            public String call() {
                return codec.toString();
            }
        }
        isRefused(new Inner(), "task.this$0", "static nested class");
    }

    @Test
    void aResultThatIsNotSerializableIsNamed() {
        DurableRunnable task = () -> RUNS.incrementAndGet();
        assertThatThrownBy(() -> codec.encodeTask(task, new Service()))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining("result is not Serializable");
    }

    @Test
    void aTaskOverTheLimitIsRefusedWithNumbers() {
        JavaTaskCodec small = new JavaTaskCodec(new Config().setMaxPayload(1000));
        assertThatThrownBy(() -> small.encodeTask(new Task(new byte[1001])))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContainingAll("payload-bytes", "max-payload=1000");
    }

    @Test
    void anEndlesslyDeepTaskIsRefused() {
        Object chain = "end";
        for (int i = 0; i < 200_000; i++) {
            chain = new Holder(chain);
        }
        isRefused(new Task(chain), "too deeply");
    }

    // ---- what can not be read

    static class Poison implements DurableCallable<String> {
        private final String kind;

        Poison(String kind) {
            this.kind = kind;
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            switch (kind) {
                case "runtime" -> throw new IllegalStateException("poison");
                case "error" -> throw new AssertionError("poison");
                case "stack" -> overflow(0);
                default -> throw new IOException("poison");
            }
        }

        private static int overflow(int depth) {
            return depth < 0 ? depth : overflow(depth + 1) + depth;
        }

        @Override
        public String call() {
            return kind;
        }
    }

    private static void isParked(TaskCodec codec, TaskCodec.EncodedTask task, String... parts) {
        assertThatThrownBy(() -> codec.decodeTask(spec(task), task.bytes()))
                .isInstanceOf(UndecodableTaskException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void whateverAClassThrowsWhileItIsReadParks() {
        for (String kind : List.of("runtime", "error", "io")) {
            isParked(codec, codec.encodeTask(new Poison(kind)), "poison", "retry, or discard");
        }
        isParked(codec, codec.encodeTask(new Poison("stack")), "nested too deeply");
    }

    @Test
    void tornBytesPark() {
        TaskCodec.EncodedTask whole = codec.encodeTask(new Task("x"));
        for (int length = 0; length < whole.bytes().length; length++) {
            byte[] torn = Arrays.copyOf(whole.bytes(), length);
            assertThatThrownBy(() -> codec.decodeTask(spec(whole), torn)).isInstanceOf(UndecodableTaskException.class);
        }
    }

    @Test
    void damagedBytesParkOrDecodeAndDoNothingElse() {
        long seed = 23;
        SplittableRandom random = new SplittableRandom(seed);
        Object graph = new ArrayList<>(List.of(new HashMap<>(Map.of("k", 1)), new int[] {1}, new Holder("x"), "text"));
        TaskCodec.EncodedTask whole = codec.encodeTask(new Task(graph));
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = whole.bytes().clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(codec.decodeTask(spec(whole), damaged).target()).isNotNull();
            } catch (UndecodableTaskException e) {
                assertThat(e.getMessage()).as("seed=%d, round=%d", seed, round).isNotBlank();
            } catch (Throwable e) {
                throw new AssertionError("seed=" + seed + ", round=" + round, e);
            }
        }
    }

    @Test
    void anUnknownCodecParks() {
        TaskCodec.EncodedTask task = codec.encodeTask(new Task("x"));
        TaskSpec other = new TaskSpec("kryo", "T", null, null, null, null, 3, TaskSpec.NO_TTL, true);
        assertThatThrownBy(() -> codec.decodeTask(other, task.bytes()))
                .isInstanceOf(UndecodableTaskException.class)
                .hasMessageContaining("codec=kryo");
    }

    // ---- the allow-list

    private static Config allowing(String... patterns) {
        Config config = new Config();
        config.getSerializationConfig().addAllowedClasses(patterns);
        return config;
    }

    @Test
    void aClassThatIsNotAllowedIsRefusedAtSubmitAndAtReplay() {
        JavaTaskCodec strict = new JavaTaskCodec(allowing("com.acme.**"));
        assertThatThrownBy(() -> strict.encodeTask(new Task("x")))
                .isInstanceOf(TaskNotAllowedException.class)
                .hasMessageContainingAll(Task.class.getName(), "serialization.allow");
        isParked(strict, codec.encodeTask(new Task("x")), Task.class.getName(), "serialization.allow");
        isParked(strict, codec.encodeTask((DurableCallable<String>) () -> "x"), "not on the allow-list");
    }

    @Test
    void allowedClassesMayHoldValuesOfTheJdk() throws Exception {
        JavaTaskCodec strict = new JavaTaskCodec(allowing("dev.holdfast.node.codec.*"));
        List<Object> values = new ArrayList<>(List.of(
                1,
                "a",
                List.of(2L),
                Map.of("k", new int[] {1}),
                java.time.Instant.EPOCH,
                java.time.LocalDate.EPOCH,
                java.math.BigDecimal.ONE,
                java.util.UUID.randomUUID(),
                new Task[0],
                new String[0][0],
                java.util.concurrent.TimeUnit.DAYS,
                new IOException("io", new IllegalStateException())));
        TaskCodec.EncodedTask task = strict.encodeTask(new Task(values));
        assertThat(roundTrip(strict, task)).asString().startsWith("[1, a, [2]");
        int captured = RUNS.get();
        assertThat(roundTrip(strict, strict.encodeTask((DurableCallable<Integer>) () -> captured + 1)))
                .isEqualTo(captured + 1);
    }

    @Test
    void anOpenPortNeedsAnAllowList() {
        Config open = new Config();
        open.getNetworkConfig().setEnabled(true);
        assertThatThrownBy(() -> new JavaTaskCodec(open).encodeTask(new Task("x")))
                .isInstanceOf(TaskNotAllowedException.class);
    }

    @Test
    void limitsHoldWhenAStreamIsRead() {
        Config config = new Config();
        config.getSerializationConfig().setMaxDepth(10).setMaxArrayLength(100).setMaxReferences(1000);
        JavaTaskCodec limited = new JavaTaskCodec(config);
        Object chain = "end";
        for (int i = 0; i < 20; i++) {
            chain = new Holder(chain);
        }
        isParked(limited, codec.encodeTask(new Task(chain)), "max-depth=10");
        isParked(limited, codec.encodeTask(new Task(new byte[101])), "max-array-length=100");
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            List<Object> inner = new ArrayList<>();
            for (int j = 0; j < 90; j++) {
                inner.add(new Holder(new int[1]));
            }
            many.add(inner);
        }
        isParked(limited, codec.encodeTask(new Task(many)), "max-references=1000");
    }

    @Test
    void aLambdaOfTheJdkNeedsNoFingerprint() {
        assertThat(codec.encodeTask(new Task(Map.Entry.<String, String>comparingByKey()))
                        .fingerprint())
                .isNull();
    }
}
