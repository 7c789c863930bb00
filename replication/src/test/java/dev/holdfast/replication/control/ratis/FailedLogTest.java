package dev.holdfast.replication.control.ratis;

import static dev.holdfast.replication.control.ratis.RatisCluster.PATIENCE;
import static dev.holdfast.replication.control.ratis.RatisCluster.join;
import static dev.holdfast.replication.control.ratis.RatisCluster.node;
import static dev.holdfast.replication.control.ratis.RatisCluster.propose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.RaftServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log of a member of the control plane can not be written any more. */
@Timeout(60)
class FailedLogTest {

    @TempDir
    Path directory;

    private RatisCluster cluster = new RatisCluster(Path.of("unused"));

    @BeforeEach
    void found() throws Exception {
        cluster = new RatisCluster(directory);
        cluster.start(3);
        assertThat(propose(cluster.any(), cluster.found()).applied()).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(propose(cluster.any(), join(i, Role.VOTER)).applied()).isTrue();
        }
    }

    @AfterEach
    void close() throws Exception {
        cluster.close();
    }

    private static ClusterCommand claim(int expected) {
        return new ClusterCommand.ClaimSession(node(0), RatisCluster.details(0), new Session(expected), 2_000);
    }

    /** Ratis keeps the leader where it is, and tells its state machine only. */
    @Test
    void aLeaderSaysThatItsLogFailedAndTheOthersDecideOnceItIsClosed() throws Exception {
        NodeId leader = cluster.leader();
        CompletableFuture<Throwable> failed = cluster.member(leader).logFailed().toCompletableFuture();
        assertThat(failed).isNotDone();
        channelOfLog(cluster.member(leader)).close(); // every write and force fails from here on
        var unused = propose(cluster.member(leader), claim(1));
        assertThat(failed.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThat(cluster.leader()).as("by itself").isEqualTo(leader);

        cluster.kill(leader);

        assertThat(propose(cluster.any(), claim(2)).applied()).isTrue();
        assertThat(cluster.leader()).isNotEqualTo(leader);
    }

    @Test
    void aLogThatAFullDiskRefusedIsOpenedAgain() {
        RatisControlPlane member = cluster.member(cluster.leader());
        RaftServer.Division before = Objects.requireNonNull(member.server().division());
        before.getStateMachine().event().notifyLogFailed(new IOException("No space left on device"), null);
        await().atMost(PATIENCE).until(() -> {
            RaftServer.Division now = member.server().division();
            return now != null && now != before && !member.server().hasStopped();
        });
        assertThat(propose(member, claim(1)).applied()).isTrue();
        assertThat(member.logFailed().toCompletableFuture()).isNotDone();
    }

    /** Of the segment that is written: nothing else fails in a disk's way without the rights of root. */
    private static FileChannel channelOfLog(RatisControlPlane member) throws Exception {
        Object log = Objects.requireNonNull(member.server().division()).getRaftLog();
        Object writer = field(log, "fileLogWorker");
        Object stream = field(writer, "out");
        Object buffered = field(stream, "out");
        return (FileChannel) field(buffered, "fileChannel");
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return Objects.requireNonNull(field.get(of));
                }
            }
        }
        throw new NoSuchFieldException(name + " of " + of.getClass());
    }
}
