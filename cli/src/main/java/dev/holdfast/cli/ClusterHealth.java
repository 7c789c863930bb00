package dev.holdfast.cli;

import dev.holdfast.cli.console.Quoting;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.ClusterReport.Copies;
import dev.holdfast.node.remote.ClusterReport.Health;
import dev.holdfast.node.remote.ClusterReport.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a {@link ClusterReport} comes to: numbers, and what is wrong with what to do, in sentences. */
final class ClusterHealth {

    private final ClusterReport report;
    private final List<String> problems = new ArrayList<>();

    ClusterHealth(ClusterReport report) {
        this.report = report;
        if (isCluster()) {
            lookAtControlPlane();
            report.members().forEach(this::lookAt);
        }
        lookAtPartitions();
    }

    private boolean isCluster() {
        return !report.cluster().isEmpty();
    }

    /** Empty if nothing is wrong. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    private void lookAtControlPlane() {
        List<Node> voters = report.members().stream().filter(Node::votes).toList();
        List<String> missing = voters.stream()
                .filter(voter -> !voter.present())
                .map(ClusterHealth::label)
                .toList();
        if (report.leader() == null) {
            problems.add(
                    "The node knows no leader of the control plane, and what it says of others may be old: nobody takes"
                            + " over, joins or leaves until a majority of the " + voters.size()
                            + " voters talk to each other"
                            + (missing.isEmpty() ? "" : "; not seen: " + String.join(", ", missing)) + ".");
        } else if (!missing.isEmpty() && (voters.size() - missing.size() - 1) * 2 <= voters.size()) {
            problems.add("One more voter lost, and the control plane decides nothing: not seen of " + voters.size()
                    + " voters: " + String.join(", ", missing) + ".");
        }
    }

    private void lookAt(Node member) {
        if (member.problem() != null) {
            problems.add("Has stopped: " + label(member) + ", it said: " + member.problem()
                    + ". Others take over. Start it again on a sound disk; if it is gone for good: "
                    + Quoting.command() + " cluster remove " + Quoting.shell(member.name()) + " --data DIR.");
        } else if (!member.present()) {
            problems.add("Not seen: " + label(member) + since(member) + ". Start it again; if it is gone for good: "
                    + Quoting.command() + " cluster remove " + Quoting.shell(member.name()) + " --data DIR.");
        } else if (member.leaving()) {
            problems.add("Leaving: " + label(member) + " hands over what it holds.");
        }
    }

    private static String label(Node member) {
        return member.name() + (member.address().isEmpty() ? "" : " (" + member.address() + ")");
    }

    private static String since(Node member) {
        return member.sinceMillis() == 0 ? "" : ", since " + Instant.ofEpochMilli(member.sinceMillis());
    }

    private void lookAtPartitions() {
        Map<String, List<Integer>> found = new LinkedHashMap<>();
        for (Copies copies : report.partitions()) {
            String problem = problemOf(copies);
            if (!problem.isEmpty()) {
                found.computeIfAbsent(problem, unused -> new ArrayList<>()).add(copies.id());
            }
        }
        found.forEach((problem, partitions) -> problems.add((partitions.size() == 1 ? "Partition " : "Partitions ")
                + partitions.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ": " + problem));
    }

    /** A sentence, or empty. */
    String problemOf(Copies copies) {
        return switch (report.health(copies)) {
            case HEALTHY -> "";
            case WITHOUT_LEADER -> withoutLeader(copies);
            case DEGRADED -> degraded(copies);
        };
    }

    private String withoutLeader(Copies copies) {
        if (copies.problem() != null) {
            return "it refuses: " + copies.problem() + ".";
        }
        if (copies.inSync().isEmpty()) {
            return "nobody has led it yet.";
        }
        List<String> atHand = names(copies.inSync(), true);
        if (!atHand.isEmpty()) {
            return "nobody leads it; " + String.join(", ", atHand) + " has everything, and takes over in seconds.";
        }
        String gone = String.join(", ", names(copies.inSync(), false));
        List<String> eligible = names(copies.eligible(), true);
        return "nobody leads it: " + gone + " has everything, and is not seen; start it again."
                + (eligible.isEmpty() ? "" : " " + String.join(", ", eligible) + " has nothing less, and may lead too.")
                + " If it is gone for good, the least loss: " + Quoting.command() + " cluster recover --data DIR.";
    }

    private String degraded(Copies copies) {
        List<String> inSync = names(copies.inSync(), true);
        List<String> learning = names(copies.learners(), true);
        String text = "copies in sync: " + inSync.size() + " of " + report.copiesWanted() + " wanted"
                + (learning.isEmpty() ? "" : "; is being copied to " + String.join(", ", learning));
        return inSync.size() < report.minInSync()
                ? text + "; min-in-sync is " + report.minInSync() + ", so it stores nothing until then."
                : text + ".";
    }

    private List<String> names(List<String> ids, boolean seen) {
        return ids.stream()
                .filter(id -> report.isSeen(id) == seen)
                .map(report::nameOf)
                .toList();
    }

    /** For {@code status}. */
    Map<String, Object> document() {
        Map<Health, Integer> count = new TreeMap<>();
        for (Health health : Health.values()) {
            count.put(health, 0);
        }
        int inSync = 0;
        for (Copies copies : report.partitions()) {
            count.merge(report.health(copies), 1, Integer::sum);
            inSync += (int) copies.inSync().stream().filter(report::isSeen).count();
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("node", report.nameOf(report.node()));
        document.put("nodeId", report.node());
        document.put("clusterName", report.clusterName());
        if (isCluster()) {
            document.put("cluster", report.cluster());
        }
        document.put("ok", problems.isEmpty());
        document.put("members", report.members().size());
        document.put(
                "membersSeen", report.members().stream().filter(Node::present).count());
        if (isCluster()) {
            document.put("voters", report.members().stream().filter(Node::votes).count());
            document.put(
                    "votersSeen",
                    report.members().stream()
                            .filter(Node::votes)
                            .filter(Node::present)
                            .count());
            String leader = report.leader();
            if (leader != null) {
                document.put("controlPlaneLeader", report.nameOf(leader));
            }
        }
        document.put("partitions", report.partitions().size());
        document.put("healthy", count.get(Health.HEALTHY));
        document.put("degraded", count.get(Health.DEGRADED));
        document.put("withoutLeader", count.get(Health.WITHOUT_LEADER));
        document.put("copiesWanted", report.copiesWanted() * report.partitions().size());
        document.put("copiesInSync", inSync);
        document.put("problems", problems());
        return document;
    }
}
