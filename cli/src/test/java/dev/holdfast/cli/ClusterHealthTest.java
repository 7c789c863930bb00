package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.config.Config;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.admin.NodeUnreachableException;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.ClusterReport.Copies;
import dev.holdfast.node.remote.ClusterReport.Health;
import dev.holdfast.node.remote.ClusterReport.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterHealthTest {

    @TempDir
    Path directory;

    private static Node node(String name, boolean present) {
        return new Node("id-" + name, name, name + ":5710", true, true, "", 1, present, 1_000, false, null);
    }

    private static ClusterReport report(@Nullable String leader, int minInSync, List<Node> members, Copies... copies) {
        return new ClusterReport("dev", "uuid", "id-a", leader, minInSync, 2, members, List.of(copies), List.of());
    }

    private static Copies copies(String primary, List<String> replicas, List<String> inSync, List<String> eligible) {
        return new Copies(7, primary, 3, replicas, inSync, eligible, null);
    }

    private static final List<Node> ALL = List.of(node("a", true), node("b", true), node("c", true));
    private static final List<Node> WITHOUT_C = List.of(node("a", true), node("b", true), node("c", false));

    private static List<String> problems(ClusterReport report) {
        return new ClusterHealth(report).problems();
    }

    @Test
    void nothingIsWrongWhereEveryPartitionHasItsCopies() {
        ClusterReport well =
                report("id-b", 1, ALL, copies("id-a", List.of("id-a", "id-b"), List.of("id-a", "id-b"), List.of()));
        assertThat(problems(well)).isEmpty();
        assertThat(new ClusterHealth(well).document())
                .containsEntry("ok", true)
                .containsEntry("healthy", 1)
                .containsEntry("copiesInSync", 2)
                .containsEntry("controlPlaneLeader", "b");
    }

    @Test
    void aMemberThatIsNotSeenIsNamedWithWhatToDo() {
        ClusterReport report =
                report("id-b", 1, WITHOUT_C, copies("id-a", List.of("id-a", "id-c"), List.of("id-a"), List.of()));
        assertThat(problems(report))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("Not seen: c (c:5710)", "since 1970-01-01T00:00:01Z", "cluster remove c"))
                .anySatisfy(problem -> assertThat(problem).contains("One more voter lost"))
                .anySatisfy(problem -> assertThat(problem).contains("Partition 7", "copies in sync: 1 of 2 wanted"));
    }

    @Test
    void aMemberThatHasStoppedIsNamedWithWhatItSaid() {
        Node stopped = new Node("id-c", "c", "c:5710", true, true, "", 1, false, 0, false, "its disk failed: EIO");
        ClusterReport report = report(
                "id-b",
                1,
                List.of(node("a", true), node("b", true), stopped),
                copies("id-a", List.of("id-a", "id-b"), List.of("id-a", "id-b"), List.of()));
        assertThat(problems(report))
                .anySatisfy(problem ->
                        assertThat(problem).contains("Has stopped: c (c:5710)", "its disk failed: EIO", "sound disk"))
                .noneSatisfy(problem -> assertThat(problem).contains("Not seen: c"));
    }

    @Test
    void aPrimaryThatIsNotSeenLeadsNothing() {
        Copies led = copies("id-c", List.of("id-c", "id-a"), List.of("id-c"), List.of());
        ClusterReport report = report("id-b", 1, WITHOUT_C, led);
        assertThat(report.health(led)).isEqualTo(Health.WITHOUT_LEADER);
        assertThat(problems(report))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("nobody leads it: c has everything, and is not seen", "cluster recover"));
        Copies takenOver = copies("id-c", List.of("id-c", "id-a"), List.of("id-a", "id-c"), List.of());
        assertThat(problems(report("id-b", 1, WITHOUT_C, takenOver)))
                .anySatisfy(problem -> assertThat(problem).contains("a has everything, and takes over"));
    }

    @Test
    void tooFewCopiesToStoreAnythingIsSaid() {
        Copies few = copies("id-a", List.of("id-a", "id-b"), List.of("id-a"), List.of());
        assertThat(problems(report("id-b", 2, ALL, few)))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem).contains("is being copied to b", "min-in-sync is 2", "stores nothing"));
    }

    @Test
    void withoutALeaderOfTheControlPlaneNothingElseIsSure() {
        Copies copies = copies("id-a", List.of("id-a", "id-b"), List.of("id-a", "id-b"), List.of());
        assertThat(problems(report(null, 1, ALL, copies)))
                .singleElement()
                .satisfies(problem -> assertThat(problem).contains("no leader of the control plane"));
    }

    @Test
    void theSurvivorIsTheOneThatIsSeenAndHasMost() {
        ClusterReport report = report("id-b", 1, WITHOUT_C);
        Copies learner = copies("", List.of("id-c", "id-a"), List.of("id-c"), List.of());
        assertThat(SurvivorChoice.of(report, learner, null, false))
                .satisfies(choice -> assertThat(choice.chosen()).isEqualTo("id-a"))
                .satisfies(choice -> assertThat(choice.why()).contains("what c stored while a was not in sync"));
        Copies eligible = copies("", List.of("id-c", "id-a", "id-b"), List.of("id-c"), List.of("id-b"));
        assertThat(SurvivorChoice.of(report, eligible, null, false))
                .satisfies(choice -> assertThat(choice.chosen()).isEqualTo("id-b"))
                .satisfies(choice -> assertThat(choice.why()).startsWith("nothing that was acknowledged"));
        Copies two = copies("", List.of("id-c", "id-a", "id-b"), List.of("id-c"), List.of());
        assertThat(SurvivorChoice.of(report, two, null, false).chosen()).isNull();
        assertThat(SurvivorChoice.of(report, two, "b", false).chosen()).isEqualTo("id-b");
        Copies none = copies("", List.of("id-c"), List.of("id-c"), List.of());
        assertThat(SurvivorChoice.of(report, none, null, false))
                .satisfies(choice -> assertThat(choice.chosen()).isNull())
                .satisfies(choice -> assertThat(choice.why()).contains("all is lost"));
        assertThatThrownBy(() -> SurvivorChoice.of(report, none, "d", false))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("members=[a, b, c]");
    }

    @Test
    void aSurvivorIsRefusedThatIsNotSeenOrHasLessThanSomebodyWhoIs() {
        ClusterReport report = report("id-b", 1, WITHOUT_C);
        Copies copies = copies("", List.of("id-c", "id-a", "id-b"), List.of("id-c"), List.of("id-b"));
        assertThatThrownBy(() -> SurvivorChoice.of(report, copies, "c", true))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContainingAll("not seen", "partition=7", "--survivor=c");
        assertThatThrownBy(() -> SurvivorChoice.of(report, copies, "a", true))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContainingAll("--survivor=a (learner)", "b (eligible)", "stop it first");
        assertThat(SurvivorChoice.of(report, copies, "b", true).chosen()).isEqualTo("id-b");
    }

    @Test
    void whoRefusesIsPassedOverOnlyWhereThePartitionIsNamed() {
        ClusterReport report = report("id-b", 1, WITHOUT_C);
        Copies alone = new Copies(7, "id-a", 3, List.of("id-a"), List.of("id-a"), List.of(), "damaged");
        assertThat(report.health(alone)).isEqualTo(Health.WITHOUT_LEADER);
        assertThat(SurvivorChoice.of(report, alone, null, true))
                .satisfies(choice -> assertThat(choice.chosen()).isEqualTo("id-a"))
                .satisfies(choice -> assertThat(choice.why()).contains("begins with nothing", "damaged"));
        Copies learnt = new Copies(7, "id-a", 3, List.of("id-a", "id-b"), List.of("id-a"), List.of(), "damaged");
        assertThat(SurvivorChoice.of(report, learnt, null, true).chosen())
                .as("b may have something")
                .isNull();
        assertThat(SurvivorChoice.of(report, learnt, "b", true).chosen()).isEqualTo("id-b");
        assertThatThrownBy(() -> SurvivorChoice.of(report, learnt, "b", false))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContainingAll("a (in sync)", "--partition 7");
    }

    @Test
    void ofAllPartitionsThoseAreLeftAloneThatSomebodyIsAboutToLead() {
        ClusterReport report = report("id-b", 1, WITHOUT_C);
        Copies atHand = copies("", List.of("id-c", "id-a"), List.of("id-a", "id-c"), List.of());
        Copies refused = new Copies(8, "id-a", 3, List.of("id-a"), List.of("id-a"), List.of(), "damaged");
        Copies gone = new Copies(9, "", 4, List.of("id-c", "id-a"), List.of("id-c"), List.of(), null);
        assertThat(ClusterRecoverCommand.whyLeftAlone(report, atHand)).contains("a has everything");
        assertThat(ClusterRecoverCommand.whyLeftAlone(report, refused)).contains("a refuses it", "--partition 8");
        assertThat(ClusterRecoverCommand.whyLeftAlone(report, gone)).isNull();
        List<ClusterRecoverCommand.Step> steps = Stream.of(atHand, refused, gone)
                .map(copies -> new ClusterRecoverCommand.Step(copies, SurvivorChoice.of(report, copies, null, false)))
                .toList();
        steps.forEach(step -> step.done = ClusterRecoverCommand.whyLeftAlone(report, step.copies));
        List<ClusterOrder> orders = new ArrayList<>();
        int exitCode = ClusterRecoverCommand.carryOut(steps, order -> {
            orders.add(order);
            return "done";
        });
        assertThat(exitCode).isEqualTo(ExitCodes.REFUSED);
        assertThat(orders).singleElement().satisfies(order -> {
            assertThat(order.partition()).isEqualTo(9);
            assertThat(order.epoch()).as("as it was seen").isEqualTo(4);
            assertThat(order.node()).isEqualTo("id-a");
        });
    }

    @Test
    void whoLeavesIsToldWhoTakesItsCopiesAndHowManyThereAreThen() {
        Copies copies = copies("id-a", List.of("id-a", "id-b"), List.of("id-a", "id-b"), List.of());
        assertThat(ClusterLeaveCommand.question(report("id-b", 1, WITHOUT_C, copies)))
                .contains(
                        "it has copies of 1 partitions",
                        "go to b, c (not seen)",
                        "2 copies are wanted afterwards, as now");
        List<Node> two = List.of(node("a", true), node("b", true));
        assertThat(ClusterLeaveCommand.question(report("id-b", 1, two, copies)))
                .contains("2 copies are wanted now, and 1 afterwards", "can not be taken back");
        assertThat(ClusterLeaveCommand.question(report("id-b", 1, List.of(node("a", true)), copies)))
                .contains("nobody who could take them");
    }

    @Test
    void aNameThatTwoMembersHaveChoosesNoneOfThem() {
        Node before = new Node("id-old", "b", "b:5710", true, true, "", 1, false, 1_000, false, null);
        Node setUpAnew = new Node("id-new", "b", "b:5710", true, true, "", 1, true, 1_000, false, null);
        ClusterReport report = report("id-a", 1, List.of(node("a", true), before, setUpAnew));
        Copies copies = copies("", List.of("id-old", "id-new"), List.of("id-old"), List.of());
        assertThatThrownBy(() -> SurvivorChoice.of(report, copies, "b", false))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("id-old")
                .hasMessageContaining("id-new");
        assertThat(SurvivorChoice.of(report, copies, "id-new", false).chosen()).isEqualTo("id-new");
    }

    @Test
    void whatWasRecoveredIsSaidAlsoWhereTheNodeStopsAnswering() throws Exception {
        ClusterReport report = report("id-b", 1, WITHOUT_C);
        List<ClusterRecoverCommand.Step> steps = Stream.of(7, 8, 9)
                .map(id -> new Copies(id, "", 3, List.of("id-a"), List.of("id-c"), List.of(), null))
                .map(copies -> new ClusterRecoverCommand.Step(copies, SurvivorChoice.of(report, copies, "a", false)))
                .toList();
        NodeUnreachableException silence = silence();
        int exitCode = ClusterRecoverCommand.carryOut(steps, order -> {
            if (order.partition() == 8) {
                throw silence;
            }
            return "done";
        });
        assertThat(exitCode).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(steps.get(0).done).isEqualTo("done");
        assertThat(steps.get(1).done).startsWith("NOT known, it may have been done: ");
        assertThat(steps.get(2).done).startsWith("NOT done: ");
    }

    /** As the client of a node has it that has gone. */
    private NodeUnreachableException silence() throws IOException {
        Config config = new Config().setPartitionCount(1);
        config.getStorageConfig().setDirectory(directory);
        HoldfastInstance node = Holdfast.newInstance(config);
        try (AdminClient client = AdminClient.connect(directory)) {
            node.close();
            return catchThrowableOfType(NodeUnreachableException.class, client::report);
        }
    }
}
