package dev.holdfast.node.cluster.membership;

import static dev.holdfast.node.cluster.membership.MemberRig.awaitState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HoldfastException;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LeavingTest {

    @TempDir
    Path directory;

    private MemberRig rig = new MemberRig(Path.of(""), 0);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aMemberLeavesOnceOthersHaveWhatItHeldAndComesBackWithAnEmptyDirectory() throws Exception {
        rig = new MemberRig(directory, 3);
        rig.startAll("a", "b", "c");
        ClusterMembership c = rig.member("c");
        NodeId left = c.self();
        awaitState(c, state -> !state.rows().isEmpty());
        assertThat(c.leave(Duration.ofSeconds(10))).isTrue();
        assertThat(c.leave(Duration.ofSeconds(10)))
                .as("as whoever asks again does")
                .isTrue();
        awaitState(rig.member("a"), state -> state.member(left) == null);
        assertThat(rig.member("a").state().rows().values())
                .noneMatch(row -> row.replicas().contains(left));
        rig.stop("c");
        assertThatThrownBy(() -> rig.start(rig.config("c")))
                .hasRootCauseInstanceOf(HoldfastException.class)
                .hasMessageContaining("has left the cluster", "empty data directory", "[HF-1212]");

        MemberRig.delete(rig.directoryOf("c"));
        ClusterMembership back = rig.start(rig.config("c"));
        assertThat(back.self()).isNotEqualTo(left);
        awaitState(rig.member("a"), state -> state.isCurrent(back.self(), new Session(1)));
        assertThat(Objects.requireNonNull(rig.member("a").state().member(back.self()))
                        .role())
                .as("the list has it vote")
                .isEqualTo(Role.VOTER);
    }
}
