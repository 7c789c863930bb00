package dev.holdfast.replication.control.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatisPropertiesTest {

    @TempDir
    Path directory;

    /** A follower whose appends were composed was seen to append nothing any more, until its process ended: ADR 117. */
    @Test
    void noAppendIsMadeToFollowAnotherThatMayHaveFailed() {
        RaftProperties properties = RatisProperties.of(new RatisSettings(
                RatisCluster.node(0), directory, UUID.randomUUID(), List.of(), List.of(), QuickTiming.TIMING));
        assertThat(RaftServerConfigKeys.Log.appendEntriesComposeEnabled(properties))
                .isFalse();
    }
}
