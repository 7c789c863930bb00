package dev.holdfast.node.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.RemoteTaskException;
import dev.holdfast.ResultNotReadableException;
import dev.holdfast.config.Config;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ResultAndFailureCodecTest {

    private final JavaTaskCodec codec = new JavaTaskCodec(new Config());

    private @org.jspecify.annotations.Nullable Object roundTrip(Object result) throws Exception {
        TaskCodec.EncodedResult encoded = codec.encodeResult(result);
        return codec.decodeResult(encoded.codec(), encoded.bytes());
    }

    @Test
    void resultsComeBackEqual() throws Exception {
        List<Object> results = List.of(
                "",
                "text",
                "\u00e4\u20ac",
                "\ud83d\ude00",
                "broken \ud83d half",
                0,
                -1,
                Integer.MIN_VALUE,
                0L,
                Long.MAX_VALUE,
                1.5,
                -0.0,
                Double.NaN,
                true,
                false,
                'c',
                (short) 3,
                (byte) 4,
                2.5f,
                java.math.BigDecimal.TEN,
                List.of(1, "a"),
                java.util.UUID.randomUUID(),
                Thread.State.NEW);
        for (Object result : results) {
            assertThat(roundTrip(result)).isEqualTo(result).hasSameClassAs(result);
        }
        assertThat(roundTrip(new byte[] {1, 2})).isEqualTo(new byte[] {1, 2});
        assertThat(roundTrip(new int[] {1, 2})).isEqualTo(new int[] {1, 2});
        TaskCodec.EncodedResult nothing = codec.encodeResult(null);
        assertThat(nothing.bytes()).isEmpty();
        assertThat(codec.decodeResult(nothing.codec(), nothing.bytes())).isNull();
    }

    @Test
    void aTaskMayGoOnWritingToItsArray() throws Exception {
        byte[] live = {1};
        TaskCodec.EncodedResult encoded = codec.encodeResult(live);
        live[0] = 2;
        assertThat(codec.decodeResult(encoded.codec(), encoded.bytes())).isEqualTo(new byte[] {1});
    }

    static class Unstorable {}

    static class Explosive implements Serializable {
        private void writeObject(java.io.ObjectOutputStream out) {
            throw new IllegalStateException("boom");
        }
    }

    private void isNotEncodable(JavaTaskCodec codec, Object result, String... parts) {
        assertThatThrownBy(() -> codec.encodeResult(result))
                .isInstanceOf(ResultNotEncodableException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void whatCanNotBeStoredIsSaid() {
        isNotEncodable(codec, new Unstorable(), "result is not Serializable", Unstorable.class.getName());
        isNotEncodable(codec, new ArrayList<>(List.of(1, new Unstorable())), "result[1]");
        isNotEncodable(codec, new Explosive(), "boom");
        Object chain = "end";
        for (int i = 0; i < 200_000; i++) {
            chain = new Object[] {chain};
        }
        isNotEncodable(codec, chain, "StackOverflowError");
    }

    @Test
    void whatIsTooLargeIsSaidWithNumbers() {
        JavaTaskCodec small = new JavaTaskCodec(new Config().setMaxPayload(1000));
        for (Object large : List.of(new byte[1001], "x".repeat(1001), new long[1000], "\u20ac".repeat(500))) {
            isNotEncodable(small, large, "too large", "max-payload=1000");
        }
        isNotEncodable(codec, new byte[100 * 1024 * 1024], "too large");
    }

    @Test
    void aResultOfAClassThatIsNotAllowedIsNotStored() {
        Config config = new Config();
        config.getSerializationConfig().addAllowedClasses("com.acme.**");
        isNotEncodable(new JavaTaskCodec(config), new Holder("x"), "not on the allow-list", Holder.class.getName());
    }

    record Holder(String value) implements Serializable {}

    @Test
    void whatDoesNotDecodeIsSaidAndNothingElseHappens() throws Exception {
        TaskCodec.EncodedResult encoded = codec.encodeResult(new Holder("x"));
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 2000; i++) {
            byte[] torn = encoded.bytes().clone();
            torn[random.nextInt(torn.length)] = (byte) random.nextInt();
            try {
                codec.decodeResult(encoded.codec(), Arrays.copyOf(torn, random.nextInt(torn.length + 1)));
            } catch (ResultNotReadableException e) {
                assertThat(e).as("seed=11, round=%d", i).hasMessageContaining("its bytes stay");
            }
        }
        assertThatThrownBy(() -> codec.decodeResult("kryo", new byte[1]))
                .isInstanceOf(ResultNotReadableException.class)
                .hasMessageContaining("codec=kryo");
        assertThatThrownBy(() -> codec.decodeResult("long", new byte[1]))
                .isInstanceOf(ResultNotReadableException.class);
    }

    // ---- failures

    private Throwable roundTrip(Throwable failure) {
        TaskCodec.EncodedFailure encoded = codec.encodeFailure(failure);
        assertThat(encoded.info().className()).isEqualTo(failure.getClass().getName());
        assertThat(encoded.bytes().length).isLessThanOrEqualTo(1024 * 1024);
        return codec.decodeFailure(encoded.info(), encoded.bytes());
    }

    @Test
    void theOriginalComesBackWithCauseStackAndSuppressed() {
        IOException failure = new IOException("io", new IllegalStateException("cause"));
        failure.addSuppressed(new CancellationException("suppressed"));
        assertThat(roundTrip(failure))
                .isInstanceOf(IOException.class)
                .hasMessage("io")
                .hasRootCauseMessage("cause")
                .satisfies(e -> assertThat(e.getStackTrace()).isEqualTo(failure.getStackTrace()))
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(roundTrip(new AssertionError("an error"))).isInstanceOf(AssertionError.class);
        assertThat(roundTrip(new Exception())).hasMessage(null);
    }

    static class NotSerializableFailure extends RuntimeException {
        @SuppressWarnings("serial") // on purpose
        private final Unstorable field = new Unstorable();

        NotSerializableFailure(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public String toString() {
            return "with " + field;
        }
    }

    @Test
    void whatCanNotBeSerialisedIsDescribed() {
        NotSerializableFailure failure = new NotSerializableFailure("what", new IOException("why"));
        assertThat(roundTrip(failure))
                .isInstanceOfSatisfying(RemoteTaskException.class, e -> {
                    assertThat(e.className()).isEqualTo(NotSerializableFailure.class.getName());
                    assertThat(e.getStackTrace()[0]).hasToString(failure.getStackTrace()[0].toString());
                    assertThat(e.getStackTrace()).hasSameSizeAs(failure.getStackTrace());
                })
                .hasMessageContainingAll("what", "caused by java.io.IOException: why");
    }

    @Test
    void aClassThatIsMissingLaterIsDescribed() {
        TaskCodec.EncodedFailure encoded = codec.encodeFailure(new LocalFailure("gone"));
        JavaTaskCodec elsewhere = new JavaTaskCodec(new Config().setClassLoader(ClassLoader.getPlatformClassLoader()));
        Config strict = new Config();
        strict.getSerializationConfig().addAllowedClasses("com.acme.**");
        for (JavaTaskCodec other : List.of(new JavaTaskCodec(strict), elsewhere)) {
            Throwable decoded = other.decodeFailure(encoded.info(), encoded.bytes());
            assertThat(decoded.getMessage()).contains("gone");
        }
        assertThat(new JavaTaskCodec(strict).decodeFailure(encoded.info(), encoded.bytes()))
                .isInstanceOf(RemoteTaskException.class);
    }

    static class LocalFailure extends Exception {
        LocalFailure(String message) {
            super(message);
        }
    }

    static class Nasty extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message for you");
        }

        private void writeObject(java.io.ObjectOutputStream out) {
            throw new StackOverflowError();
        }
    }

    @Test
    void aThrowableThatFailsToDescribeItselfIsStillAFailure() {
        assertThat(roundTrip(new Nasty()))
                .isInstanceOf(RemoteTaskException.class)
                .hasMessageContaining(Nasty.class.getName());
    }

    private static int overflow(int depth) {
        return depth < 0 ? depth : overflow(depth + 1) + depth;
    }

    @Test
    void anOverflownStackIsStored() {
        try {
            overflow(0);
        } catch (StackOverflowError e) {
            assertThat(roundTrip(e)).isInstanceOf(StackOverflowError.class);
        }
    }

    @Test
    void hugeMessagesAndEndlessCausesAreBounded() {
        Throwable chain = new RuntimeException("root");
        for (int i = 0; i < 3000; i++) {
            chain = new RuntimeException("level " + i, chain);
        }
        assertThat(roundTrip(chain)).hasMessageContaining("level 2999");
        String large = "\u20ac".repeat(3_000_000);
        TaskCodec.EncodedFailure encoded = codec.encodeFailure(new RuntimeException(large));
        assertThat(encoded.bytes().length).isLessThan(1024 * 1024);
        assertThat(encoded.info().message()).hasSizeLessThan(3000);
        assertThat(codec.decodeFailure(encoded.info(), encoded.bytes())).hasMessageContaining("3000000 characters");
    }

    @Test
    void tornBytesOfAFailureAreDescribedByWhatIsLeft() {
        TaskCodec.EncodedFailure encoded = codec.encodeFailure(new IOException("io"));
        for (int length = 0; length < encoded.bytes().length; length += 7) {
            assertThat(codec.decodeFailure(encoded.info(), Arrays.copyOf(encoded.bytes(), length)))
                    .isInstanceOf(RemoteTaskException.class)
                    .hasMessageContaining("io");
        }
    }
}
