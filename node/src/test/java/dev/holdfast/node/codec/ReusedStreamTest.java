package dev.holdfast.node.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableCallable;
import dev.holdfast.ResultNotReadableException;
import dev.holdfast.config.Config;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams are used again: no message may show a trace of the one before it. */
class ReusedStreamTest {

    private static final String CLOSES = "closes";
    private static final String LEAVES_DATA = "leaves data";
    private static final String THROWS = "throws";
    private static final String VALIDATES = "validates";
    private static final String INVALID = "invalid";

    private final JavaTaskCodec codec = new JavaTaskCodec(new Config());

    private static byte[] plain(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private byte[] encoded(Object result) throws ResultNotEncodableException {
        TaskCodec.EncodedResult encoded = codec.encodeResult(result);
        assertThat(encoded.codec()).isEqualTo(JavaTaskCodec.NAME);
        return encoded.bytes();
    }

    private Object decoded(byte[] bytes) {
        return Objects.requireNonNull(codec.decodeResult(JavaTaskCodec.NAME, bytes));
    }

    /** Does something unusual in the middle of a stream. */
    private static final class Odd implements Serializable {
        private final String kind;
        private final Object inner;

        Odd(String kind, Object inner) {
            this.kind = kind;
            this.inner = inner;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeInt(7);
            out.writeUTF("more");
            if (kind.equals(CLOSES)) {
                out.close();
            }
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            switch (kind) {
                case CLOSES -> in.close();
                case THROWS -> throw new IllegalStateException("odd");
                case VALIDATES -> in.registerValidation(() -> assertThat(inner).isNotNull(), 1);
                case INVALID ->
                    in.registerValidation(
                            () -> {
                                throw new InvalidObjectException("odd");
                            },
                            1);
                case LEAVES_DATA -> in.readInt();
                default -> {
                    in.readInt();
                    in.readUTF();
                }
            }
        }

        @Override
        public String toString() {
            return kind + ":" + inner;
        }
    }

    private static List<Object> graphs() {
        List<String> twice = new ArrayList<>(List.of("a", "b"));
        List<Object> cycle = new ArrayList<>(List.of("in a circle"));
        cycle.add(cycle);
        return List.of(
                new ArrayList<>(List.of(1, "two", 3L)),
                new ArrayList<>(List.of(twice, twice, "a")),
                cycle,
                Map.of("key", new int[] {1, 2}),
                "\ud83d\ude00",
                new Odd("usual", List.of(1)),
                new Odd(LEAVES_DATA, "x"),
                new Odd(VALIDATES, "x"),
                TimeUnit.DAYS,
                new byte[2][3],
                new ArrayList<>(List.of("x".repeat(40_000))),
                new Object[] {String.class, int.class, null});
    }

    @Test
    void everyMessageHasTheBytesOfAStreamOfItsOwn() throws Exception {
        for (int round = 0; round < 5; round++) {
            for (Object graph : graphs()) {
                assertThat(encoded(graph)).isEqualTo(plain(graph));
            }
        }
    }

    @Test
    void aMessageIsReadAsByAStreamOfItsOwn() throws Exception {
        for (int round = 0; round < 5; round++) {
            for (Object graph : graphs()) {
                assertThat(plain(decoded(plain(graph)))).isEqualTo(plain(graph));
            }
        }
    }

    @Test
    void whatFailsLeavesNothingForTheNext() throws Exception {
        Object good = new ArrayList<>(List.of("a", List.of("b")));
        for (int round = 0; round < 5; round++) {
            assertThatThrownBy(() -> codec.encodeResult(new Object[] {"a", good, new Object()}))
                    .isInstanceOf(ResultNotEncodableException.class);
            assertThat(encoded(good)).isEqualTo(plain(good));
            for (String kind : List.of(THROWS, INVALID)) {
                byte[] bad = plain(new Odd(kind, good));
                assertThatThrownBy(() -> decoded(bad)).isInstanceOf(ResultNotReadableException.class);
                assertThat(decoded(plain(good))).isEqualTo(good);
            }
        }
    }

    @Test
    void aClassThatClosesItsStreamClosesNoOther() throws Exception {
        for (int round = 0; round < 5; round++) {
            assertThat(decoded(encoded(new Odd(CLOSES, "x")))).hasToString("closes:x");
            assertThat(decoded(encoded(List.of("y")))).isEqualTo(List.of("y"));
        }
    }

    @Test
    void whatFollowsAMessageIsNotReadAsTheNext() throws Exception {
        byte[] good = plain(new ArrayList<>(List.of("a")));
        byte[] longer = Arrays.copyOf(good, good.length + 3);
        for (byte junk : new byte[] {ObjectOutputStream.TC_RESET, ObjectOutputStream.TC_BLOCKDATA, 0}) {
            Arrays.fill(longer, good.length, longer.length, junk);
            assertThat(decoded(longer)).isEqualTo(List.of("a"));
            assertThat(decoded(good)).isEqualTo(List.of("a"));
        }
        assertThat(decoded(longer)).isNotSameAs(decoded(longer));
    }

    /** As a task that submits another one while it is written. */
    private static final class Nesting implements Serializable {
        private static final JavaTaskCodec CODEC = new JavaTaskCodec(new Config());

        private final int depth;

        Nesting(int depth) {
            this.depth = depth;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            try {
                byte[] inner = CODEC.encodeResult(depth == 0 ? List.of("end") : new Nesting(depth - 1))
                        .bytes();
                out.writeInt(inner.length);
                out.write(inner);
            } catch (ResultNotEncodableException e) {
                throw new IOException(e);
            }
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            byte[] inner = new byte[in.readInt()];
            in.readFully(inner);
            assertThat(CODEC.decodeResult(JavaTaskCodec.NAME, inner)).isNotNull();
        }
    }

    @Test
    void aStreamMayBeNeededInTheMiddleOfAnother() throws Exception {
        for (int depth = 0; depth < 20; depth++) {
            byte[] bytes = Nesting.CODEC.encodeResult(new Nesting(depth)).bytes();
            assertThat(bytes).isEqualTo(plain(new Nesting(depth)));
            assertThat(Nesting.CODEC.decodeResult(JavaTaskCodec.NAME, bytes)).isInstanceOf(Nesting.class);
        }
    }

    @Test
    void limitsCountEachMessageAlone() throws Exception {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            list.add(new Odd("usual", i));
        }
        byte[] small = plain(new ArrayList<>(list.subList(0, 15)));
        byte[] large = plain(list);
        Config few = new Config();
        few.getSerializationConfig().setMaxReferences(100);
        Config narrow = new Config();
        narrow.getSerializationConfig().setMaxBytes(small.length);
        for (Config config : List.of(few, narrow)) {
            JavaTaskCodec limited = new JavaTaskCodec(config);
            for (int round = 0; round < 30; round++) {
                assertThat(limited.decodeResult(JavaTaskCodec.NAME, small))
                        .asString()
                        .contains("usual:14");
                assertThatThrownBy(() -> limited.decodeResult(JavaTaskCodec.NAME, large))
                        .hasMessageContaining("over the limit");
            }
        }
    }

    @Test
    void nothingOfAMessageIsKept() throws Exception {
        List<Object> first = new ArrayList<>(List.of("a"));
        DurableCallable<Integer> task = first::size;
        WeakReference<Object> written = new WeakReference<>(first);
        codec.encodeTask(task);
        WeakReference<Object> read = new WeakReference<>(decoded(encoded(first)));
        first = null;
        task = null;
        await().untilAsserted(() -> {
            System.gc();
            assertThat(written.get()).isNull();
            assertThat(read.get()).isNull();
        });
        assertThat(codec).isNotNull();
    }

    @Test
    void damagedMessagesAmongGoodOnesDamageNoOther() throws Exception {
        long seed = 77;
        SplittableRandom random = new SplittableRandom(seed);
        List<Object> graphs = graphs();
        for (int round = 0; round < 4_000; round++) {
            byte[] bytes = plain(graphs.get(random.nextInt(graphs.size() - 2)));
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                decoded(bytes);
            } catch (ResultNotReadableException expected) {
                assertThat(expected).isNotNull();
            }
            Object good = graphs.get(random.nextInt(graphs.size()));
            assertThat(plain(decoded(encoded(good))))
                    .as("seed=%d, round=%d", seed, round)
                    .isEqualTo(plain(good));
        }
    }

    @Test
    void threadsShareStreamsWithoutMixingMessages() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> workers = new ArrayList<>();
            for (int w = 0; w < 8; w++) {
                int worker = w;
                workers.add(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        List<Object> mine = new ArrayList<>(List.of(worker, i, "text " + i));
                        assertThat(decoded(encoded(mine))).isEqualTo(mine);
                    }
                    return null;
                });
            }
            for (Future<Void> each : pool.invokeAll(workers)) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** The main class of {@link #theFilterOfTheJvmCountsEachMessageAlone}. */
    static final class UnderAFilter {
        public static void main(String[] args) throws Exception {
            JavaTaskCodec codec = new JavaTaskCodec(new Config());
            byte[] small = plain(new ArrayList<>(List.of(1, 2, 3)));
            byte[] large = plain(new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9)));
            for (int round = 0; round < 50; round++) {
                codec.decodeResult(JavaTaskCodec.NAME, small);
                try {
                    codec.decodeResult(JavaTaskCodec.NAME, large);
                    throw new IllegalStateException("The filter lets it pass");
                } catch (ResultNotReadableException e) {
                    assertThat(e.getMessage()).contains("jdk.serialFilter");
                }
            }
            System.exit(42);
        }
    }

    @Test
    void theFilterOfTheJvmCountsEachMessageAlone() throws Exception {
        for (String filter : List.of("maxrefs=9", "maxbytes=190")) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Djdk.serialFilter=" + filter,
                            "-cp",
                            System.getProperty("java.class.path"),
                            UnderAFilter.class.getName())
                    .inheritIO()
                    .start();
            assertThat(process.waitFor()).as(filter).isEqualTo(42);
        }
    }
}
