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
    void aLeaderSaysThatItsDiskFailedAndTheOthersDecideOnceItIsClosed() throws Exception {
        NodeId leader = cluster.leader();
        CompletableFuture<Throwable> failed = cluster.member(leader).logFailed().toCompletableFuture();
        assertThat(failed).isNotDone();
        tellsOf(cluster.member(leader), "Input/output error");
        assertThat(failed.get(20, TimeUnit.SECONDS)).hasMessage("Input/output error");
        assertThat(cluster.leader()).as("by itself").isEqualTo(leader);

        cluster.kill(leader);

        assertThat(propose(cluster.any(), claim(1)).applied()).isTrue();
        assertThat(cluster.leader()).isNotEqualTo(leader);
    }

    private static void tellsOf(RatisControlPlane member, String problem) {
        division(member).getStateMachine().event().notifyLogFailed(new IOException(problem), null);
    }

    private static RaftServer.Division division(RatisControlPlane member) {
        return Objects.requireNonNull(member.server().division());
    }

    @Test
    void aLogThatAFullDiskRefusedIsOpenedAgain() {
        RatisControlPlane member = cluster.member(cluster.leader());
        RaftServer.Division before = division(member);
        tellsOf(member, "No space left on device");
        isOpenedAgain(member, before);
    }

    private static void isOpenedAgain(RatisControlPlane member, RaftServer.Division before) {
        await().atMost(PATIENCE).until(() -> {
            RaftServer.Division now = member.server().division();
            return now != null && now != before && !member.server().hasStopped();
        });
        assertThat(propose(member, claim(2)).message()).isNotNull();
        assertThat(member.logFailed().toCompletableFuture()).isNotDone();
    }

    /** As by an interrupt: no disk has failed, and a log that takes nothing more is of no use. */
    @Test
    void aLogThatWasClosedUnderItsWriterIsOpenedAgain() throws Exception {
        RatisControlPlane member = cluster.member(cluster.leader());
        RaftServer.Division before = division(member);
        channelOfLog(member).close(); // every write and force fails from here on
        var unused = propose(member, claim(1));
        isOpenedAgain(member, before);
    }

    /** Of the segment that is written. */
    private static FileChannel channelOfLog(RatisControlPlane member) throws Exception {
        Object log = division(member).getRaftLog();
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
