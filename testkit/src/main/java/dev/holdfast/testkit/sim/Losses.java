package dev.holdfast.testkit.sim;

import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The account of what is lost although it was committed, and of who may say that something may be. Lost it is only where the
 * seed's faults go beyond what the design survives ({@link SimSettings#losses}): an operator accepted it, or every member lost
 * power. Said it may be wherever nobody could know better: every member and every eligible replica has noted on its disk that
 * it is suspect. Then nothing at all may have been lost, for a note outlives what it is about until its replica has seen that it
 * is in sync again; who says too often that work may be lost, loses ids and no work.
 */
final class Losses {

    private final SimWorld world;

    /** Where the log ended after each committed record, from LSN 1; of {@link Checks}. */
    private final List<LogEnd> committed;

    /** Epochs whose primary may say so, for nobody could know better. */
    private final Set<Epoch> possible = new HashSet<>();

    /** Processes with something in their rings that is lost: they have to be set aside. */
    private final Set<SimProcess> ahead = new HashSet<>();

    /** Where logs ended after records that were committed and are lost, and the epoch that began without them. */
    private final Map<LogEnd, Epoch> lost = new HashMap<>();

    /** Something was lost, and no primary has said so yet. */
    private boolean unsaid;

    Losses(SimWorld world, List<LogEnd> committed) {
        this.world = world;
        this.committed = committed;
    }

    /** A ring was made from a checkpoint, which may be of what was lost since. */
    void restored(SimProcess process) {
        LogEnd base = process.node.disk.base();
        int lsn = (int) base.lsn().value();
        if (lsn > committed.size() || (lsn > 0 && !committed.get(lsn - 1).equals(base))) {
            ahead.add(process);
        } else {
            ahead.remove(process);
        }
    }

    boolean isAhead(SimProcess process) {
        return ahead.contains(process);
    }

    /**
     * Whether {@code process} has just heard that a record is committed which is lost by now. What was on its way says so, to one that knows of no
     * epoch since and leads nothing: it is ahead then.
     */
    boolean hearsOfLost(SimProcess process, LogEnd end) {
        Epoch without = lost.get(end);
        boolean hears =
                without != null && process.replica.epoch().compareTo(without) < 0 && !process.replica.isPrimary();
        if (hears) {
            ahead.add(process);
        }
        return hears;
    }

    /** Whether that is a record which is lost, in the ring of a process that has to be set aside for it. */
    boolean isOfAhead(SimProcess process, LogEnd end) {
        return isAhead(process) && lost.containsKey(end);
    }

    /** Whether an operator may go on with what {@code node} has: any copy, but for one that has to be set aside, or is just learnt. */
    boolean maySurvive(SimNode node) {
        return !node.disk.isInstalling()
                && node.process().filter(each -> !isAhead(each)).isPresent();
    }

    /** The epoch of the row has risen. */
    void epochRose(PartitionRow before, PartitionRow after) {
        if (isAccepted(after)) {
            return; // the survivor may still be given what is on its way to it
        }
        if (isAccepted(before)) {
            after.primary().map(world::node).ifPresent(node -> endsWith(node, after.epoch()));
        } else if (nobodyKnows(before)) {
            possible.add(after.epoch());
            // With others in sync, as after a hand-over to one that died meanwhile, those may have more and lead next.
            after.primary()
                    .filter(primary -> after.inSync().size() == 1)
                    .map(world::node)
                    .ifPresent(node -> endsWith(node, after.epoch()));
        }
    }

    /** Whether an operator has said so in this row, and whom that names has not taken over: what it will have then is left. */
    boolean isAccepted(PartitionRow row) {
        return row.primary().isEmpty() && recovery().filter(row.epoch()::equals).isPresent();
    }

    private Optional<Epoch> recovery() {
        return world.control.state().terms(SimControlPlane.PARTITION).recovery();
    }

    /**
     * Whether all who count are suspect by their own notes. Who was left alone in sync by a proposal of its own had forced its log, and
     * knows that if the opening of its epoch is in there.
     */
    private boolean nobodyKnows(PartitionRow row) {
        if (row.inSync().size() == 1 && row.primary().isPresent()) {
            SimNode only = world.node(row.inSync().first());
            return only.isSuspect() && !only.disk.end().epoch().equals(row.epoch());
        }
        return Stream.concat(row.inSync().stream(), row.eligible().stream())
                .allMatch(member -> world.node(member).isSuspect());
    }

    /** I1: the new primary says, or does not say, that work may be lost. */
    void takesOver(SimProcess process, Epoch epoch, boolean lossPossible) {
        boolean recovered = recovery()
                .filter(accepted -> committed.isEmpty()
                        || committed.get(committed.size() - 1).epoch().compareTo(accepted) <= 0)
                .isPresent();
        Violation.check(
                !lossPossible || possible.contains(epoch) || recovered,
                "I1",
                () -> process + " says that work may be lost, and somebody knew better: epoch=" + epoch);
        if (lossPossible) {
            endsWith(process.node, epoch);
            unsaid = false;
        }
    }

    /** I1: what is lost is told. */
    void commits(SimProcess process) {
        Violation.check(!unsaid, "I1", () -> process + " goes on after a loss, and nobody has said that there was one");
    }

    /** What is not in the log of {@code survivor} is lost, and {@code epoch} begins without it. */
    private void endsWith(SimNode survivor, Epoch epoch) {
        int kept = committed.size();
        while (kept > 0 && !isAt(survivor, kept)) {
            kept--;
        }
        if (kept == committed.size()) {
            return;
        }
        Lsn end = new Lsn(kept);
        Violation.check(
                world.settings.losses(),
                "I1",
                () -> "what was committed is lost: " + survivor + " has it up to " + end + " of " + committed.size());
        world.trace.add("lost:", committed.size() - end.value(), "records after", end);
        world.totals.add(Totals.Count.LOST, committed.size() - kept);
        List<LogEnd> gone = committed.subList(kept, committed.size());
        gone.forEach(each -> lost.put(each, epoch));
        gone.clear();
        world.checks.tasks.forget(end);
        unsaid = true;
        for (SimNode node : world.nodes) {
            node.process()
                    .filter(each -> each.replica.committed().compareTo(end) > 0)
                    .ifPresent(ahead::add);
        }
    }

    private boolean isAt(SimNode node, int lsn) {
        return node.disk.at(new Lsn(lsn)).filter(committed.get(lsn - 1)::equals).isPresent();
    }
}
