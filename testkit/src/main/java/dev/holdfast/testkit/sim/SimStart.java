package dev.holdfast.testkit.sim;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.MemberDetails;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.control.SessionClaim;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import java.util.List;
import java.util.Optional;

/** What a node does before it has a replica: reads its log, claims its session, waits until it sees that in the table. */
final class SimStart {

    private static final long AGAIN_NANOS = 40 * SimSettings.MILLI;

    private final SimNode node;
    private final SimDisk disk;

    /** An earlier life of this disk may have claimed what is pending. */
    private boolean mayAdopt;

    SimStart(SimNode node) {
        this.node = node;
        this.disk = node.disk;
    }

    static MemberDetails details(NodeId id) {
        return new MemberDetails("node-" + id, List.of(new NodeAddress("node-" + id, 5_000)), "");
    }

    void begin() {
        SimSettings settings = node.world.settings;
        switch (disk.recover(settings.always(), settings.is(Mutation.HOLE_READ_OVER))) {
            case HOLE -> node.world.totals.add(Totals.Count.HOLES);
            case DAMAGED -> {
                node.setAside();
                node.world.totals.add(Totals.Count.DAMAGED_LOGS);
            }
            case WHOLE, TAIL_LOST -> {}
        }
        mayAdopt = !disk.pending.equals(disk.session);
        again();
    }

    private void again() {
        node.after(AGAIN_NANOS, this::claim);
    }

    private void claim() {
        Member member = node.view().member(node.id);
        Optional<Session> table = Optional.ofNullable(member).map(Member::session);
        SessionClaim.Step next = SessionClaim.next(disk.session, disk.pending, table);
        node.world.trace.add(node, "starts:", next, "disk", disk.session, "pending", disk.pending, "table", table);
        switch (next) {
            case FORCE_PENDING -> {
                disk.pending = disk.session.next();
                again();
            }
            case CLAIM ->
                propose(
                        new ClusterCommand.ClaimSession(
                                node.id, details(node.id), disk.session, node.clock.wallMillis()),
                        disk.pending);
            case ADOPT_PENDING -> {
                if (mayAdopt) {
                    inSession(disk.pending);
                } else {
                    claimStale(table.orElseThrow()); // its own claim was a conflict: another life has it, and this is
                    // an older disk
                }
            }
            case CLAIM_STALE -> claimStale(table.orElseThrow());
            case JOIN -> again();
        }
    }

    private void claimStale(Session table) {
        if (node.world.settings.is(Mutation.STALE_DISK_ELECTED)) {
            propose(
                    new ClusterCommand.ClaimSession(node.id, details(node.id), table, node.clock.wallMillis()),
                    table.next());
        } else {
            node.lostPageCache = true; // it may not count on what it has, as one that lost some of it
            propose(
                    new ClusterCommand.ClaimStale(node.id, details(node.id), table, node.clock.wallMillis()),
                    table.next());
        }
    }

    private void propose(ClusterCommand command, Session claimed) {
        propose(new Proposal(node.world.nextCommand(), command), claimed);
    }

    /** The same until it is known what became of it. */
    private void propose(Proposal proposal, Session claimed) {
        node.world.propose(node, proposal, answer -> {
            if (answer.outcome().isEmpty()) {
                node.after(AGAIN_NANOS, () -> propose(proposal, claimed));
            } else if (answer.outcome().get().applied()) {
                inSession(claimed);
            } else {
                again();
            }
        });
    }

    private void inSession(Session session) {
        disk.session = session;
        disk.pending = session;
        awaitTable();
    }

    private void awaitTable() {
        if (node.view().isCurrent(node.id, disk.session)) {
            SimProcess process = new SimProcess(node);
            node.started(process);
            process.begin();
        } else {
            node.after(AGAIN_NANOS, this::awaitTable);
        }
    }
}
