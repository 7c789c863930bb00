package dev.holdfast.testkit.mutant;

/**
 * Planted mistakes, each in a class of the product that is written anew for the run of a test; the product itself has no
 * switch. Those of the replication protocol are the simulator's.
 */
enum Mutant {
    ACKNOWLEDGED_BEFORE_APPEND(
            "dev.holdfast.replication.SoloReplicaGroup",
            Plant.callReplaced("append", "append", "appendedLate"),
            "node: dev.holdfast.node.assembly.RestartTest#afterAKillResultsAreServedAndUnfinishedTasksRunOldestFirst"),
    ACKNOWLEDGED_BEFORE_FORCE(
            "dev.holdfast.replication.SoloReplicaGroup",
            Plant.fieldReadAsNothing("commitsByForce", "append"),
            "node: dev.holdfast.node.partition.PartitionTest#afterAFailedForceNothingIsAcknowledged"),
    ACKNOWLEDGED_END_NOT_NOTED(
            "dev.holdfast.storage.log.segment.SegmentedLog",
            Plant.withoutCall("raise", "acknowledge"),
            "storage: dev.holdfast.storage.log.memory.MemoryPartitionLogTest#anAcknowledgedRecordThatIsMissingIsDamage"),
    ID_FROM_MEMORY(
            "dev.holdfast.storage.log.segment.LogOpening",
            Plant.fieldReadAsNothing("crashed", "recovered"),
            "storage: dev.holdfast.storage.log.chronicle.ChronicleLogTest"
                    + "#issuingGoesOnAtTheReservedEndAfterAKillAndBehindTheLogAfterAClose"),
    LIMITS_NOT_RESERVED(
            "dev.holdfast.storage.directory.PartitionLimits",
            Plant.withoutCall("write", "reserve"),
            "storage: dev.holdfast.storage.directory.PartitionLimitsTest#reservationsOutliveEveryEnd"),
    CRC_SKIPPED(
            "dev.holdfast.storage.log.frame.FrameScan",
            Plant.callReplaced("crcOf", "frame", "crcAsItIs"),
            "storage: dev.holdfast.storage.verify.VerifyOnDiskTest#anyFlippedByteInsideTheLogIsFound"),
    CRC_WITHOUT_POSITION(
            "dev.holdfast.storage.log.frame.Frame",
            Plant.callReplaced("update", "crcOf", "updateWithoutPlace"),
            "storage: dev.holdfast.storage.log.frame.FrameTest#aFrameIsNoneInAnotherPlaceOfTheLog"),
    CHECKPOINT_NOT_FORCED_BEFORE_DELETE(
            "dev.holdfast.storage.log.chronicle.CheckpointChannel",
            Plant.withoutCall("force", "force"),
            "storage: dev.holdfast.storage.log.chronicle.ChronicleLogFaultsTest"
                    + "#aCheckpointThatCannotBeForcedDeletesNothing"),
    DISPOSE_NOT_LOGGED(
            "dev.holdfast.node.ledger.UserDecisions",
            Plant.withoutCall("log", "dispose"),
            "node: dev.holdfast.node.ledger.DisposalTest#aDisposedResultIsGoneAndNothingIsLeftToDispose"),
    ATTEMPT_NOT_COUNTED_BEFORE_THE_RUN(
            "dev.holdfast.node.execution.TaskRunner",
            Plant.withoutCall("logsNextStart", "start"),
            "node: dev.holdfast.node.assembly.RestartTest#aTaskThatKillsTheProcessTooOftenIsQuarantinedAndCanBeRetried"),
    RETRY_AFTER_A_FAILED_FORCE(
            "dev.holdfast.storage.log.segment.LogHealth",
            Plant.fieldNotWritten("failure", "fail"),
            "storage: dev.holdfast.storage.log.chronicle.ChronicleLogFaultsTest"
                    + "#theFirstForceThatFailsEndsTheLogForEver"),
    OLD_SEGMENT_APPENDED_TO(
            "dev.holdfast.storage.log.segment.Recovery",
            Plant.callReplaced("max", "readAll", "numberInUse"),
            "storage: dev.holdfast.storage.log.chronicle.ChronicleLogTest#whatAnEarlierProcessWroteIsNeverWrittenAgain"),
    FIRST_RECORD_OF_A_SEGMENT_NOT_FORCED(
            "dev.holdfast.storage.log.segment.Head",
            Plant.withoutCall("force", "begin"),
            "storage: dev.holdfast.storage.log.chronicle.ChronicleLogFaultsTest"
                    + "#aSegmentWhoseFirstRecordCannotBeForcedTakesNoOther");

    private final String type;
    private final Plant plant;
    private final NamedTest caughtBy;

    Mutant(String type, Plant plant, String caughtBy) {
        this.type = type;
        this.plant = plant;
        this.caughtBy = NamedTest.parse(caughtBy);
    }

    /** Full name of the class that has the mistake. */
    String type() {
        return type;
    }

    /** That class, with the mistake. */
    byte[] bytes() {
        return plant.into(type);
    }

    NamedTest caughtBy() {
        return caughtBy;
    }
}
