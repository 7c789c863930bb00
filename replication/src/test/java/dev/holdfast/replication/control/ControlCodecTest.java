package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.Nodes.A;
import static dev.holdfast.replication.control.Nodes.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.replication.protocol.NodeId;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ControlCodecTest {

    private static final Proposal JOIN = new Proposal(new CommandId("one"), Nodes.join(A));

    @Test
    void everyFlippedBitOfACommandIsNoticed() {
        byte[] bytes = CommandCodec.encode(JOIN);
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThatThrownBy(() -> CommandCodec.decode(damaged))
                    .as("bit %d", bit)
                    .isInstanceOf(ControlFormatException.class);
        }
        for (int length = 0; length < bytes.length; length++) {
            byte[] shorter = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> CommandCodec.decode(shorter)).isInstanceOf(ControlFormatException.class);
        }
    }

    /** Whole by their checksum, so that what guards against them is the limits. */
    @Test
    void nonsenseWithARightChecksumIsRefusedWithoutHarm() {
        SplittableRandom random = new SplittableRandom(11);
        byte[] command = CommandCodec.encode(JOIN);
        byte[] snapshot = TableUnderTest.led(2, A, B).table.snapshot();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] body = i % 2 == 0 ? command.clone() : snapshot.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                body[5 + random.nextInt(body.length - 9)] = (byte) random.nextInt();
            }
            byte[] resealed = resealed(body);
            try {
                if (i % 2 == 0) {
                    CommandCodec.decode(resealed);
                } else {
                    new ClusterTable().install(resealed);
                }
            } catch (ControlFormatException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(5_000);
    }

    @Test
    void whatANewerVersionWroteIsRefusedByName() {
        byte[] command = CommandCodec.encode(JOIN);
        command[0] = 2;
        assertThatThrownBy(() -> CommandCodec.decode(resealed(command))).hasMessageContaining("format=2");
        byte[] snapshot = new ClusterTable().snapshot();
        snapshot[4] = 9;
        assertThatThrownBy(() -> new ClusterTable().install(resealed(snapshot))).hasMessageContaining("format=9");
        byte[] type = CommandCodec.encode(JOIN);
        type[1] = 99;
        assertThatThrownBy(() -> CommandCodec.decode(resealed(type))).hasMessageContaining("type=99");
    }

    @Test
    void aSnapshotThatIsRefusedChangesNothing() {
        ClusterTable table = TableUnderTest.led(1, A, B).table;
        byte[] good = table.snapshot();
        byte[] bad = Arrays.copyOf(good, good.length - 1);
        assertThatThrownBy(() -> table.install(bad)).isInstanceOf(ControlFormatException.class);
        assertThat(table.snapshot()).isEqualTo(good);
    }

    @Test
    void whatCouldNotBeReadIsNotWritten() {
        NodeId longId = new NodeId("x".repeat(200));
        assertThatThrownBy(() ->
                        CommandCodec.encode(new Proposal(new CommandId("one"), new ClusterCommand.Remove(longId))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("disk id");
        TreeMap<String, String> values = new TreeMap<>();
        for (int i = 0; i < ExecutorSettings.MAX_VALUES; i++) {
            values.put("key-" + i, "\u20ac".repeat(ExecutorSettings.MAX_VALUE_LENGTH));
        }
        ExecutorSettings large = new ExecutorSettings("large", 1, values);
        assertThatThrownBy(() -> CommandCodec.encode(
                        new Proposal(new CommandId("one"), new ClusterCommand.RegisterExecutor(A, Nodes.S1, large))))
                .hasMessageContaining("Too large a command");
    }

    private static byte[] resealed(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - Integer.BYTES);
        byte[] sealed = bytes.clone();
        for (int i = 0; i < Integer.BYTES; i++) {
            sealed[bytes.length - 1 - i] = (byte) (crc.getValue() >>> (i * Byte.SIZE));
        }
        return sealed;
    }
}
