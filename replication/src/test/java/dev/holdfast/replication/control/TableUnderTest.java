package dev.holdfast.replication.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import java.util.Objects;

/** A table, and what is expected of the next command. */
final class TableUnderTest {

    final ClusterTable table = new ClusterTable();
    private int commands;

    /** Founded, with these members, and partition 0 placed on them and led by the first under epoch 1. */
    static TableUnderTest led(int minInSync, NodeId... members) {
        TableUnderTest test = founded(minInSync, members);
        test.applies(Nodes.place(0, 0, members));
        test.applies(test.row0().led(members[0], 1).by(members[0]));
        return test;
    }

    static TableUnderTest founded(int minInSync, NodeId... members) {
        TableUnderTest test = new TableUnderTest();
        test.applies(Nodes.found(4, minInSync, members));
        for (NodeId member : members) {
            test.applies(Nodes.join(member));
        }
        return test;
    }

    Outcome apply(ClusterCommand command) {
        ClusterState before = table.state();
        Outcome outcome = table.apply(new Proposal(new CommandId("command-" + commands++), command));
        assertThat(outcome.revision()).isEqualTo(table.state().revision());
        assertThat(outcome.revision().value()).isEqualTo(before.revision().value() + 1);
        if (!outcome.applied()) {
            assertThat(table.state().rows()).isSameAs(before.rows());
            assertThat(table.state().members()).isSameAs(before.members());
            assertThat(table.state().executors()).isSameAs(before.executors());
            assertThat(outcome.message()).isNotBlank();
        }
        return outcome;
    }

    void applies(ClusterCommand command) {
        Outcome outcome = apply(command);
        assertThat(outcome.verdict()).as(outcome.message()).isEqualTo(Outcome.Verdict.APPLIED);
    }

    void refuses(ClusterCommand command, String... saying) {
        Outcome outcome = apply(command);
        assertThat(outcome.verdict()).as(outcome.message()).isEqualTo(Outcome.Verdict.REFUSED);
        assertThat(saying).allSatisfy(text -> assertThat(outcome.message()).contains(text));
    }

    void conflicts(ClusterCommand command, String... saying) {
        Outcome outcome = apply(command);
        assertThat(outcome.verdict()).as(outcome.message()).isEqualTo(Outcome.Verdict.CONFLICT);
        assertThat(saying).allSatisfy(text -> assertThat(outcome.message()).contains(text));
    }

    Nodes.RowDraft row0() {
        return new Nodes.RowDraft(row());
    }

    PartitionRow row() {
        return Objects.requireNonNull(table.state().row(Nodes.P0));
    }

    Member member(NodeId node) {
        return Objects.requireNonNull(table.state().member(node));
    }
}
