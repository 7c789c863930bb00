package dev.holdfast.testkit.sim;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ClusterTable;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The real table behind a log that is only imagined: commands come late, or are lost, or are applied and not answered, or are
 * answered as unknown and applied later, or come twice; each node sees the table later than others.
 */
final class SimControlPlane {

    static final PartitionId PARTITION = new PartitionId(0);

    private static final long TIMEOUT_NANOS = 300 * SimSettings.MILLI;

    /** What became of a proposal, and the row that it met or made; without an outcome nobody knows. */
    record Answer(Optional<Outcome> outcome, PartitionRow row) {}

    /** Told of each change of the table. */
    interface Listener {
        void changed(PartitionRow before, PartitionRow after, Outcome outcome);
    }

    private final Timeline timeline;
    private final SplittableRandom random;
    private final ClusterTable table = new ClusterTable();

    private record Stale(long untilNanos, Effect effect) {}

    private static final Stale FRESH = new Stale(0, Effect.NONE);

    private final Map<NodeId, Stale> stale = new HashMap<>();
    private final Map<NodeId, Consumer<ClusterState>> followers = new HashMap<>();
    private final Mutation mutation;
    private final Listener listener;
    private final List<Proposal> onTheirWay = new ArrayList<>();
    private long leaderlessUntilNanos;
    private Effect leaderless = Effect.NONE;
    private boolean bad;

    SimControlPlane(Timeline timeline, SplittableRandom random, Mutation mutation, Listener listener) {
        this.mutation = mutation;
        this.timeline = timeline;
        this.random = random;
        this.listener = listener;
    }

    ClusterState state() {
        return table.state();
    }

    PartitionRow row() {
        PartitionRow row = table.state().row(PARTITION);
        if (row == null) {
            throw new IllegalStateException("The cluster is not founded");
        }
        return row;
    }

    void bad() {
        bad = true;
    }

    void good() {
        bad = false;
        leaderlessUntilNanos = 0;
        stale.clear();
        followers.keySet().forEach(this::tell);
    }

    void loseLeader(long nanos, Effect effect) {
        leaderless = effect;
        leaderlessUntilNanos = Math.max(leaderlessUntilNanos, timeline.nowNanos() + nanos);
    }

    void makeStale(NodeId node, long nanos, Effect effect) {
        stale.put(node, new Stale(timeline.nowNanos() + nanos, effect));
    }

    /** {@code view} is given each state that the node sees, and may be given the same twice. */
    void follow(NodeId node, Consumer<ClusterState> view) {
        followers.put(node, view);
    }

    /** Before anything else, by nobody. */
    Outcome applyNow(Proposal proposal) {
        return table.apply(proposal);
    }

    /** @param reachable whether the proposer reaches the control plane at all */
    void propose(Proposal proposal, boolean reachable, Consumer<Answer> answer) {
        int dice = bad ? random.nextInt(100) : 100;
        boolean noLeader = leaderlessUntilNanos > timeline.nowNanos();
        leaderless.happenedIf(noLeader);
        if (!reachable || dice < 4 || (noLeader && random.nextBoolean())) {
            timeline.after(TIMEOUT_NANOS, () -> answer.accept(new Answer(Optional.empty(), row())));
            return;
        }
        long delayNanos = (1 + random.nextInt(bad ? 60 : 6)) * SimSettings.MILLI
                + Math.max(0, leaderlessUntilNanos - timeline.nowNanos());
        boolean unanswered = dice < 12 || delayNanos > TIMEOUT_NANOS;
        if (unanswered) {
            timeline.after(TIMEOUT_NANOS, () -> answer.accept(new Answer(Optional.empty(), row())));
            delayNanos += dice < 8 ? random.nextInt(2_000) * SimSettings.MILLI : 0;
        }
        if (dice < 25) {
            onTheirWay.add(proposal);
            timeline.after(delayNanos + random.nextInt(500) * SimSettings.MILLI, () -> apply(proposal));
        }
        onTheirWay.add(proposal);
        timeline.after(delayNanos, () -> {
            Outcome outcome = apply(proposal);
            PartitionRow met = made(proposal, outcome);
            if (!unanswered) {
                timeline.after(
                        random.nextInt(3) * SimSettings.MILLI,
                        () -> answer.accept(new Answer(Optional.of(outcome), met)));
            }
        });
    }

    /** Whether a change is on its way that would leave {@code node} as the only one in sync. */
    boolean mayStandAlone(NodeId node) {
        return onTheirWay.stream()
                .map(Proposal::command)
                .filter(ClusterCommand.ChangeRow.class::isInstance)
                .map(ClusterCommand.ChangeRow.class::cast)
                .anyMatch(each -> each.change().row().inSync().equals(Set.of(node)));
    }

    private PartitionRow made(Proposal proposal, Outcome outcome) {
        boolean changedRow = outcome.applied() && proposal.command() instanceof ClusterCommand.ChangeRow;
        return changedRow
                ? ((ClusterCommand.ChangeRow) proposal.command()).change().row()
                : row();
    }

    private Outcome apply(Proposal proposal) {
        PartitionRow before = row();
        onTheirWay.remove(proposal);
        Outcome outcome = table.apply(proposal);
        listener.changed(before, row(), outcome);
        PartitionRow changed = row();
        if (!changed.equals(before)) {
            Optional<Proposal> mistake = Mutated.followUp(mutation, before, changed, state());
            mistake.ifPresent(table::apply);
            mistake.ifPresent(each -> listener.changed(changed, row(), table.apply(each)));
        }
        followers.keySet().stream().sorted().forEach(this::tell);
        return outcome;
    }

    private void tell(NodeId node) {
        Stale since = stale.getOrDefault(node, FRESH);
        long staleNanos = Math.max(0, since.untilNanos - timeline.nowNanos());
        since.effect.happenedIf(staleNanos > 0);
        long delayNanos = (1 + random.nextInt(bad ? 80 : 4)) * SimSettings.MILLI + staleNanos;
        timeline.after(delayNanos, () -> {
            boolean stillStale = stale.getOrDefault(node, FRESH).untilNanos > timeline.nowNanos();
            Consumer<ClusterState> view = followers.get(node);
            if (view != null && !stillStale) {
                view.accept(table.state());
            }
        });
    }
}
