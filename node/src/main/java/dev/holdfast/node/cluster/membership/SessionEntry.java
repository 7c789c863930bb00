package dev.holdfast.node.cluster.membership;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.MemberDetails;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Role;
import dev.holdfast.replication.control.SessionClaim;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node's way from a running control plane into a session of its own: founds, then joins or claims, each step forced
 * before the next (design 4.6). Of the thread that starts the node.
 */
final class SessionEntry {

    private static final Duration LOOK = Duration.ofMillis(500);

    private final Config config;
    private final MemberDisk disk;
    private final ControlPlane control;
    private final Decisions decisions;
    private final StateWatch watch;
    private final SelfIdentity identity;
    private final Duration refusal;
    private final MemberDetails details;
    private final Role role;
    private final Decisions.Meanwhile meanwhile;

    /** @param meanwhile looks for the others again while nothing is decided */
    SessionEntry(
            Config config,
            MemberDisk disk,
            SelfIdentity identity,
            ControlPlane control,
            StateWatch watch,
            Duration refusal,
            ClusterSearch search,
            Founding founding,
            Decisions.Meanwhile meanwhile) {
        this.config = config;
        this.disk = disk;
        this.identity = identity;
        this.control = control;
        this.decisions = new Decisions(control);
        this.watch = watch;
        this.refusal = refusal;
        this.meanwhile = meanwhile;
        this.details = new MemberDetails(
                config.getNodeName(),
                List.of(search.announced()),
                Objects.requireNonNullElse(config.getReplicationConfig().getZone(), ""));
        boolean votes = founding.voters().contains(disk.node()) || search.isListedVoter();
        this.role = config.getControlPlaneConfig().isWitness() ? Role.WITNESS : votes ? Role.VOTER : Role.LISTENER;
    }

    /**
     * Blocks until this node is a member in a session that its disk has forced, and sees that itself.
     *
     * @throws HoldfastException the table refuses it
     */
    Session enter(Founding founding) throws InterruptedException {
        if (!disk.hasJoined() && founding.voters().contains(disk.node())) {
            found(founding);
        }
        Session session = claim();
        while (!watch.await(state -> state.isCurrent(disk.node(), session), LOOK)) {
            meanwhile.look("is a member, and waits to see it: the leader of the control plane tells");
        }
        checkMinInSync(control.state());
        changeRole();
        return session;
    }

    /** By each founding voter: the same founding is taken as often as it is said. */
    private void found(Founding founding) throws InterruptedException {
        int minInSync = config.getReplicationConfig().getMinInSync();
        Outcome outcome = decide(new ClusterCommand.Found(founding, minInSync));
        if (!outcome.applied()) {
            throw new HoldfastException(ErrorCode.MEMBERSHIP_REFUSED, outcome.message());
        }
    }

    /**
     * A pending session is an earlier claim of this disk's that was not heard of, but only if the disk had it before this
     * process began. Had this process forced it, and the claim was a conflict, then the table has it from another one: the
     * disk is an older copy.
     */
    private Session claim() throws InterruptedException {
        long refusedAtNanos = 0;
        boolean mayAdopt = !disk.pending().equals(disk.session());
        while (true) {
            @Nullable Member member = control.state().member(disk.node());
            Optional<Session> table = Optional.ofNullable(member).map(Member::session);
            SessionClaim.Step step = SessionClaim.next(disk.session(), disk.pending(), table);
            if (step == SessionClaim.Step.FORCE_PENDING) {
                disk.forcePending();
                continue;
            } else if (step == SessionClaim.Step.ADOPT_PENDING && mayAdopt) {
                mayAdopt = false;
                disk.force(disk.pending());
                continue;
            } else if (step == SessionClaim.Step.ADOPT_PENDING) {
                step = SessionClaim.Step.CLAIM_STALE;
            }
            Session expected = step == SessionClaim.Step.CLAIM_STALE ? table.orElseThrow() : disk.session();
            identity.claims(expected.next());
            Outcome outcome = decide(command(step, expected));
            if (outcome.applied()) {
                disk.force(expected.next());
                return expected.next();
            }
            if (outcome.verdict() == Outcome.Verdict.REFUSED) {
                long nowNanos = System.nanoTime();
                refusedAtNanos = refusedAtNanos == 0 ? nowNanos : refusedAtNanos;
                if (nowNanos - refusedAtNanos > refusal.toNanos()) {
                    throw new HoldfastException(ErrorCode.MEMBERSHIP_REFUSED, outcome.message());
                }
                meanwhile.look(outcome.message());
            }
            watch.await(state -> state.revision().compareTo(outcome.revision()) >= 0, LOOK);
        }
    }

    private ClusterCommand command(SessionClaim.Step step, Session expected) {
        NodeId node = disk.node();
        long nowMillis = System.currentTimeMillis();
        return switch (step) {
            case JOIN -> new ClusterCommand.Join(node, details, role, expected.next(), nowMillis);
            case CLAIM -> new ClusterCommand.ClaimSession(node, details, expected, nowMillis);
            case CLAIM_STALE -> new ClusterCommand.ClaimStale(node, details, expected, nowMillis);
            case FORCE_PENDING, ADOPT_PENDING -> throw new IllegalStateException("Nothing to propose: step=" + step);
        };
    }

    private Outcome decide(ClusterCommand command) throws InterruptedException {
        return decisions.await(command, LOOK, meanwhile);
    }

    private void checkMinInSync(ClusterState state) {
        if (state.minInSync() != config.getReplicationConfig().getMinInSync()) {
            throw ClusterSearch.minInSyncDiffers(config, state.minInSync(), "the cluster");
        }
    }

    /** The list of members, or whether it is a witness, has changed since the last start. */
    private void changeRole() throws InterruptedException {
        Member member = control.state().member(disk.node());
        if (member != null && member.role() != role) {
            Outcome outcome = decide(new ClusterCommand.ChangeRole(disk.node(), member.role(), role));
            if (outcome.verdict() == Outcome.Verdict.REFUSED) {
                throw new HoldfastException(ErrorCode.MEMBERSHIP_REFUSED, outcome.message());
            }
        }
    }
}
