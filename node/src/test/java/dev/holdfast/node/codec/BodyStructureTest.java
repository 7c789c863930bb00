package dev.holdfast.node.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableRunnable;
import dev.holdfast.config.Config;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BodyStructureTest {

    private final TaskCodec codec = new JavaTaskCodec(new Config());

    @Test
    void aTaskThatWasSubmittedWithItsResultShowsBoth() {
        String captured = "x";
        byte[] bytes = codec.encodeTask(
                        (DurableRunnable) () -> assertThat(captured).isEmpty(), List.of(7))
                .bytes();
        BodyStructure structure = BodyStructure.ofTask(JavaTaskCodec.NAME, bytes);
        assertThat(structure.problem()).isNull();
        assertThat(String.valueOf(structure.value()))
                .startsWith("{task={lambda=")
                .contains("captured=[x]}, result=[7]}");
        BodyStructure cut = BodyStructure.ofTask(JavaTaskCodec.NAME, Arrays.copyOf(bytes, bytes.length - 3));
        assertThat(cut.problem()).contains("it ends early");
        assertThat(String.valueOf(cut.value())).contains("captured=[x]");
    }

    @Test
    void everyFormOfAResultIsShown() throws Exception {
        Map<Object, Object> expected = new HashMap<>();
        expected.put("text", "text");
        expected.put(1, 1);
        expected.put(2L, 2L);
        expected.put(1.5, 1.5);
        expected.put(true, true);
        expected.put(List.of("a"), List.of("a"));
        expected.put(new byte[] {1, (byte) 0xff}, "bytes(2) 01ff");
        expected.put("x".repeat(3_000), "x".repeat(2_000) + "... (3000 characters)");
        for (Map.Entry<Object, Object> each : expected.entrySet()) {
            assertThat(shown(each.getKey())).isEqualTo(new BodyStructure(each.getValue(), null));
        }
        assertThat(shown(null)).isEqualTo(new BodyStructure(null, null));
    }

    @Test
    void whatIsNotKnownOrNotWholeIsSaid() {
        assertThat(BodyStructure.ofTask("kryo", new byte[3]).problem()).contains("codec=kryo");
        assertThat(BodyStructure.ofResult("kryo", new byte[3]).problem()).contains("codec=kryo");
        assertThat(BodyStructure.ofTask(JavaTaskCodec.NAME, new byte[0]).problem())
                .contains("no payload");
        assertThat(BodyStructure.ofTask(JavaTaskCodec.NAME, new byte[] {64}).problem())
                .contains("flags=64");
        assertThat(BodyStructure.ofResult("long", new byte[3]).problem()).contains("shorter", "bytes=3");
    }

    private BodyStructure shown(@Nullable Object result) throws ResultNotEncodableException {
        TaskCodec.EncodedResult encoded = codec.encodeResult(result);
        return BodyStructure.ofResult(encoded.codec(), encoded.bytes());
    }
}
