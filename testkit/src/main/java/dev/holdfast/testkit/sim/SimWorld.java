package dev.holdfast.testkit.sim;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.Proposal;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Everything that one seed makes: what each part of a simulation may see of the others. */
final class SimWorld {

    final SimSettings settings;
    final Timeline timeline = new Timeline();
    final Trace trace = new Trace(timeline);
    final Totals totals = new Totals();
    final SplittableRandom random;
    final SimNetwork network;
    final SimControlPlane control;
    final List<SimNode> nodes = new ArrayList<>();
    final Checks checks;
    private final Digest digest = new Digest();
    private long trail = 1;
    private long commands;

    SimWorld(SimSettings settings) {
        this.settings = settings;
        SplittableRandom root = new SplittableRandom(settings.seed());
        random = root.split();
        network = new SimNetwork(timeline, root.split());
        checks = new Checks(this);
        control = new SimControlPlane(timeline, root.split(), settings.mutation(), checks::rowChanged);
        for (int i = 0; i < settings.nodes(); i++) {
            NodeId id = new NodeId(String.valueOf((char) ('a' + i)));
            nodes.add(new SimNode(id, this, new SimClock(timeline, random.nextLong() >> 8)));
        }
    }

    /** Notes what a replica was given and what it wants, for {@link #trail}. */
    void stepped(SimNode node, Input input, List<Output> wanted) {
        note(node.id);
        note(input);
        note(wanted);
    }

    private void note(Object what) {
        trail = trail * 1_000_003 + timeline.nowNanos() * 31 + digest.of(what);
    }

    /** A number for all that replicas were given and wanted, and when: equal for two runs of a seed. */
    long trail() {
        return trail;
    }

    /** A command of {@code node}, which is told what became of it if it is still the same process. */
    void propose(SimNode node, ClusterCommand command, Consumer<SimControlPlane.Answer> answer) {
        propose(node, new Proposal(nextCommand(), command), answer);
    }

    CommandId nextCommand() {
        return new CommandId("command-" + ++commands);
    }

    void propose(SimNode node, Proposal proposal, Consumer<SimControlPlane.Answer> answer) {
        int life = node.life();
        boolean reachable = !network.isCut(node.id, CONTROL);
        control.propose(
                proposal,
                reachable,
                result -> node.gate(life, () -> {
                    if (result.outcome().isEmpty()) {
                        totals.add(Totals.Count.INDETERMINATE);
                    }
                    answer.accept(result);
                }));
    }

    /** The far end of a way to the control plane. */
    static final NodeId CONTROL = new NodeId("control-plane");

    SimNode node(NodeId id) {
        return nodes.stream().filter(each -> each.id.equals(id)).findFirst().orElseThrow();
    }
}
