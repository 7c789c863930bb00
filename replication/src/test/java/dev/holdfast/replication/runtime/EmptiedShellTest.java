package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.replication.transport.LoopbackNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that was set aside, and what is noted beside the one that learns in its place. */
class EmptiedShellTest {

    @TempDir
    Path directory;

    @Test
    void whoDiesWithoutHavingNotedThatItIsInSyncAgainKnowsItByTheRowUnderWhichItLearnt() {
        LoopbackNetwork network = new LoopbackNetwork();
        try (ShellCluster cluster = new ShellCluster(
                network::start,
                Controls.local(),
                name -> ShellDisk.files(directory.resolve(name), SyncPolicy.ALWAYS),
                "a",
                "b")) {
            List<String> names = new ArrayList<>(cluster.submit(20));
            ShellNode primary = cluster.awaitPrimary();
            ShellNode emptied = cluster.others(primary).get(0);
            cluster.kill(emptied);
            emptied.setAside();
            List<String> noted = new CopyOnWriteArrayList<>();
            emptied.trouble.before("noteLearnsSince", () -> noted.add("learns"));
            emptied.trouble.before("settle", () -> noted.add("settles"));
            emptied.trouble.hide("settle", () -> true); // it dies first
            cluster.restart(emptied);
            cluster.awaitEqual(names);
            ShellCluster.await().until(() -> noted.contains("settles"));
            assertThat(noted).startsWith("learns").containsOnlyOnce("learns");
            assertThat(emptied.log().isEmptied()).isTrue();
            long since = emptied.log().learnsSince().orElseThrow();
            assertThat(cluster.row().inSync()).contains(emptied.id);
            assertThat(cluster.row().version().value()).isGreaterThan(since);
            cluster.mute(primary);
            cluster.kill(emptied);
            cluster.restart(emptied);
            ShellCluster.await().until(() -> emptied.serving() != null);
            assertThat(emptied.log().isEmptied()).isFalse();
            assertThat(emptied.log().learnsSince()).isEmpty();
            assertThat(emptied.ringNow()).containsAll(names);
        }
    }
}
