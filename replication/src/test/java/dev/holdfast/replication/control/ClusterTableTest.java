package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.Nodes.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.PartitionRow;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterTableTest {

    private static final int SEEDS = 60;
    private static final int COMMANDS = 400;

    @Test
    void aRepetitionIsAnsweredWithTheFirstOutcome() {
        ClusterTable table = new ClusterTable();
        Proposal found = new Proposal(new CommandId("first"), Nodes.found(4, 1, A));
        Outcome outcome = table.apply(found);
        table.apply(new Proposal(new CommandId("second"), Nodes.join(A)));
        ClusterState before = table.state();
        assertThat(table.apply(found)).isEqualTo(outcome);
        assertThat(table.state()).isSameAs(before);
        assertThat(table.outcomeOf(found.id())).isEqualTo(outcome);
    }

    @Test
    void outcomesAreForgottenOldestFirst() {
        ClusterTable table = new ClusterTable();
        for (int i = 0; i <= FirstOutcomes.LIMIT; i++) {
            table.apply(new Proposal(new CommandId("command-" + i), Nodes.join(A)));
        }
        assertThat(table.outcomeOf(new CommandId("command-0"))).isNull();
        assertThat(table.outcomeOf(new CommandId("command-1"))).isNotNull();
    }

    /** One table lives through; the other is given bytes of each command, and put back from a snapshot on the way. */
    @Test
    void theSameCommandsGiveTheSameTableThroughBytesAndSnapshots() {
        Map<Outcome.Verdict, Integer> verdicts = new EnumMap<>(Outcome.Verdict.class);
        Set<Class<?>> applied = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomCommands commands = new RandomCommands(seed);
            ClusterTable live = new ClusterTable();
            ClusterTable other = new ClusterTable();
            for (int i = 0; i < COMMANDS; i++) {
                Proposal proposal = commands.next(live.state());
                Proposal decoded = CommandCodec.decode(CommandCodec.encode(proposal));
                assertThat(decoded).as("seed=%d", seed).isEqualTo(proposal);
                ClusterState before = live.state();
                Outcome outcome = live.apply(proposal);
                assertThat(other.apply(decoded)).as("seed=%d", seed).isEqualTo(outcome);
                assertThat(OutcomeCodec.decode(OutcomeCodec.encode(outcome))).isEqualTo(outcome);
                check(seed, before, live.state());
                verdicts.merge(outcome.verdict(), 1, Integer::sum);
                if (outcome.applied()) {
                    applied.add(proposal.command().getClass());
                }
                if (i % 97 == 0) {
                    ClusterTable restored = new ClusterTable();
                    restored.install(other.snapshot());
                    other = restored;
                }
            }
            assertThat(other.state()).as("seed=%d", seed).isEqualTo(live.state());
            assertThat(other.snapshot()).as("seed=%d", seed).isEqualTo(live.snapshot());
        }
        assertThat(applied).containsExactlyInAnyOrder(ClusterCommand.class.getPermittedSubclasses());
        assertThat(verdicts.values()).hasSize(3).allMatch(count -> count > 500);
    }

    /** What holds for every row after every command. */
    private static void check(long seed, ClusterState before, ClusterState after) {
        for (PartitionRow row : after.rows().values()) {
            PartitionRow old = before.row(row.partition());
            if (old == null || old.equals(row)) {
                continue;
            }
            assertThat(row.version().value())
                    .as("seed=%d", seed)
                    .isEqualTo(old.version().value() + 1);
            assertThat(row.epoch()).as("seed=%d", seed).isGreaterThanOrEqualTo(old.epoch());
            assertThat(row.primary().equals(old.primary()) || row.epoch().compareTo(old.epoch()) > 0)
                    .as("epoch of %s after %s, seed=%d", row, old, seed)
                    .isTrue();
            assertThat(row.eligible().isEmpty() || row.inSync().size() < after.minInSync())
                    .as("eligible of %s, seed=%d", row, seed)
                    .isTrue();
        }
    }
}
