package dev.holdfast.storage.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

class BodyIndexTest {

    private static final PartitionId PARTITION = new PartitionId(7);

    /** Whoever was to put another place into the index has failed at that, so it never comes. */
    @Test
    @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
    void aReadOfAFileThatAFailedLogHasLetGoEnds() {
        LogHealth health = new LogHealth(PARTITION);
        BodyIndex index = new BodyIndex(PARTITION);
        index.dependOn(health);
        FileHandle file = new FileHandle(1, Path.of("segment-1"), () -> {
            throw new IOException("nobody opens it");
        });
        index.put(5, new BodyIndex.Place(file, 0, 0, 0, 0));
        file.retire();
        assertThat(health.fail("Cannot put a checkpoint in place of the log", new IOException("of the test")))
                .isNotNull();
        assertThatThrownBy(() -> index.read(new Body.Stored(new Lsn(5), 10, 0))).isInstanceOf(LogFailedException.class);
    }
}
