package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.transport.LoopbackNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Copies at one byte a second: what comes all the same comes for another reason. */
class CopyPaceShellTest {

    private static final long CHUNK_BYTES = 16 << 10;

    /** About what a record of these tests takes. */
    private static final long RECORD_BYTES = 3_200;

    private final LoopbackNetwork network = new LoopbackNetwork();
    private final ShellCluster cluster = new ShellCluster(network::start, Controls.local(), "a", "b");
    private final List<String> names = new ArrayList<>();
    private final AtomicLong copiedBytes = new AtomicLong();

    @AfterEach
    void close() {
        cluster.close();
    }

    /** Whoever leads has limits, and much that the other lacks; it starts when this returns. */
    private ShellNode withOneFarBehind() {
        for (ShellNode each : cluster.nodes) {
            each.copyBytesPerSecond = 1;
            cluster.kill(each);
            cluster.restart(each);
        }
        names.addAll(cluster.submit(1));
        ShellNode primary = cluster.awaitPrimary();
        ShellNode away = cluster.others(primary).get(0);
        cluster.kill(away);
        ShellCluster.await().until(() -> !cluster.row().inSync().contains(away.id));
        names.addAll(cluster.submit(400)); // more than the window keeps
        cluster.watch((node, message) -> {
            if (message instanceof Message.Append append) {
                copiedBytes.addAndGet(append.run().records().bytes());
            }
        });
        return away;
    }

    /** The rate alone may have been used up by the life before: then nothing comes but by what is appended. Returns how many that took. */
    private int submitUntilCopied(long bytes) {
        int before = names.size();
        ShellCluster.await().until(() -> {
            names.addAll(cluster.submit(1));
            return copiedBytes.get() >= bytes;
        });
        return names.size() - before;
    }

    @Test
    void aCopyKeepsToTheRateAndCatchesUpByWhatIsAppendedMeanwhile() {
        ShellNode away = withOneFarBehind();
        cluster.restart(away);
        int submits = submitUntilCopied(CHUNK_BYTES + RECORD_BYTES);
        assertThat(copiedBytes.get())
                .as("submits=%d", submits)
                .isLessThan(submits * 2L * RECORD_BYTES + 3 * CHUNK_BYTES);
        assertThat(cluster.row().inSync()).doesNotContain(away.id);
        names.addAll(cluster.submit(800));
        cluster.awaitEqual(names);
    }

    @Test
    void aCopyWithoutWhichSubmitsAreRefusedIsNotLimited() {
        ShellNode away = withOneFarBehind();
        cluster.restart(away);
        int unused = submitUntilCopied(1);
        assertThat(cluster.row().inSync()).doesNotContain(away.id);
        cluster.setMinInSync(1, 2);
        cluster.awaitEqual(names);
    }
}
