package dev.holdfast.testkit.sim;

import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.TakeOver;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What must hold after every event, of logs, epochs, leases and rows. What is about tasks is in {@link TaskChecks}. */
final class Checks {

    private final SimWorld world;
    final TaskChecks tasks;
    final Losses losses;

    /** Where the log ended after each committed record, from LSN 1. */
    private final List<LogEnd> committed = new ArrayList<>();

    private final Map<Epoch, NodeId> committers = new TreeMap<>();
    private final Map<NodeId, Epoch> highestEpoch = new HashMap<>();
    private final Map<SimProcess, TakeOver> takeOvers = new HashMap<>();

    Checks(SimWorld world) {
        this.world = world;
        this.tasks = new TaskChecks(world);
        this.losses = new Losses(world, committed);
    }

    Lsn committed() {
        return new Lsn(committed.size());
    }

    /** A process has begun: it knows the epochs that its node has seen. */
    void started(SimNode node, SimProcess process) {
        Optional<SimDisk.Entry> wrong = node.disk.firstWrong();
        Violation.check(wrong.isEmpty(), "I11", () -> process + " serves what is not whole: " + wrong);
        seenEpoch(node, process);
        losses.restored(process);
    }

    private void seenEpoch(SimNode node, SimProcess process) {
        Epoch epoch = process.replica.epoch();
        Epoch before = highestEpoch.getOrDefault(node.id, Epoch.NONE);
        if (epoch.compareTo(before) != 0) {
            boolean known = node.disk.persistedEpoch.compareTo(before) >= 0;
            Violation.check(
                    epoch.compareTo(before) > 0 || !known,
                    "I8",
                    () -> "the epoch of " + process + " falls from " + before + " to " + epoch);
        }
        // Only what is noted on the disk is promised.
        if (node.disk.persistedEpoch.compareTo(before) > 0) {
            highestEpoch.put(node.id, node.disk.persistedEpoch);
        }
    }

    /** After each step of a replica. */
    void stepped(SimNode node, SimProcess process) {
        seenEpoch(node, process);
        long serving = world.nodes.stream().filter(SimNode::serves).count();
        Violation.check(serving < 2, "lease", () -> "two primaries serve: " + servers());
        world.nodes.forEach(this::hasWhatItMust);
    }

    private List<SimNode> servers() {
        return world.nodes.stream().filter(SimNode::serves).toList();
    }

    private void hasWhatItMust(SimNode node) {
        if (committed.isEmpty()) {
            return;
        }
        PartitionRow row = world.control.row();
        boolean member = row.inSync().contains(node.id);
        boolean only = member
                && row.inSync().size() == 1
                && row.replicas().size() > 1
                && row.primary().isPresent(); // not left alone by the table
        boolean electable = (member || row.eligible().contains(node.id)) && !losses.isAccepted(row);
        if (electable && (!node.lossy || only)) {
            requireHas(node, committed(), "I12", "who could be elected");
        }
        Optional<SimProcess> process = node.process();
        if (process.isPresent() && !losses.isAhead(process.get())) {
            requireHas(node, process.get().replica.committed(), "I1", "who knows it to be committed");
        }
    }

    private void requireHas(SimNode node, Lsn lsn, String rule, String who) {
        SimDisk disk = node.disk;
        if (lsn.compareTo(disk.base().lsn()) <= 0) {
            return;
        }
        Optional<LogEnd> there = disk.at(lsn);
        boolean equal = there.isPresent() && there.get().equals(committed.get((int) lsn.value() - 1));
        Violation.check(
                equal,
                rule,
                () -> node + ", " + who + ", has not what is committed: lsn=" + lsn + ", committed="
                        + committed.get((int) lsn.value() - 1) + ", its log ends in " + disk.end() + ", there is "
                        + there);
    }

    /** R1, R2, I8: a replica says that this much is committed. */
    void committed(SimNode node, SimProcess process, Lsn upTo) {
        Lsn first = new Lsn(Math.max(
                        node.disk.base().lsn().value(), process.ledger.applied().value())
                + 1);
        for (Lsn lsn = first; lsn.compareTo(upTo) <= 0; lsn = lsn.next()) {
            LogEnd end = node.disk
                    .at(lsn)
                    .orElseThrow(() -> new Violation(
                            "I1",
                            process + " commits what it does not have: upTo=" + upTo + ", end=" + node.disk.end()));
            if (!isCommitted(end) && losses.hearsOfLost(process, end)) {
                return;
            }
            if (lsn.value() > committed.size()) {
                Violation.check(process.replica.isPrimary(), "R2", () -> process + " commits first, and leads nothing");
                committed.add(end);
                world.totals.add(Totals.Count.COMMITS);
                commits(process);
            }
            LogEnd known = committed.get((int) lsn.value() - 1);
            Violation.check(
                    known.equals(end), "I13", () -> process + " commits " + end + " where " + known + " was committed");
        }
    }

    private boolean isCommitted(LogEnd end) {
        return end.lsn().value() <= committed.size()
                && committed.get((int) end.lsn().value() - 1).equals(end);
    }

    private void commits(SimProcess process) {
        Epoch epoch = process.replica.epoch();
        NodeId first = committers.computeIfAbsent(epoch, each -> process.node.id);
        Violation.check(
                first.equals(process.node.id),
                "I8",
                () -> "two nodes commit in epoch " + epoch + ": " + first + ", " + process);
        losses.commits(process);
    }

    /** I8: nobody acknowledges anything to a primary of an epoch that has passed. */
    void sends(SimProcess process, Message message) {
        boolean acknowledges = message instanceof Message.Ack || message instanceof Message.BeaconAck;
        Violation.check(
                !acknowledges || message.epoch().compareTo(process.replica.epoch()) >= 0,
                "I8",
                () -> process + " acknowledges to a stale epoch: epoch=" + process.replica.epoch() + ", " + message);
    }

    /** A record is about to become part of a ring: before the ring itself may object. */
    void applies(SimProcess process, SimDisk.Entry entry) {
        if (losses.isOfAhead(process, entry.end())) {
            return; // it is set aside with all that it has
        }
        Violation.check(
                entry.end().lsn().compareTo(committed()) <= 0,
                "R2",
                () -> process + " applies what is not committed: " + entry);
        tasks.applies(entry);
    }

    /** A record has become part of a ring. */
    void applied(SimProcess process, Lsn lsn) {
        boolean ofAhead = process.node
                .disk
                .at(lsn)
                .filter(end -> losses.isOfAhead(process, end))
                .isPresent();
        if (!ofAhead) {
            tasks.applied(process, lsn);
        }
    }

    /** A ring was made from a checkpoint. */
    void restored(SimProcess process) {
        losses.restored(process);
        tasks.compareRing(process, process.ledger.applied());
    }

    /** Somebody is about to be told of everything decided up to there. */
    void answered(SimProcess process, Lsn upTo) {
        Violation.check(
                upTo.compareTo(committed()) <= 0,
                "R2",
                () -> process + " answers before the commit: upTo=" + upTo + ", committed=" + committed());
        tasks.answered(process, upTo);
    }

    void rowChanged(PartitionRow before, PartitionRow after, Outcome outcome) {
        Violation.check(
                outcome.verdict() != Outcome.Verdict.REFUSED || world.settings.lies(),
                "row",
                () -> "the table refuses a change: " + outcome.message());
        if (before.equals(after)) {
            return;
        }
        world.trace.add("row:", after);
        Violation.check(
                after.epoch().compareTo(before.epoch()) >= 0,
                "I8",
                () -> "the row's epoch falls: " + before + ", " + after);
        if (after.epoch().compareTo(before.epoch()) > 0) {
            losses.epochRose(before, after);
        }
        boolean leaves = !after.inSync().containsAll(before.inSync());
        world.totals.add(Totals.Count.SHRINKS, leaves ? 1 : 0);
        for (NodeId node : after.inSync()) {
            boolean isAccepted = after.primary().isEmpty(); // by an operator, with whatever it has
            if (!before.inSync().contains(node) && before.epoch().value() > 0 && !isAccepted) {
                comesIn(world.node(node), after);
            }
        }
        if (after.epoch().compareTo(before.epoch()) > 0) {
            // A hand-over may name one that died meanwhile and is starting: it has shown nothing.
            after.primary()
                    .map(world::node)
                    .filter(node -> node.process().isPresent())
                    .ifPresent(node -> node.lossy = false);
        }
    }

    /** R7: who comes into sync has followed in this epoch; unless it died meanwhile, it is whole. */
    private void comesIn(SimNode node, PartitionRow row) {
        world.totals.add(Totals.Count.EXPANDS);
        if (!row.isPrimary(node.id) && node.isOn() && node.process().isPresent()) {
            LogEnd end = node.disk.end();
            Violation.check(
                    end.epoch().equals(row.epoch()),
                    "R7",
                    () -> node + " comes into sync without the beginning of the epoch: its end=" + end + ", row="
                            + row);
            node.lossy = false;
        }
    }

    void takesOver(SimProcess process, Output.BecomePrimary output) {
        takeOvers.put(process, output.how());
        switch (output.how()) {
            case HAND_OVER -> world.totals.add(Totals.Count.HAND_OVERS);
            case FAILOVER, DEPOSED, RESTART, ALL_SUSPECT -> world.totals.add(Totals.Count.FAILOVERS);
            case FIRST -> {}
        }
        losses.takesOver(process, output.epoch(), output.lossPossible());
    }

    void runs(SimProcess process, TaskEntry entry, int attempt) {
        world.totals.add(Totals.Count.STARTS);
        Violation.check(
                process.replica.mayServe(process.node.clock.nowNanos()),
                "R5",
                () -> process + " starts a task without a lease: " + entry);
        tasks.reads(process);
        boolean planned = takeOvers.get(process) == TakeOver.HAND_OVER;
        tasks.runs(process, entry, attempt, planned);
    }

    void interrupted(SimProcess process, Map<Long, Integer> running) {
        running.keySet().forEach(sequence -> tasks.interrupted(process, sequence));
    }

    void stoppedRunning(SimProcess process, long sequence) {
        tasks.stoppedRunning(process, sequence);
    }
}
