package dev.holdfast.node.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableRunnable;
import dev.holdfast.config.Config;
import dev.holdfast.node.codec.records.RecordCodec;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of plain values, in their own form. */
class RecordFormTest {

    static final AtomicInteger MADE = new AtomicInteger();

    private final JavaTaskCodec codec = new JavaTaskCodec(new Config());

    record Inner(String text, int number, @Nullable Deeper deeper) implements Serializable {}

    record Deeper(double value) implements Serializable {
        Deeper {
            MADE.incrementAndGet();
        }
    }

    record Primitives(boolean z, byte b, char c, short s, int i, long j, float f, double d)
            implements DurableCallable<String> {
        @Override
        public String call() {
            return toString();
        }
    }

    record References(
            @Nullable Boolean z,
            @Nullable Byte b,
            @Nullable Character c,
            @Nullable Short s,
            @Nullable Integer i,
            @Nullable Long j,
            @Nullable Float f,
            @Nullable Double d,
            @Nullable String text,
            @Nullable TimeUnit constant,
            @Nullable UUID uuid,
            @Nullable Instant instant,
            @Nullable Duration duration,
            @Nullable LocalDate date,
            @Nullable LocalTime time,
            @Nullable LocalDateTime dateTime,
            @Nullable BigInteger whole,
            @Nullable BigDecimal decimal,
            @Nullable Inner inner)
            implements DurableCallable<String> {
        @Override
        public String call() {
            return toString();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // what is tested
    record Arrays8(
            boolean @Nullable [] z,
            byte @Nullable [] b,
            char @Nullable [] c,
            short @Nullable [] s,
            int @Nullable [] i,
            long @Nullable [] j,
            float @Nullable [] f,
            double @Nullable [] d)
            implements Serializable {
        List<Object> all() {
            return Stream.of(z, b, c, s, i, j, f, d)
                    .map(each -> (Object) Objects.requireNonNull(each))
                    .toList();
        }
    }

    static References references(String text, Instant instant, BigDecimal decimal) {
        return new References(
                true,
                (byte) -1,
                '\u20ac',
                Short.MIN_VALUE,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                Float.NaN,
                -0.0,
                text,
                TimeUnit.DAYS,
                new UUID(-1, 5),
                instant,
                Duration.ofSeconds(-3, 999_999_999),
                LocalDate.MIN,
                LocalTime.MAX,
                LocalDateTime.MAX,
                BigInteger.TWO.pow(3_000).negate(),
                decimal,
                new Inner("in \ud83d\ude00", 2, new Deeper(Double.NEGATIVE_INFINITY)));
    }

    static References nulls() {
        return new References(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null);
    }

    private Object roundTrip(Object value) throws Exception {
        TaskCodec.EncodedResult result = codec.encodeResult(value);
        assertThat(result.codec()).isEqualTo(RecordCodec.NAME);
        Object read = Objects.requireNonNull(codec.decodeResult(RecordCodec.NAME, result.bytes()));
        if (value instanceof DurableCallable<?>) {
            TaskCodec.EncodedTask task = codec.encodeTask(value);
            assertThat(task.codec()).isEqualTo(RecordCodec.NAME);
            assertThat(task.fingerprint()).isNull();
            assertThat(task.typeName()).isEqualTo(value.getClass().getName());
            assertThat(codec.decodeTask(JavaTaskCodecTest.spec(task), task.bytes())
                            .target())
                    .isEqualTo(read);
        }
        return read;
    }

    @Test
    void everyValueComesBack() throws Exception {
        for (Object value : List.of(
                new Primitives(true, (byte) -128, '\uffff', (short) -2, -3, Long.MIN_VALUE, -0f, Double.MIN_VALUE),
                new Primitives(false, (byte) 0, '\0', (short) 0, 0, 0, Float.NaN, Double.NaN),
                references("plain", Instant.MAX, BigDecimal.ONE),
                references("\0 \u00e9 \u20ac \ud800 alone", Instant.MIN, new BigDecimal("-1e-2147483647")),
                references("", Instant.EPOCH, new BigDecimal("12.50")),
                nulls(),
                new Inner("x".repeat(100_000), 1, null))) {
            assertThat(roundTrip(value)).isEqualTo(value).isNotSameAs(value);
        }
    }

    @Test
    void arraysComeBackAsCopies() throws Exception {
        Arrays8 arrays = new Arrays8(
                new boolean[] {true, false},
                new byte[] {-1, 2},
                new char[] {'\0', '\ud800'},
                new short[] {Short.MIN_VALUE},
                new int[] {Integer.MAX_VALUE, 1},
                new long[] {Long.MIN_VALUE},
                new float[] {Float.NaN, -0f},
                new double[] {});
        TaskCodec.EncodedResult stored = codec.encodeResult(arrays);
        Object[] before = arrays.all().stream().map(RecordFormTest::copy).toArray();
        Objects.requireNonNull(arrays.i())[0] = 5;
        Arrays8 first = (Arrays8) codec.decodeResult(stored.codec(), stored.bytes());
        assertThat(Arrays.deepEquals(Objects.requireNonNull(first).all().toArray(), before))
                .isTrue();
        Arrays.fill(Objects.requireNonNull(first.b()), (byte) 9);
        Arrays8 second = (Arrays8) codec.decodeResult(stored.codec(), stored.bytes());
        assertThat(Arrays.deepEquals(Objects.requireNonNull(second).all().toArray(), before))
                .isTrue();
    }

    private static Object copy(Object array) {
        int length = Array.getLength(array);
        Object copy = Array.newInstance(array.getClass().getComponentType(), length);
        System.arraycopy(array, 0, copy, 0, length);
        return copy;
    }

    record Running(int number) implements DurableRunnable {
        @Override
        public void run() {
            MADE.addAndGet(number);
        }
    }

    @Test
    void aRunnableIsRun() throws Exception {
        int before = MADE.get();
        TaskCodec.EncodedTask task = codec.encodeTask(new Running(1_000), null);
        assertThat(task.codec()).isEqualTo(RecordCodec.NAME);
        assertThat(codec.decodeTask(JavaTaskCodecTest.spec(task), task.bytes()).call())
                .isNull();
        assertThat(MADE.get()).isEqualTo(before + 1_000);
        assertThat(codec.currentFingerprint(JavaTaskCodecTest.spec(task), task.bytes()))
                .isNull();
        assertThat(codec.encodeTask(new Running(1), "its result").codec()).isEqualTo(JavaTaskCodec.NAME);
    }

    // ---- what Java serialisation keeps

    record WithList(List<String> list) implements Serializable {}

    record Generic<T extends Serializable>(T value) implements Serializable {}

    record Chain(int number, @Nullable Chain next) implements Serializable {}

    record Replaced(int number) implements Serializable {
        private Object writeReplace() {
            return "replaced";
        }
    }

    record Resolved(int number) implements Serializable {
        private Object readResolve() {
            return "resolved";
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // what is tested
    record Two(byte[] a, byte[] b) implements Serializable {}

    record TwoRecords(Deeper a, Deeper b) implements Serializable {}

    static final class OddDecimal extends BigDecimal {
        private static final long serialVersionUID = 1L;

        OddDecimal() {
            super("1");
        }
    }

    record Plain(int number) {}

    record Holding(Plain plain) implements Serializable {}

    @Test
    void whatCouldBeToldFromItsCopyIsLeftToJavaSerialisation() throws Exception {
        byte[] shared = {1};
        Deeper deeper = new Deeper(1);
        for (Object value : List.of(
                new WithList(List.of("a")),
                new Generic<>("a"),
                new Chain(1, new Chain(2, null)),
                new Replaced(1),
                new Resolved(1),
                new Two(shared, shared),
                new TwoRecords(deeper, deeper),
                references("x", Instant.EPOCH, new OddDecimal()))) {
            assertThat(codec.encodeResult(value).codec()).as("%s", value).isEqualTo(JavaTaskCodec.NAME);
        }
        assertThat(codec.encodeResult(new Two(shared, new byte[] {1})).codec()).isEqualTo(RecordCodec.NAME);
        assertThat(codec.encodeResult(new TwoRecords(deeper, new Deeper(1))).codec())
                .isEqualTo(RecordCodec.NAME);
        TaskCodec.EncodedResult twice = codec.encodeResult(new Two(shared, shared));
        Two read = (Two) Objects.requireNonNull(codec.decodeResult(twice.codec(), twice.bytes()));
        assertThat(read.a()).isSameAs(read.b());
    }

    @Test
    void whatIsNotSerialisableIsRefusedAsEver() {
        assertThatThrownBy(() -> codec.encodeResult(new Plain(1))).isInstanceOf(ResultNotEncodableException.class);
        assertThatThrownBy(() -> codec.encodeResult(new Holding(new Plain(1))))
                .isInstanceOf(ResultNotEncodableException.class)
                .hasMessageContaining("result.plain");
    }

    record Lying(int number) implements Serializable {
        @Override
        public int number() {
            return 99;
        }
    }

    @Test
    void fieldsAreStoredWhateverAccessorsSay() throws Exception {
        assertThat(roundTrip(new Lying(7)).toString()).isEqualTo("Lying[number=7]");
    }

    // ---- shown without classes

    @Test
    void aRecordIsShownAsJavaSerialisationIsShown() throws Exception {
        References value = references("text", Instant.EPOCH, new BigDecimal("12.50"));
        BodyStructure shown = BodyStructure.ofResult(
                RecordCodec.NAME, codec.encodeResult(value).bytes());
        assertThat(shown.problem()).isNull();
        assertThat(String.valueOf(shown.value()))
                .startsWith("{class=" + References.class.getName() + ", z=true, b=-1, c=\u20ac, s=-32768")
                .contains("f=NaN", "constant=java.util.concurrent.TimeUnit.DAYS", "date=-999999999-01-01")
                .contains("uuid=ffffffff-ffff-ffff-0000-000000000005, instant=1970-01-01T00:00:00Z, duration=PT-2")
                .contains("decimal=12.50, inner={class=" + Inner.class.getName())
                .endsWith("deeper={class=" + Deeper.class.getName() + ", value=-Infinity}}}");
        TaskCodec.EncodedTask task = codec.encodeTask(nulls());
        assertThat(String.valueOf(
                        BodyStructure.ofTask(task.codec(), task.bytes()).value()))
                .contains("z=null", "inner=null}");
        Arrays8 arrays = new Arrays8(null, new byte[40], null, null, new int[201], null, null, null);
        assertThat(String.valueOf(BodyStructure.ofResult(
                                RecordCodec.NAME, codec.encodeResult(arrays).bytes())
                        .value()))
                .contains("b=bytes(40) 0000", "0, ... (1 more)]");
    }

    // ---- class loaders

    @TempDir
    Path directory;

    @Test
    void noClassIsKeptThatNobodyElseKeeps() throws Exception {
        for (boolean isOfNode : new boolean[] {true, false}) {
            WeakReference<ClassLoader> loader = new WeakReference<>(used(isOfNode));
            await().untilAsserted(() -> {
                System.gc();
                assertThat(loader.get()).as("isOfNode=%s", isOfNode).isNull();
            });
        }
        assertThat(codec).isNotNull();
    }

    private ClassLoader used(boolean isOfNode) throws Exception {
        ClassLoader loader = CompiledClasses.compile(
                        directory,
                        "Job",
                        "public record Job(int a, String b, Color c) implements dev.holdfast.DurableCallable<String> {"
                                + " public enum Color { RED } public String call() { return b; }"
                                + " public static Job make() { return new Job(1, \"x\", Color.RED); } }")
                .loader();
        JavaTaskCodec own = isOfNode ? new JavaTaskCodec(new Config().setClassLoader(loader)) : codec;
        for (int i = 0; i < 1_000; i++) {
            TaskCodec.EncodedTask task = own.encodeTask(CompiledClasses.make(loader, "Job"));
            assertThat(own.decodeTask(JavaTaskCodecTest.spec(task), task.bytes())
                            .call())
                    .isEqualTo("x");
        }
        return loader;
    }
}
