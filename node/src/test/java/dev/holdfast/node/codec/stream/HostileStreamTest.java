package dev.holdfast.node.codec.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectStreamConstants;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever the bytes are: an answer, soon, in little memory. */
@Timeout(60)
class HostileStreamTest {

    private static final int MUTANTS = 4_000;
    private static final int SHOWN_AT_MOST = 20_000_000;

    record Job(String name, List<Object> parts, Map<String, Object> more) implements Serializable {}

    @Test
    void aMutantOfARealStreamIsAnswered() throws IOException {
        List<byte[]> seeds = seeds();
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int withProblem = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = mutate(seeds.get(random.nextInt(seeds.size())), random);
            withProblem += answered(mutant, "seed=" + seed + ", mutant=" + i) ? 1 : 0;
        }
        assertThat(withProblem).as("seed=" + seed).isBetween(MUTANTS / 10, MUTANTS);
    }

    @Test
    void randomBytesBehindTheMagicAreAnswered() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < MUTANTS; i++) {
            byte[] bytes = new byte[random.nextInt(4, 400)];
            for (int at = 4; at < bytes.length; at++) {
                // mostly what means something to the protocol
                bytes[at] = (byte) (random.nextInt(3) > 0 ? random.nextInt(0x70, 0x7f) : random.nextInt(4));
            }
            bytes[0] = (byte) 0xac;
            bytes[1] = (byte) 0xed;
            bytes[3] = 5;
            answered(bytes, "seed=" + seed + ", stream=" + i);
        }
    }

    @Test
    void lengthsThatAreNotThereAreNotBelieved() throws IOException {
        for (int length : new int[] {Integer.MAX_VALUE, -1, 1_000_000}) {
            for (String type : List.of("[I", "[J", "[B", "[Ljava.lang.Object;", "[", "[?")) {
                byte[] bytes = stream(out -> {
                    out.writeByte(ObjectStreamConstants.TC_ARRAY);
                    shape(out, type, ObjectStreamConstants.SC_SERIALIZABLE);
                    out.writeInt(length);
                });
                assertThat(StreamStructure.of(bytes, 0, 1).problem())
                        .as(type + " " + length)
                        .contains("an array has no such length: length=" + length);
            }
        }
        byte[] text = stream(out -> {
            out.writeByte(ObjectStreamConstants.TC_LONGSTRING);
            out.writeLong(Long.MAX_VALUE);
        });
        assertThat(StreamStructure.of(text, 0, 1).problem()).contains("it ends early");
    }

    @Test
    void aClassThatIsItsOwnParentIsRefused() throws IOException {
        byte[] bytes = stream(out -> {
            out.writeByte(ObjectStreamConstants.TC_OBJECT);
            out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
            out.writeUTF("Ouroboros");
            out.writeLong(1);
            out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
            out.writeShort(0);
            out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
            out.writeByte(ObjectStreamConstants.TC_REFERENCE);
            out.writeInt(ObjectStreamConstants.baseWireHandle);
        });
        assertThat(StreamStructure.of(bytes, 0, 1).problem()).contains("more than 64 parents: class=Ouroboros");
    }

    /** Each level refers twice to the one below: as a tree it would have 2^100 leaves. */
    @Test
    void aGraphIsNotUnfoldedIntoATree() throws IOException {
        List<Object> level = new ArrayList<>(List.of("leaf"));
        for (int i = 0; i < 100; i++) {
            List<Object> above = new ArrayList<>(2);
            above.add(level);
            above.add(level);
            level = above;
        }
        assertThat(String.valueOf(StreamStructure.of(StreamStructureTest.bytes(level), 0, 1)
                        .values()))
                .hasSizeLessThan(10_000);
        List<Object> ring = new ArrayList<>();
        ring.add(ring);
        assertThat(String.valueOf(StreamStructure.of(StreamStructureTest.bytes(ring), 0, 1)
                        .values()))
                .isEqualTo("[{class=java.util.ArrayList &1, elements=[*1]}]");
    }

    @Test
    void manySmallObjectsAreLookedAtUpToALimit() throws IOException {
        Object[] many = new Object[StreamParser.MOST_OBJECTS];
        Arrays.setAll(many, i -> new int[0]);
        assertThat(StreamStructure.of(StreamStructureTest.bytes(many), 0, 1).problem())
                .contains("more objects and fields than are looked at: limit=200000");
    }

    @Test
    void aWriterThatFailedIsNamed() throws IOException {
        byte[] bytes = stream(out -> out.writeByte(ObjectStreamConstants.TC_EXCEPTION));
        assertThat(StreamStructure.of(bytes, 0, 1).problem()).contains("its writer failed");
    }

    /** Whether it had a problem. */
    private static boolean answered(byte[] bytes, String which) {
        @Nullable StreamStructure[] structure = {null};
        assertThatCode(() -> structure[0] = StreamStructure.of(bytes, 0, 2))
                .as(which)
                .doesNotThrowAnyException();
        StreamStructure answer = java.util.Objects.requireNonNull(structure[0]);
        assertThat(String.valueOf(answer.values()).length()).as(which).isLessThan(SHOWN_AT_MOST);
        return answer.problem() != null;
    }

    private static byte[] mutate(byte[] seed, SplittableRandom random) {
        byte[] mutant = seed.clone();
        int edits = random.nextInt(1, 6);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(4, mutant.length);
            switch (random.nextInt(4)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1 -> mutant[at] = (byte) random.nextInt(0x70, 0x7f);
                case 2 -> {
                    int from = random.nextInt(4, mutant.length);
                    int length = Math.min(random.nextInt(40), mutant.length - Math.max(at, from));
                    System.arraycopy(seed, from, mutant, at, length);
                }
                default -> mutant = Arrays.copyOf(mutant, Math.max(5, at + 1));
            }
        }
        return mutant;
    }

    private static List<byte[]> seeds() throws IOException {
        String captured = "captured";
        Callable<String> lambda = (Callable<String> & Serializable) () -> captured;
        Job job = new Job(
                "job",
                List.of(
                        1,
                        2L,
                        ZonedDateTime.parse("2026-11-22T03:04:05+01:00[Europe/Zurich]"),
                        new BigDecimal("1.23"),
                        new int[] {1, 2, 3},
                        UUID.randomUUID()),
                new HashMap<>(Map.of("a", List.of(), "b", Thread.State.NEW)));
        return List.of(
                StreamStructureTest.bytes(job),
                StreamStructureTest.bytes(lambda),
                StreamStructureTest.bytes(new StreamStructureTest.Order()),
                StreamStructureTest.bytes(new IllegalStateException("x")),
                StreamStructureTest.bytes(new Object[] {job, job, new StreamStructureTest.WritesByItself()}));
    }

    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] stream(Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
        out.writeShort(ObjectStreamConstants.STREAM_VERSION);
        body.write(out);
        return bytes.toByteArray();
    }

    private static void shape(DataOutputStream out, String name, int flags) throws IOException {
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        out.writeUTF(name);
        out.writeLong(1);
        out.writeByte(flags);
        out.writeShort(0);
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.writeByte(ObjectStreamConstants.TC_NULL);
    }
}
