package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionLimitsTest {

    private static final PartitionId PARTITION = new PartitionId(5);

    @TempDir
    Path directory;

    private Path file;
    private long session;

    @BeforeEach
    void create() throws IOException {
        file = directory.resolve("limits");
        PartitionLimits.create(file, PARTITION, "boot-1");
    }

    @Test
    void aNewPartitionHasNeitherCrashedNorReservedAnything() throws IOException {
        try (PartitionLimits limits = start("boot-9")) {
            assertThat(limits.crashed()).isFalse();
            assertThat(limits.pageCacheLost()).isFalse();
            assertThat(limits.reservedEndExclusive()).isEqualTo(1);
        }
    }

    @Test
    void reservationsOutliveEveryEnd() throws IOException {
        try (PartitionLimits limits = start("boot-1")) {
            limits.begin();
            limits.reserve(65_537);
            limits.reserve(100);
            assertThat(limits.reservedEndExclusive()).isEqualTo(65_537);
        }
        PartitionLimits limits = start("boot-1");
        assertThat(limits.reservedEndExclusive()).isEqualTo(65_537);
        limits.begin();
        limits.reserve(131_073);
        limits.closeClean();
        assertThat(start("boot-2").reservedEndExclusive()).isEqualTo(131_073);
    }

    @Test
    void onlyACloseInOrderIsClean() throws IOException {
        PartitionLimits first = start("boot-1");
        first.begin();
        first.close();
        PartitionLimits second = start("boot-1");
        assertThat(second.crashed()).isTrue();
        assertThat(second.pageCacheLost()).isFalse();
        second.begin();
        second.closeClean();
        PartitionLimits third = start("boot-2");
        assertThat(third.crashed()).isFalse();
        assertThat(third.pageCacheLost()).isFalse();
        assertThat(third.previous().session()).isEqualTo(2);
    }

    @Test
    void aLostPageCacheStaysKnownUntilItIsSettled() throws IOException {
        start("boot-1").begin(); // and the power goes
        PartitionLimits second = start("boot-2");
        assertThat(second.pageCacheLost()).isTrue();
        second.begin(); // and the process dies in its recovery
        PartitionLimits third = start("boot-2");
        assertThat(third.pageCacheLost()).isTrue();
        third.begin();
        third.reserve(65_537);
        third.settle(); // and the process dies again
        PartitionLimits fourth = start("boot-2");
        assertThat(fourth.crashed()).isTrue();
        assertThat(fourth.pageCacheLost()).isFalse();
        assertThat(fourth.reservedEndExclusive()).isEqualTo(65_537);
    }

    @Test
    void aPartitionThatRefusesKeepsItsHistory() throws IOException {
        start("boot-1").begin();
        for (int attempt = 0; attempt < 3; attempt++) {
            try (PartitionLimits refused = start("boot-2")) {
                assertThat(refused.pageCacheLost()).isTrue();
                assertThat(refused.previous().session()).isEqualTo(1);
            }
        }
    }

    @Test
    void nothingIsReservedBeforeItBeganOrAfterItClosed() throws IOException {
        PartitionLimits limits = start("boot-1");
        assertThatThrownBy(() -> limits.reserve(65_537)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(limits::closeClean).isInstanceOf(IllegalStateException.class);
        limits.begin();
        limits.closeClean();
        assertThatThrownBy(() -> limits.reserve(65_537)).isInstanceOf(IllegalStateException.class);
        limits.close();
    }

    private PartitionLimits start(String bootId) throws IOException {
        return PartitionLimits.open(file, PARTITION, ++session, bootId);
    }
}
