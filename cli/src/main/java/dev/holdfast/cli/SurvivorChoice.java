package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.ClusterReport.Copies;
import dev.holdfast.node.remote.ClusterReport.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose copy a partition could go on with, when those who have more are gone.
 *
 * @param chosen disk id; null if there is none, or several have equal rights
 * @param why in words, with what would be lost
 */
record SurvivorChoice(@Nullable String chosen, String why) {

    /** @param wanted name or id, or null */
    static SurvivorChoice of(ClusterReport report, Copies copies, @Nullable String wanted) {
        if (wanted != null) {
            String id = memberId(report, wanted);
            return new SurvivorChoice(id, loss(report, copies, id));
        }
        for (List<String> rank : List.of(copies.inSync(), copies.eligible(), copies.replicas())) {
            List<String> seen = rank.stream().filter(report::isSeen).toList();
            if (seen.size() == 1) {
                return new SurvivorChoice(seen.get(0), loss(report, copies, seen.get(0)));
            }
            if (!seen.isEmpty()) {
                return new SurvivorChoice(
                        null,
                        "several may be the survivor: "
                                + String.join(
                                        ", ", seen.stream().map(report::nameOf).toList()));
            }
        }
        return new SurvivorChoice(
                null, "nobody who is seen has a copy; a member without one would begin with nothing: all is lost");
    }

    /** A node that was set up anew has the name of the one before it, and both are members until that is removed. */
    private static String memberId(ClusterReport report, String wanted) {
        List<Node> found = report.members().stream()
                .filter(member -> member.id().equals(wanted) || member.name().equals(wanted))
                .toList();
        if (found.isEmpty()) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    "No such member: --survivor=" + wanted + ", members="
                            + report.members().stream().map(Node::name).toList());
        }
        if (found.size() > 1) {
            throw new CommandFailure(
                    ExitCodes.USAGE,
                    "Several members have that name, say the id: --survivor=" + wanted + ", ids="
                            + found.stream().map(Node::id).toList());
        }
        return found.get(0).id();
    }

    private static String loss(ClusterReport report, Copies copies, String id) {
        String name = report.nameOf(id);
        if (copies.inSync().contains(id)) {
            return name + " is in sync: nothing is lost, and it leads by itself unless its copy is damaged";
        }
        String gone =
                String.join(", ", copies.inSync().stream().map(report::nameOf).toList());
        if (copies.eligible().contains(id)) {
            return "nothing that was acknowledged: " + name + " was the last to leave, and nothing was stored since";
        }
        return copies.replicas().contains(id)
                ? "what " + gone + " stored while " + name
                        + " was not in sync: tasks, results, and ids, which answer LOST"
                : "everything of this partition: " + name + " has no copy that counts";
    }
}
