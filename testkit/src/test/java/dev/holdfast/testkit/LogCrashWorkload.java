package dev.holdfast.testkit;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.directory.ClusterFile;
import dev.holdfast.storage.directory.EpochFile;
import dev.holdfast.storage.log.CheckpointPart;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplicatedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The process that ends at a {@link CrashPoint} in what is done to one log, without a node. Arguments: data directory, sync policy,
 * name of the page cache, what it does (a {@link CrashPoint.Phase}), and what that needs.
 */
final class LogCrashWorkload {

    private LogCrashWorkload() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        CrashPoint.Phase phase = CrashPoint.Phase.valueOf(args[3]);
        switch (phase) {
            case CUT_SHORT, LOST_TAIL -> {
                CrashHalts.enter(phase);
                try (NodeStorage storage = storage(args)) {
                    goOnWith(storage.openPartition(LogFixture.PARTITION, new LogFixture.Read()));
                }
            }
            case TRUNCATION, INSTALL -> {
                try (NodeStorage storage = storage(args)) {
                    RecoveredLog recovered = storage.openPartition(LogFixture.PARTITION, new LogFixture.Read());
                    CrashHalts.enter(phase);
                    if (phase == CrashPoint.Phase.TRUNCATION) {
                        recovered.replicated().truncate(new Lsn(Long.parseLong(args[4])));
                    } else {
                        LogEnd at = new LogEnd(
                                new Lsn(Long.parseLong(args[4])),
                                new Epoch(Long.parseLong(args[5])),
                                Long.parseLong(args[6]));
                        install(recovered.replicated(), at, Files.readAllBytes(Path.of(args[7])));
                    }
                }
            }
            case EPOCH -> {
                CrashHalts.enter(phase);
                EpochFile.in(directory.resolve("partition-0000"), LogFixture.PARTITION)
                        .store(new Epoch(Long.parseLong(args[4])));
            }
            case MEMBERSHIP -> {
                CrashHalts.enter(phase);
                ClusterFile file = ClusterFile.in(directory);
                file.store(file.load().orElseThrow().withNextPending());
            }
            case NEW, START, LOAD, CLOSE -> throw new IllegalArgumentException("Of a node: phase=" + phase);
        }
        Said.say("FINISHED");
    }

    private static NodeStorage storage(String[] args) {
        return LogFixture.storage(Path.of(args[0]), SyncPolicy.valueOf(args[1]), args[2]);
    }

    /** As a partition's first batch does. */
    static void goOnWith(RecoveredLog recovered) {
        PartitionLog log = recovered.log();
        Epoch epoch = new Epoch(log.end().epoch().value() + 1);
        recovered.lost().ifPresent(range -> log.append(epoch, List.of(new LogRecord.SequencesLost(range, 1))));
        log.acknowledge(log.end().lsn());
    }

    /** In two pieces. */
    static void install(ReplicatedLog log, LogEnd at, byte[] checkpoint) {
        int half = checkpoint.length / 2;
        log.storeCheckpoint(new CheckpointPart(at, 0, false, Arrays.copyOf(checkpoint, half)));
        log.storeCheckpoint(
                new CheckpointPart(at, half, true, Arrays.copyOfRange(checkpoint, half, checkpoint.length)));
        log.installCheckpoint(at, new LogFixture.Read());
    }
}
