package dev.holdfast.node.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.TaskNotSerializableException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway") // passes null where it is refused
class KeyCodecTest {

    private final KeyCodec codec = new KeyCodec();

    record Point(String name, @Nullable Object x, int y) {}

    static class OldStyle implements Serializable {
        private static final long serialVersionUID = 1L;
        private final String a;
        private final String b;
        private final Long c;

        OldStyle(String a, String b, Long c) {
            this.a = a;
            this.b = b;
            this.c = c;
        }

        @Override
        public String toString() {
            return a + b + c;
        }
    }

    @Test
    void bytesAreTheSameInEveryJvm() {
        // Golden: tasks are stored under these.
        assertThat(hex("k")).isEqualTo("73000000016b");
        assertThat(hex(7)).isEqualTo("6900000007");
        assertThat(hex(7L)).isEqualTo("6c0000000000000007");
        assertThat(hex(new UUID(1, 2))).isEqualTo("7500000000000000010000000000000002");
        assertThat(hex(TimeUnit.DAYS)).isEqualTo("65" + text("java.util.concurrent.TimeUnit.DAYS"));
        assertThat(hex(new byte[] {1, 2})).isEqualTo("62000000020102");
        assertThat(hex(true)).isEqualTo("54");
        assertThat(hex(1.0)).isEqualTo("643ff0000000000000");
        assertThat(hex(new BigDecimal("1.50"))).isEqualTo("6e" + text("1.50"));
        assertThat(hex(List.of("a", 1))).isEqualTo("4c00000002730000000161" + "6900000001");
        assertThat(hex(new Point("p", null, 3)))
                .isEqualTo("52" + text(Point.class.getName()) + "730000000170" + "30" + "6900000003");
    }

    private String hex(Object key) {
        return HexFormat.of().formatHex(codec.encode(key));
    }

    private static String text(String text) {
        return String.format("%08x", text.length())
                + HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void equalKeysHaveEqualBytesWhateverTheyShare() {
        String shared = "same";
        String copy = new String(shared.toCharArray());
        Long large = 1_000_000L;
        Long other = Long.valueOf("1000000");
        assertThat(codec.encode(new OldStyle(shared, shared, large)))
                .isEqualTo(codec.encode(new OldStyle(shared, copy, other)));
        assertThat(codec.encode(new Point(shared, shared, 1))).isEqualTo(codec.encode(new Point(copy, shared, 1)));
        assertThat(codec.encode(new ArrayList<>(List.of(1, 2)))).isEqualTo(codec.encode(Arrays.asList(1, 2)));
        assertThat(codec.encode(LocalDate.EPOCH)).isEqualTo(codec.encode(LocalDate.of(1970, 1, 1)));
    }

    @Test
    void differentKeysDiffer() {
        List<Object> keys = List.of(
                "1",
                1,
                1L,
                (short) 1,
                (byte) 1,
                '1',
                1.0,
                1.0f,
                true,
                List.of(),
                List.of(1),
                List.of(List.of(1)),
                new OldStyle("a", "b", 1L),
                new OldStyle("a", "b", 2L),
                new Point("a", 1, 1),
                new Point("a", 1, 2));
        assertThat(keys.stream().map(this::hex).distinct().count()).isEqualTo(keys.size());
    }

    @Test
    void whatCanNotBeEncodedIsRefused() {
        assertThatThrownBy(() -> codec.encode(new Object()))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContainingAll("key is not Serializable", "java.lang.Object");
        assertThatThrownBy(() -> codec.encode(List.of(new Object())))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining("key[0]");
        assertThatThrownBy(() -> codec.encode(new byte[2 * 1024 * 1024]))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining("max-key-bytes");
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        assertThatThrownBy(() -> codec.encode(cycle)).isInstanceOf(TaskNotSerializableException.class);
        assertThatThrownBy(() -> codec.encode(null)).isInstanceOf(NullPointerException.class);
    }
}
