package dev.holdfast.node.codec;

import static dev.holdfast.node.codec.RecordFormTest.MADE;
import static dev.holdfast.node.codec.RecordFormTest.nulls;
import static dev.holdfast.node.codec.RecordFormTest.references;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ResultNotReadableException;
import dev.holdfast.TaskNotAllowedException;
import dev.holdfast.TaskNotSerializableException;
import dev.holdfast.config.Config;
import dev.holdfast.node.codec.RecordFormTest.Deeper;
import dev.holdfast.node.codec.RecordFormTest.Inner;
import dev.holdfast.node.codec.RecordFormTest.Primitives;
import dev.holdfast.node.codec.RecordFormTest.References;
import dev.holdfast.node.codec.RecordFormTest.Two;
import dev.holdfast.node.codec.records.RecordCodec;
import java.io.ObjectInputFilter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/** What a record may hold when it is written and read, and what becomes of bytes that are none. */
class RecordLimitsTest {

    private final JavaTaskCodec codec = new JavaTaskCodec(new Config());

    @Test
    void theAllowListHoldsWhenARecordIsWrittenAndRead() throws Exception {
        Config config = new Config();
        config.getSerializationConfig().addAllowedClasses("com.acme.**");
        JavaTaskCodec strict = new JavaTaskCodec(config);
        Primitives task = new Primitives(true, (byte) 1, 'c', (short) 1, 1, 1, 1, 1);
        assertThatThrownBy(() -> strict.encodeTask(task))
                .isInstanceOf(TaskNotAllowedException.class)
                .hasMessageContainingAll(Primitives.class.getName(), "serialization.allow");
        TaskCodec.EncodedTask stored = codec.encodeTask(task);
        assertThatThrownBy(() -> strict.decodeTask(JavaTaskCodecTest.spec(stored), stored.bytes()))
                .isInstanceOf(UndecodableTaskException.class)
                .hasMessageContainingAll(Primitives.class.getName(), "serialization.allow");
        int before = MADE.get();
        byte[] nested = codec.encodeResult(new Inner("", 1, new Deeper(1))).bytes();
        config.getSerializationConfig().addAllowedClasses(Inner.class.getName());
        assertThatThrownBy(() -> new JavaTaskCodec(config).decodeResult(RecordCodec.NAME, nested))
                .isInstanceOf(ResultNotReadableException.class)
                .hasMessageContaining(Deeper.class.getName());
        assertThat(MADE.get()).isEqualTo(before + 1);
        config.getSerializationConfig().addAllowedClasses("dev.holdfast.node.codec.*");
        JavaTaskCodec allowing = new JavaTaskCodec(config);
        References all = references("x", Instant.EPOCH, BigDecimal.ONE);
        assertThat(allowing.decodeResult(
                        RecordCodec.NAME, allowing.encodeResult(all).bytes()))
                .isEqualTo(all);
    }

    @Test
    void limitsHoldWhenARecordIsRead() throws Exception {
        byte[] bytes = codec.encodeResult(references("x".repeat(500), Instant.EPOCH, BigDecimal.ONE))
                .bytes();
        Two arrays = new Two(new byte[11], new byte[1]);
        Config config = new Config();
        config.getSerializationConfig().setMaxDepth(3);
        isRefused(config, bytes, "max-depth=3");
        config = new Config();
        config.getSerializationConfig().setMaxReferences(10);
        isRefused(config, bytes, "max-references=10");
        config = new Config();
        config.getSerializationConfig().setMaxBytes(500);
        isRefused(config, bytes, "max-bytes=500");
        config = new Config();
        config.getSerializationConfig().setMaxArrayLength(10);
        isRefused(config, codec.encodeResult(arrays).bytes(), "max-array-length=10");
    }

    private static void isRefused(Config config, byte[] bytes, String limit) {
        assertThatThrownBy(() -> new JavaTaskCodec(config).decodeResult(RecordCodec.NAME, bytes))
                .isInstanceOf(ResultNotReadableException.class)
                .hasMessageContaining(limit);
    }

    @Test
    void aRecordOverTheLimitIsRefusedWithNumbers() {
        JavaTaskCodec small = new JavaTaskCodec(new Config().setMaxPayload(1000));
        assertThatThrownBy(() -> small.encodeTask(references("x".repeat(1000), Instant.EPOCH, BigDecimal.ONE)))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContainingAll("payload-bytes", "max-payload=1000");
        assertThatThrownBy(() -> small.encodeResult(new Two(new byte[2000], new byte[1])))
                .isInstanceOf(ResultNotEncodableException.class)
                .hasMessageContainingAll("payload-bytes", "max-payload=1000");
    }

    /** The main class of {@link #whatIsSetForTheJvmHoldsForRecords}. */
    static final class UnderAFilter {
        public static void main(String[] args) throws Exception {
            JavaTaskCodec codec = new JavaTaskCodec(new Config());
            Inner good = new Inner("x", 1, null);
            byte[] large =
                    codec.encodeResult(new Two(new byte[11], new byte[1])).bytes();
            byte[] other = codec.encodeResult(references("x", Instant.EPOCH, BigDecimal.ONE))
                    .bytes();
            for (int round = 0; round < 3; round++) {
                assertThat(codec.decodeResult(
                                RecordCodec.NAME, codec.encodeResult(good).bytes()))
                        .isEqualTo(good);
                for (byte[] bad : List.of(large, other)) {
                    assertThatThrownBy(() -> codec.decodeResult(RecordCodec.NAME, bad))
                            .hasMessageContaining("jdk.serialFilter");
                }
            }
            System.exit(42);
        }
    }

    /** Lets every stream have what {@code jdk.serialFilter} says, and nothing else. */
    public static final class Factory implements BinaryOperator<ObjectInputFilter> {
        public Factory() {}

        @Override
        public ObjectInputFilter apply(ObjectInputFilter current, ObjectInputFilter next) {
            return current == null ? next : current;
        }
    }

    @Test
    void whatIsSetForTheJvmHoldsForRecords() throws Exception {
        for (List<String> more :
                List.of(List.<String>of(), List.of("-Djdk.serialFilterFactory=" + Factory.class.getName()))) {
            ArrayList<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djdk.serialFilter=maxarray=10;!java.util.UUID"));
            command.addAll(more);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), UnderAFilter.class.getName()));
            Process process = new ProcessBuilder(command).inheritIO().start();
            assertThat(process.waitFor()).as("%s", more).isEqualTo(42);
        }
    }

    // ---- hostile bytes

    @Test
    void tornAndLongerBytesAreNotRead() throws Exception {
        byte[] whole = codec.encodeResult(references("x", Instant.EPOCH, BigDecimal.ONE))
                .bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> codec.decodeResult(RecordCodec.NAME, torn))
                    .isInstanceOf(ResultNotReadableException.class);
            assertThat(BodyStructure.ofResult(RecordCodec.NAME, torn).problem()).isNotNull();
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> codec.decodeResult(RecordCodec.NAME, longer)).hasMessageContaining("after its end");
        byte[] newer = whole.clone();
        newer[0] = 2;
        assertThatThrownBy(() -> codec.decodeResult(RecordCodec.NAME, newer)).hasMessageContaining("version=2");
    }

    @Test
    void damagedBytesAreReadOrRefusedAndDoNothingElse() throws Exception {
        long seed = 41;
        SplittableRandom random = new SplittableRandom(seed);
        List<Object> values = List.of(
                references("text", Instant.now(), new BigDecimal("1.5")),
                nulls(),
                new Two(new byte[] {1, 2}, new byte[] {3}),
                new Primitives(true, (byte) 1, 'c', (short) 1, 1, 1, 1, 1));
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = codec.encodeResult(values.get(random.nextInt(values.size())))
                    .bytes();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(codec.decodeResult(RecordCodec.NAME, damaged)).isNotNull();
            } catch (ResultNotReadableException e) {
                assertThat(e.getCause())
                        .as("seed=%d, round=%d", seed, round)
                        .isNotNull()
                        .isNotInstanceOf(Error.class);
            }
            assertThat(BodyStructure.ofResult(RecordCodec.NAME, damaged)).isNotNull();
        }
    }

    /** A number's digits take time that grows with the square of them: a million bits would keep the console for a minute. */
    @Test
    void ofAHugeNumberItsSizeIsShown() throws Exception {
        BigDecimal huge = new BigDecimal(BigInteger.ONE.shiftLeft(100_000_000), 3);
        byte[] bytes = codec.encodeResult(references("x", Instant.EPOCH, huge)).bytes();
        assertThat(BodyStructure.ofResult(RecordCodec.NAME, bytes).toString())
                .contains("BigDecimal(100000001 bits, scale 3)");
        BigDecimal long600 = new BigDecimal(BigInteger.ONE.shiftLeft(2_000));
        assertThat(BodyStructure.ofResult(
                                RecordCodec.NAME,
                                codec.encodeResult(references("x", Instant.EPOCH, long600))
                                        .bytes())
                        .toString())
                .contains(long600.toString());
    }

    @Test
    void aLengthIsNotBelievedBeforeItsBytesAreThere() throws Exception {
        byte[] bytes = codec.encodeResult(new Two(new byte[1], new byte[1])).bytes();
        ByteBuffer.wrap(bytes).putInt(bytes.length - 1 - 4, Integer.MAX_VALUE);
        assertThatThrownBy(() -> codec.decodeResult(RecordCodec.NAME, bytes)).hasMessageContaining("no such length");
    }
}
