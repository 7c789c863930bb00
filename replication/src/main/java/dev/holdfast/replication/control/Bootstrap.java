package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How nodes become a cluster, and never two (design 4.10). Blank nodes make one only when every initial voter has answered
 * and has the same list; one of them makes the UUID: the one with embedded data, else the first of the list. A cluster that
 * is there is joined always; only who is on its founding list starts with its founding group.
 */
public final class Bootstrap {

    private final BootstrapView self;
    private final Map<NodeAddress, BootstrapView> answers;
    private final List<BootstrapView> everybody;

    private Bootstrap(BootstrapView self, Map<NodeAddress, BootstrapView> answers) {
        this.self = self;
        this.answers = answers;
        this.everybody = new ArrayList<>(List.of(self));
        everybody.addAll(answers.values());
    }

    /**
     * Decides on what is known now.
     *
     * @param answers by the address that was asked, of this node's own too; addresses that did not answer are not in it
     * @param newUuid for the cluster, if this node is to make it of blank nodes
     */
    public static BootstrapDecision decide(
            BootstrapView self, Map<NodeAddress, BootstrapView> answers, String newUuid) {
        return new Bootstrap(self, answers).decide(newUuid);
    }

    private BootstrapDecision decide(String newUuid) {
        if (self.cluster().isPresent()) {
            return new BootstrapDecision.Resume(self.cluster().get());
        }
        SortedMap<String, BootstrapView> clusters = new TreeMap<>();
        everybody.forEach(view -> view.cluster().ifPresent(there -> clusters.put(there.clusterUuid(), view)));
        if (!clusters.isEmpty()) {
            return intoACluster(clusters);
        }
        BootstrapDecision notYet = notYet();
        return notYet == null ? make(newUuid) : notYet;
    }

    private BootstrapDecision intoACluster(SortedMap<String, BootstrapView> clusters) {
        if (clusters.size() > 1) {
            return new BootstrapDecision.Refuse("Two clusters answer: " + clusters.keySet() + ", at "
                    + clusters.values().stream().map(BootstrapView::label).toList()
                    + "; list the members of one of them");
        }
        Founding there = clusters.values().stream()
                .flatMap(view -> view.cluster().stream())
                .findFirst()
                .orElseThrow();
        if (self.embedded().isPresent()) {
            return new BootstrapDecision.Refuse("This node has data of its own, and the cluster is there already: node="
                    + self.label() + ", cluster=" + there.clusterUuid()
                    + "; start it embedded, or with an empty data directory");
        }
        return there.voters().contains(self.node())
                ? new BootstrapDecision.StartAsFounder(there)
                : new BootstrapDecision.Join(there);
    }

    /** Why no cluster is made now; null if one is. */
    private @Nullable BootstrapDecision notYet() {
        List<NodeAddress> silent = new ArrayList<>(self.voters());
        silent.removeAll(answers.keySet());
        if (!silent.isEmpty()) {
            return new BootstrapDecision.Wait(
                    "Not all of the first members answer: silent=" + silent + ", all=" + self.voters());
        }
        if (founders().stream().noneMatch(view -> view.node().equals(self.node()))) {
            return new BootstrapDecision.Wait(
                    "The cluster is not made yet, and this node is none of the first members: " + self.voters()
                            + "; waits for them");
        }
        String difference = difference();
        return difference == null ? null : new BootstrapDecision.Refuse(difference);
    }

    private @Nullable String difference() {
        SortedMap<NodeId, BootstrapView> byNode = new TreeMap<>();
        for (BootstrapView view : founders()) {
            BootstrapView twin = byNode.put(view.node(), view);
            if (twin != null) {
                return "Two of the first members have the same disk id, one is a copy of the other: " + view.label()
                        + " and " + twin.name();
            }
            if (!view.voters().equals(self.voters())) {
                return "The lists of members differ: " + self.voters() + " on " + self.label() + ", " + view.voters()
                        + " on " + view.label() + "; give every member the same list";
            }
        }
        List<BootstrapView> withData = withData();
        if (withData.size() > 1) {
            return "More than one of the first members has data of its own: "
                    + withData.stream().map(BootstrapView::label).toList()
                    + "; a cluster grows from one, give the others empty directories";
        }
        return withData.isEmpty() ? differenceOfCounts() : null;
    }

    /** With embedded data its count holds, whatever the others have configured. */
    private @Nullable String differenceOfCounts() {
        for (BootstrapView view : founders()) {
            if (view.partitionCount() != self.partitionCount()) {
                return "The partition counts differ: " + self.partitionCount() + " on " + self.label() + ", "
                        + view.partitionCount() + " on " + view.label();
            }
        }
        return null;
    }

    private BootstrapDecision make(String newUuid) {
        BootstrapView maker =
                withData().stream().findFirst().orElseGet(() -> founders().get(0));
        if (!maker.node().equals(self.node())) {
            return new BootstrapDecision.Wait("Another member makes the cluster: " + maker.label());
        }
        TreeSet<NodeId> voters = new TreeSet<>();
        founders().forEach(view -> voters.add(view.node()));
        Optional<Origin> origin = self.embedded();
        return new BootstrapDecision.Make(new Founding(
                origin.isPresent() ? self.embeddedUuid() : newUuid, voters, self.partitionCount(), origin));
    }

    /** In the order of the list. */
    private List<BootstrapView> founders() {
        return self.voters().stream().map(answers::get).filter(Objects::nonNull).toList();
    }

    private List<BootstrapView> withData() {
        return founders().stream().filter(view -> view.embedded().isPresent()).toList();
    }
}
