package dev.holdfast.node.recovery;

import dev.holdfast.config.StorageConfig;
import dev.holdfast.storage.directory.Limits;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.segment.Salvage;
import dev.holdfast.storage.verify.Repair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What can be saved of one damaged partition of a node alone, what can not, and doing it: a new log with a checkpoint of what is
 * known takes the place of the damaged one. One thread.
 */
public final class PartitionRepair implements AutoCloseable {

    private final Repair repair;
    private final PartitionId partition;
    private final Repair.Marks marks;
    private final SalvagedRing ring;
    private final Salvage salvage;

    private PartitionRepair(
            Repair repair, PartitionId partition, Repair.Marks marks, SalvagedRing ring, Salvage salvage) {
        this.repair = repair;
        this.partition = partition;
        this.marks = marks;
        this.ring = ring;
        this.salvage = salvage;
    }

    /**
     * Reads all that can be read, and changes nothing; memory is needed as a node would need it.
     *
     * @throws dev.holdfast.storage.directory.NewerFormatException a newer version wrote it: it is not damaged
     * @throws dev.holdfast.storage.log.frame.UnreadableRecordException likewise
     */
    public static PartitionRepair plan(Repair repair, PartitionId partition) throws IOException {
        Repair.Marks marks = repair.marks(partition);
        SalvagedRing ring = new SalvagedRing(partition);
        Salvage salvage = repair.salvage(partition, marks, new StorageConfig().getInlineLimit(), ring);
        Optional<Limits> limits = marks.limits();
        ring.end(
                limits.map(Limits::reservedEndExclusive).orElse(0L),
                limits.map(known -> !known.clean()).orElse(true));
        return new PartitionRepair(repair, partition, marks, ring, salvage);
    }

    /**
     * Numbers that follow on each other.
     *
     * @param last of them
     */
    public record Numbers(long first, long last) {

        /** Neighbours as a range. */
        public static List<Numbers> of(List<Long> sorted) {
            List<Numbers> ranges = new ArrayList<>();
            for (long number : sorted) {
                Numbers last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
                if (last != null && last.last() + 1 == number) {
                    ranges.set(ranges.size() - 1, new Numbers(last.first(), number));
                } else {
                    ranges.add(new Numbers(number, number));
                }
            }
            return ranges;
        }
    }

    /**
     * What becomes of it.
     *
     * @param recordsLost log sequence numbers of records that can not be read
     * @param checkpointCut whether a part of the newest checkpoint can not be read
     * @param endUnknown whether the log may have gone on behind what can be read, nobody knows how far
     * @param idsLost ids that answer LOST from now on, unless there is a task: those that may have been given out
     * @param idsKnownLost of those, the ones that records told of that could be read
     * @param idsHeld tasks that may have ended, their results being lost: they wait, quarantined, for retry or discard
     * @param idsMaybeRemoved results that are served, and tasks that are held, though a lost record may have removed or replaced them:
     *     one that was disposed of may be there again
     * @param results stored ones, of successes, failures and cancellations
     * @param unfinished tasks that go on as if nothing had been
     * @param held tasks that were held before
     */
    public record Effect(
            List<Numbers> recordsLost,
            boolean checkpointCut,
            boolean endUnknown,
            List<Numbers> idsLost,
            List<Long> idsKnownLost,
            List<Long> idsHeld,
            List<Numbers> idsMaybeRemoved,
            long results,
            long unfinished,
            long held) {}

    /** What {@link #carryOut} does. */
    public Effect effect() {
        return new Effect(
                ring.holes().stream()
                        .map(hole ->
                                new Numbers(hole.first().value(), hole.last().value()))
                        .toList(),
                ring.isCheckpointCut(),
                ring.isEndUnknown(),
                ring.lost().stream()
                        .map(range -> new Numbers(id(range.first()), id(range.endExclusive() - 1)))
                        .toList(),
                ids(ring.unknownTasks()),
                ids(ring.heldTasks()),
                Numbers.of(ids(ring.maybeRemoved())),
                ring.count(State.COMPLETED, State.FAILED, State.CANCELLED),
                ring.count(State.UNFINISHED),
                ring.count(State.PARKED, State.QUARANTINED));
    }

    private List<Long> ids(Collection<Long> sequences) {
        return sequences.stream().map(this::id).toList();
    }

    private long id(long sequence) {
        return TaskId.of(partition, sequence).value();
    }

    /**
     * Puts the new log in the place of the damaged one; returns when it is on the medium.
     *
     * @return where the damaged one is now
     */
    public Path carryOut() throws IOException {
        return repair.replace(partition, salvage, marks, ring.nextSequence(), ring.snapshot());
    }

    @Override
    public void close() {
        salvage.close();
    }
}
