package dev.holdfast.node.admin;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.verify.Finding;
import dev.holdfast.storage.verify.LiveVerifier;
import dev.holdfast.storage.verify.PartitionTotals;
import dev.holdfast.storage.verify.RecordDump;
import dev.holdfast.storage.verify.VerifyReport;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files of a node that works are read beside it. */
@Timeout(120)
class LiveVerificationTest {

    private static final PartitionId PARTITION = new PartitionId(0);

    private static final byte MARK = 0x5a;

    @TempDir
    Path directory;

    private record Bytes(byte[] bytes) implements Callable<Integer>, Serializable {
        @Override
        public Integer call() {
            return bytes.length;
        }
    }

    private HoldfastInstance start() {
        Config config = new Config().setPartitionCount(1).setMaxPayload(1 << 20);
        config.getStorageConfig().setDirectory(directory).setSegmentSize(4 << 20);
        return Holdfast.newInstance(config);
    }

    @Test
    void aNodeUnderLoadIsSoundHoweverManyCheckpointsReplaceItsFilesMeanwhile() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (HoldfastInstance node = start();
                AdminClient client = AdminClient.connect(directory)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    jobs.disposeResult(jobs.submit(new Bytes(new byte[200_000])).getTaskId());
                }
            });
            LiveVerifier verifier = new LiveVerifier(directory, client::writtenEnd);
            Set<Lsn> checkpoints = new HashSet<>();
            await().atMost(60, SECONDS).until(() -> {
                VerifyReport report = verifier.verify();
                assertThat(report.findings()).isEmpty();
                PartitionTotals totals = report.partitions().get(0);
                assertThat(totals.end().lsn().value()).isPositive();
                checkpoints.add(totals.checkpoint());
                StringBuilder yaml = new StringBuilder();
                Optional<LogDamage> damage =
                        RecordDump.dumpLive(directory, client::writtenEnd, PARTITION, Lsn.NONE, Long.MAX_VALUE, yaml);
                assertThat(damage).isEmpty();
                assertThat(yaml).contains("submitted:");
                return checkpoints.size() > 4;
            });
            enough.set(true);
            load.join();
        } finally {
            enough.set(true);
        }
    }

    @Test
    void damageInWhatIsCommittedIsFoundBesideTheNode() throws Exception {
        try (HoldfastInstance node = start();
                AdminClient client = AdminClient.connect(directory)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            byte[] marked = new byte[50_000];
            Arrays.fill(marked, MARK);
            long task = jobs.submit(new Bytes(marked)).getTaskId();
            jobs.retrieveResult(task).get();
            LiveVerifier verifier = new LiveVerifier(directory, client::writtenEnd);
            assertThat(verifier.verify().isSound()).isTrue();
            flipInTheMarkedPayload();
            VerifyReport report = verifier.verify();
            assertThat(report.isSound()).isFalse();
            Finding finding = report.findings().get(0);
            assertThat(finding.file().toString()).contains("segment-000000");
            assertThat(finding.offset()).isPositive();
            assertThat(jobs.submit(new Bytes(new byte[1])).get())
                    .as("the node goes on")
                    .isEqualTo(1);
        }
    }

    private void flipInTheMarkedPayload() throws IOException {
        try (var files = Files.walk(directory)) {
            Path segment = files.filter(file -> file.toString().contains("segment-000000")
                            && file.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
            byte[] content = Files.readAllBytes(segment);
            int run = 0;
            for (int at = 0; at < content.length; at++) {
                run = content[at] == MARK ? run + 1 : 0;
                if (run == 3_000) {
                    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
                        channel.write(ByteBuffer.wrap(new byte[] {1}), at);
                    }
                    return;
                }
            }
            throw new AssertionError("The payload was not found: bytes=" + content.length);
        }
    }
}
