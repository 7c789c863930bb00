package dev.holdfast.storage.log.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Looking for the next frame behind damage, in files that are mostly holes. */
class FrameWindowTest {

    private static final int WINDOW = 4_096;
    private static final int LEAST = 56;

    private final long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);

    private static FrameWindow over(byte[] file) throws IOException {
        return new FrameWindow(new BytesSource(Path.of("in-memory"), file), ByteBuffer.allocateDirect(WINDOW));
    }

    private byte[] fileOfHoles() {
        byte[] file = new byte[random.nextInt(3 * WINDOW) + LEAST];
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = random.nextInt(4); i > 0; i--) {
            int from = random.nextInt(file.length);
            for (int at = from; at < Math.min(file.length, from + random.nextInt(300)); at++) {
                file[at] = (byte) random.nextInt(3); // zeros among them
            }
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes.putInt(random.nextInt(file.length - 3), Frame.MAGIC); // at odd places too
        }
        return file;
    }

    private static long findByEach(byte[] file, int from) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = from; at + LEAST <= file.length; at += 4) {
            if (bytes.getInt(at) == Frame.MAGIC) {
                return at;
            }
        }
        return -1;
    }

    @RepeatedTest(500)
    void theNextFrameIsFoundWhereverItStands() throws IOException {
        byte[] file = fileOfHoles();
        FrameWindow window = over(file);
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(file.length);
            assertThat(window.find(Frame.MAGIC, from, LEAST))
                    .as("from=%s, size=%s, holdfast.seed=%s", from, file.length, seed)
                    .isEqualTo(findByEach(file, from));
        }
    }

    @Test
    void oneByteThatIsNotZeroIsSeenWhereverItStands() throws IOException {
        byte[] file = new byte[2 * WINDOW + 5];
        assertThat(over(file).isZeroFrom(0)).isTrue();
        for (int at = 0; at < file.length; at += 7) {
            file[at] = 1;
            assertThat(over(file).isZeroFrom(0)).as("at=%s", at).isFalse();
            assertThat(over(file).isZeroFrom(at)).as("at=%s", at).isFalse();
            assertThat(over(file).isZeroFrom(at + 1L)).as("behind=%s", at).isTrue();
            file[at] = 0;
        }
    }
}
