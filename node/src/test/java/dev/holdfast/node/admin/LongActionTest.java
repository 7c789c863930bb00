package dev.holdfast.node.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.config.Config;
import dev.holdfast.node.admin.AdminProtocol.Kind;
import dev.holdfast.node.assembly.EmbeddedNode;
import dev.holdfast.node.recovery.GatedStore;
import dev.holdfast.node.service.TaskAction;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.Serializable;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An action on many tasks while the disk is slow. */
@Timeout(60)
class LongActionTest {

    private static final long NEVER_ISSUED = 1L << 40;

    @TempDir
    Path directory;

    private record Job() implements Runnable, Serializable {
        @Override
        public void run() {}
    }

    @Test
    void outcomesAreToldSliceBySliceAndNothingGoesOnForAClientThatHasGone() throws Exception {
        GatedStore store = new GatedStore().next().in(directory);
        Config config = new Config().setPartitionCount(1);
        try (EmbeddedNode node = EmbeddedNode.start(config, store)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            jobs.pause();
            long inSecondSlice = jobs.submit(new Job()).getTaskId();
            long inThirdSlice = jobs.submit(new Job()).getTaskId();
            long[] ids = new long[3 * LocalControl.SLICE];
            Arrays.fill(ids, NEVER_ISSUED);
            ids[LocalControl.SLICE] = inSecondSlice;
            ids[2 * LocalControl.SLICE] = inThirdSlice;
            try (SocketChannel client =
                    SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("admin.sock")))) {
                store.log(0).holdAppends();
                client.write(ByteBuffer.wrap(cancel(ids)));
                InputStream answer = Channels.newInputStream(client);
                for (int i = 0; i < LocalControl.SLICE; i++) {
                    assertThat(AdminProtocol.read(answer, AdminProtocol.MAX_ANSWER)
                                    .kind())
                            .isEqualTo(Kind.OUTCOME);
                }
                await().until(store.log(0)::hasWaitingAppend);
            } finally {
                store.log(0).letAppendsGo();
            }
            await().until(() -> Thread.getAllStackTraces().values().stream()
                    .flatMap(Stream::of)
                    .noneMatch(frame -> frame.getClassName().equals(AdminRequests.class.getName())));
            assertThat(jobs.retrieveResult(inSecondSlice).isCancelled()).isTrue();
            assertThat(jobs.retrieveResult(inThirdSlice).isDone()).isFalse();
        }
    }

    private static byte[] cancel(long[] ids) throws Exception {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        AdminProtocol.write(request, Kind.ACT, body -> {
            body.writeByte(TaskAction.CANCEL.ordinal());
            body.writeInt(ids.length);
            for (long id : ids) {
                body.writeLong(id);
            }
        });
        return request.toByteArray();
    }

    @Test
    void theConsoleWaitsLongerThanTheNodeDoes() {
        assertThat(AdminClient.idleMillis(Kind.ACT, 120_000)).isGreaterThan(120_000);
        assertThat(AdminClient.idleMillis(Kind.ACT, 0)).isEqualTo(60_000);
        assertThat(AdminClient.idleMillis(Kind.ACT, Long.MAX_VALUE)).isPositive();
        assertThat(AdminClient.idleMillis(Kind.NODE, 120_000)).isLessThan(10_000);
    }
}
