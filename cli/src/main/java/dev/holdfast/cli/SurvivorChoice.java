package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.ClusterReport.Copies;
import dev.holdfast.node.remote.ClusterReport.Node;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose copy a partition could go on with, when those who have more are gone.
 *
 * @param chosen disk id; null if there is none, or several have equal rights
 * @param why in words, with what would be lost
 */
record SurvivorChoice(@Nullable String chosen, String why) {

    /**
     * Who could go on with a partition.
     *
     * @param wanted name or id, or null
     * @param named whether the operator named this partition
     * @throws CommandFailure there is no such member, it is not seen, or somebody who is seen has more
     */
    static SurvivorChoice of(ClusterReport report, Copies copies, @Nullable String wanted, boolean named) {
        if (wanted != null) {
            String id = memberId(report, wanted);
            requireSeen(report, copies, id);
            requireBest(report, copies, id, named);
            return new SurvivorChoice(id, loss(report, copies, id));
        }
        if (copies.problem() != null) {
            return besidesWhoRefuses(report, copies);
        }
        for (List<String> rank : List.of(copies.inSync(), copies.eligible(), copies.replicas())) {
            List<String> seen = rank.stream().filter(report::isSeen).toList();
            if (seen.size() == 1) {
                return new SurvivorChoice(seen.get(0), loss(report, copies, seen.get(0)));
            }
            if (!seen.isEmpty()) {
                return new SurvivorChoice(null, "several may be the survivor: " + names(report, seen));
            }
        }
        return new SurvivorChoice(
                null, "nobody who is seen has a copy; a member without one would begin with nothing: all is lost");
    }

    /** Its own copy is of no use to it: whoever has another one may have more, and is not to be passed over unasked. */
    private static SurvivorChoice besidesWhoRefuses(ClusterReport report, Copies copies) {
        String refusing = report.node();
        List<String> others = Stream.of(copies.inSync(), copies.eligible(), copies.replicas())
                .flatMap(List::stream)
                .filter(id -> !id.equals(refusing) && report.isSeen(id))
                .distinct()
                .toList();
        String loss = loss(report, copies, refusing);
        return others.isEmpty()
                ? new SurvivorChoice(refusing, loss)
                : new SurvivorChoice(
                        null,
                        "several may be the survivor: " + names(report, others) + "; or " + report.nameOf(refusing)
                                + ", but then " + loss);
    }

    private static void requireSeen(ClusterReport report, Copies copies, String id) {
        if (!report.isSeen(id)) {
            throw new CommandFailure(
                    ExitCodes.REFUSED,
                    "The survivor is not seen, nothing was done: start it first: partition=" + copies.id()
                            + ", --survivor=" + report.nameOf(id));
        }
    }

    private static void requireBest(ClusterReport report, Copies copies, String id, boolean named) {
        List<String> better = report.members().stream()
                .map(Node::id)
                .filter(report::isSeen)
                .filter(other -> rank(copies, other) < rank(copies, id))
                .toList();
        boolean allRefuse = copies.problem() != null && better.equals(List.of(report.node()));
        if (better.isEmpty() || (named && allRefuse)) {
            return;
        }
        throw new CommandFailure(
                ExitCodes.REFUSED,
                "Somebody who is seen has more, nothing was done: partition=" + copies.id() + ", --survivor="
                        + report.nameOf(id) + " (" + words(copies, id) + "), "
                        + String.join(
                                ", ",
                                better.stream()
                                        .map(other -> report.nameOf(other) + " (" + words(copies, other) + ")")
                                        .toList())
                        + (allRefuse
                                ? "; that one refuses: say so for this partition alone, with --partition " + copies.id()
                                : "; name that one, or, if its copy is of no use, stop it first"));
    }

    /** Less is better. */
    private static int rank(Copies copies, String id) {
        if (copies.inSync().contains(id)) {
            return 0;
        }
        if (copies.eligible().contains(id)) {
            return 1;
        }
        return copies.replicas().contains(id) ? 2 : 3;
    }

    private static String words(Copies copies, String id) {
        return List.of("in sync", "eligible", "learner", "no copy").get(rank(copies, id));
    }

    private static String names(ClusterReport report, List<String> ids) {
        return String.join(", ", ids.stream().map(report::nameOf).toList());
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
        if (copies.problem() != null && id.equals(report.node())) {
            return "everything of this partition: " + name
                    + " refuses it, a damaged copy is set aside and it begins with nothing; it said: "
                    + copies.problem();
        }
        if (copies.inSync().contains(id)) {
            return name + " is in sync: nothing is lost, and it leads by itself unless its copy is damaged";
        }
        String gone = names(report, copies.inSync());
        if (copies.eligible().contains(id)) {
            return "nothing that was acknowledged: " + name + " was the last to leave, and nothing was stored since";
        }
        return copies.replicas().contains(id)
                ? "what " + gone + " stored while " + name
                        + " was not in sync: tasks, results, and ids, which answer LOST"
                : "everything of this partition: " + name + " has no copy that counts";
    }
}
