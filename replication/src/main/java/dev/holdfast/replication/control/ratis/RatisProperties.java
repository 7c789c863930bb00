package dev.holdfast.replication.control.ratis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** The keys of Ratis, all in one place, with what each is for. */
final class RatisProperties {

    /** No command is larger, and no request that carries some is much larger. */
    private static final SizeInBytes ENTRY_LIMIT = SizeInBytes.valueOf("128KB");

    private RatisProperties() {}

    static RaftProperties of(RatisSettings settings) {
        RaftProperties keys = new RaftProperties();
        // The default is a folder that the system cleans up.
        RaftServerConfigKeys.setStorageDir(keys, List.of(settings.directory().toFile()));
        RaftConfigKeys.Rpc.setType(keys, new TransportRpcType());
        elections(keys, settings.timing());
        log(keys);
        Snapshot.setAutoTriggerEnabled(keys, true);
        Snapshot.setAutoTriggerThreshold(keys, settings.timing().snapshotAfter());
        Snapshot.setRetentionFileNum(keys, 2);
        Log.Appender.setSnapshotChunkSizeMax(keys, SizeInBytes.valueOf("1MB"));
        return keys;
    }

    private static void elections(RaftProperties keys, RatisTiming timing) {
        Rpc.setTimeoutMin(keys, time(timing.electionMin()));
        Rpc.setTimeoutMax(keys, time(timing.electionMax()));
        Rpc.setFirstElectionTimeoutMin(keys, time(timing.firstElectionMin()));
        Rpc.setFirstElectionTimeoutMax(keys, time(timing.firstElectionMax()));
        Rpc.setRequestTimeout(keys, time(timing.request()));
        // Between attempts to reach a peer that is gone; every tenth is logged.
        Rpc.setSleepTime(keys, time(timing.electionMin().dividedBy(4)));
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(keys, time(timing.stepDownWait()));
        // Off by default. Nothing here is decided on a read; it makes an isolated leader notice sooner.
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(keys, true);
    }

    private static void log(RaftProperties keys) {
        Log.setUseMemory(keys, false);
        Log.setSegmentSizeMax(keys, SizeInBytes.valueOf("1MB"));
        Log.setPreallocatedSize(keys, SizeInBytes.valueOf("64KB"));
        Log.setWriteBufferSize(keys, SizeInBytes.valueOf("256KB"));
        Log.Appender.setBufferByteLimit(keys, ENTRY_LIMIT);
        // On by default. Ratis 3.3.0 may then start one append twice when two come at once, which fails, and with it
        // every later
        // one until the process ends (NavigableIndices.append: updateAndGet of something that has effects).
        Log.setAppendEntriesComposeEnabled(keys, false);
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
