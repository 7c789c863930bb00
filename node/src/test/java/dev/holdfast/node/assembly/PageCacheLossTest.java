package dev.holdfast.node.assembly;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.StaleTaskIdException.Reason;
import dev.holdfast.config.Config;
import dev.holdfast.storage.NodeStorage;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine loses power under {@code sync: os}: what was forced is there, the log's end is not. The directory is put
 * together from copies of a running node's: everything as it was last, but the segment as it was earlier.
 */
@Timeout(120)
class PageCacheLossTest {

    private static final int MAX_PAYLOAD = 1 << 20;

    @TempDir
    Path folder;

    private Path afterTheLoss;
    private long survivor;
    private long gone;

    private static Config config(Path directory) {
        Config config = new Config().setPartitionCount(1).setMaxPayload(MAX_PAYLOAD);
        config.getStorageConfig().setDirectory(directory).setSegmentSize(4 << 20);
        return config;
    }

    /** @param bootId names the page cache */
    private static EmbeddedNode start(Path directory, String bootId) {
        Config config = config(directory);
        NodeStorage storage = NodeStorage.open(config.getStorageConfig(), 1, MAX_PAYLOAD, "node", path -> bootId);
        return EmbeddedNode.start(config, DirectoryStore.of(storage));
    }

    @BeforeEach
    void aNodeWhoseLogLostItsEnd() throws Exception {
        Path original = folder.resolve("original");
        Path early = folder.resolve("early");
        afterTheLoss = folder.resolve("after-the-loss");
        try (EmbeddedNode node = start(original, "boot 1")) {
            DurableExecutorService service = node.getDurableExecutorService("a");
            survivor = service.submit(() -> "survives").getTaskId();
            service.retrieveResult(survivor).get(20, SECONDS);
            copy(original, early);
            gone = service.submit(() -> "gone").getTaskId();
            service.retrieveResult(gone).get(20, SECONDS);
            copy(original, afterTheLoss);
        }
        Path segment = Path.of("partition-0000", "segment-000000");
        copy(early.resolve(segment), afterTheLoss.resolve(segment));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(file).toString());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void anIdThatWentWithThePageCacheAnswersLostAndIsNotIssuedAgain() throws Exception {
        long next;
        try (EmbeddedNode node = start(afterTheLoss, "boot 2")) {
            assertThat(node.report().lost()).isPositive();
            DurableExecutorService service = node.getDurableExecutorService("a");
            assertThat(service.retrieveResult(survivor).get(20, SECONDS)).isEqualTo("survives");
            isLost(service, gone);
            next = service.submit(() -> "next").getTaskId();
            assertThat(next).isGreaterThan(gone);
            assertThat(service.retrieveResult(next).get(20, SECONDS)).isEqualTo("next");
        }
        try (EmbeddedNode node = start(afterTheLoss, "boot 2")) {
            assertThat(node.report().lost()).as("is reported once").isZero();
            DurableExecutorService service = node.getDurableExecutorService("a");
            isLost(service, gone);
            assertThat(service.retrieveResult(next).get(20, SECONDS)).isEqualTo("next");
        }
    }

    @Test
    void onTheSameBootAMissingEndIsDamageAndThePartitionRefuses() {
        try (EmbeddedNode node = start(afterTheLoss, "boot 1")) {
            assertThat(node.report().refusing()).isEqualTo(1);
            DurableExecutorService service = node.getDurableExecutorService("a");
            assertThatThrownBy(() -> service.retrieveResult(survivor).get(20, SECONDS))
                    .hasMessageContaining("segment-000000");
            assertThatThrownBy(() -> service.submit(() -> "refused")).hasMessageContaining("segment-000000");
        }
    }

    private static void isLost(DurableExecutorService service, long id) {
        assertThatThrownBy(() -> service.retrieveResult(id).get(20, SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        StaleTaskIdException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LOST));
    }
}
