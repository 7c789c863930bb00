package dev.holdfast.testkit.sim;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.protocol.PartitionRow;
import java.util.function.Consumer;

/** Who says {@code cluster recover}: goes on with what one node has. */
final class Operator {

    private final SimWorld world;

    Operator(SimWorld world) {
        this.world = world;
    }

    /** Whether {@code node} runs, has a copy, and is not about to have another one. */
    boolean mayName(SimNode node) {
        return world.control.row().replicas().contains(node.id)
                && node.process().isPresent()
                && world.checks.losses.maySurvive(node);
    }

    /** @param told whether it is so now */
    void name(SimNode survivor, Consumer<Boolean> told) {
        PartitionRow row = world.control.row();
        survivor.process()
                .ifPresent(process -> world.propose(
                        survivor,
                        new ClusterCommand.Recover(
                                row.partition(),
                                row.version(),
                                survivor.id,
                                process.session,
                                "operator",
                                survivor.clock.wallMillis()),
                        answer -> {
                            boolean accepted =
                                    answer.outcome().filter(Outcome::applied).isPresent();
                            world.totals.add(Totals.Count.RECOVERIES, accepted ? 1 : 0);
                            told.accept(accepted);
                        }));
    }

    /** Whom an operator had named has lost its disk since, and nobody else counts: somebody has to be named again. */
    void nameAgainIfNobodyCounts() {
        PartitionRow row = world.control.row();
        if (world.settings.losses()
                && row.primary().isEmpty()
                && row.inSync().isEmpty()
                && row.eligible().isEmpty()) {
            world.nodes.stream().filter(this::mayName).findFirst().ifPresent(node -> name(node, accepted -> {}));
        }
    }
}
