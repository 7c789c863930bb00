package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.Nodes.A;
import static dev.holdfast.replication.control.Nodes.B;
import static dev.holdfast.replication.control.Nodes.C;
import static dev.holdfast.replication.control.Nodes.D;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.log.Epoch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private static final List<NodeAddress> LIST = List.of(at(A), at(B), at(C));
    private static final String NEW = "new-uuid";

    private static NodeAddress at(NodeId node) {
        return Nodes.details(node).addresses().get(0);
    }

    private static BootstrapView blank(NodeId node) {
        return new BootstrapView(node, "node-" + node, 8, LIST, Optional.empty(), "", Optional.empty());
    }

    private static BootstrapView embedded(NodeId node) {
        Origin origin = new Origin(node, new Epoch(4), 70_000);
        return new BootstrapView(node, "node-" + node, 16, LIST, Optional.of(origin), "old-uuid", Optional.empty());
    }

    private static BootstrapView member(NodeId node, String uuid, NodeId... voters) {
        Founding founding = new Founding(uuid, new TreeSet<>(List.of(voters)), 8, Optional.empty());
        return new BootstrapView(node, "node-" + node, 8, LIST, Optional.empty(), "", Optional.of(founding));
    }

    private static BootstrapDecision decide(BootstrapView self, BootstrapView... answers) {
        Map<NodeAddress, BootstrapView> byAddress = new HashMap<>();
        for (BootstrapView answer : answers) {
            byAddress.put(at(answer.node()), answer);
        }
        return Bootstrap.decide(self, byAddress, NEW);
    }

    private static Founding made(BootstrapDecision decision) {
        assertThat(decision).isInstanceOf(BootstrapDecision.Make.class);
        return ((BootstrapDecision.Make) decision).founding();
    }

    private static String waits(BootstrapDecision decision) {
        assertThat(decision).isInstanceOf(BootstrapDecision.Wait.class);
        return ((BootstrapDecision.Wait) decision).reason();
    }

    private static String refuses(BootstrapDecision decision) {
        assertThat(decision).isInstanceOf(BootstrapDecision.Refuse.class);
        return ((BootstrapDecision.Refuse) decision).reason();
    }

    @Test
    void theFirstOfTheListMakesTheClusterOnceAllAnswer() {
        assertThat(waits(decide(blank(A), blank(A), blank(B)))).contains(at(C).toString());
        Founding founding = made(decide(blank(A), blank(A), blank(B), blank(C)));
        assertThat(founding.clusterUuid()).isEqualTo(NEW);
        assertThat(founding.voters()).containsExactly(A, B, C);
        assertThat(founding.origin()).isEmpty();
        assertThat(waits(decide(blank(B), blank(A), blank(B), blank(C)))).contains("disk-a");
    }

    @Test
    void theOneWithDataMakesTheClusterFromIt() {
        Founding founding = made(decide(embedded(B), blank(A), embedded(B), blank(C)));
        assertThat(founding.clusterUuid()).isEqualTo("old-uuid");
        assertThat(founding.partitionCount()).isEqualTo(16);
        assertThat(founding.origin().map(Origin::node)).contains(B);
        assertThat(waits(decide(blank(A), blank(A), embedded(B), blank(C)))).contains("disk-b");
        assertThat(refuses(decide(blank(A), embedded(C), embedded(B), blank(A))))
                .contains("disk-b", "disk-c");
    }

    @Test
    void whoIsOnTheFoundingListStartsWithTheFoundersAndAnyOtherJoins() {
        assertThat(decide(blank(B), member(A, "u", A, B, C))).isInstanceOf(BootstrapDecision.StartAsFounder.class);
        assertThat(decide(blank(D), member(A, "u", A, B, C))).isInstanceOf(BootstrapDecision.Join.class);
        NodeId wiped = new NodeId("disk-b-wiped");
        assertThat(decide(blank(wiped), member(A, "u", A, B, C))).isInstanceOf(BootstrapDecision.Join.class);
    }

    @Test
    void aMemberGoesOnWhoeverAnswers() {
        assertThat(decide(member(A, "u", A, B, C), member(B, "v", A, B, C)))
                .isInstanceOf(BootstrapDecision.Resume.class);
        assertThat(decide(member(A, "u", A, B, C))).isInstanceOf(BootstrapDecision.Resume.class);
    }

    @Test
    void whatCanNotBeRightIsRefusedByName() {
        assertThat(refuses(decide(blank(D), member(A, "u", A), member(B, "v", B))))
                .contains("u", "v");
        assertThat(refuses(decide(embedded(D), member(A, "u", A)))).contains("disk-d", "data of its own");
        BootstrapView other =
                new BootstrapView(C, "node-c", 8, List.of(at(C), at(B), at(A)), Optional.empty(), "", Optional.empty());
        assertThat(refuses(decide(blank(A), blank(A), blank(B), other))).contains("lists of members differ");
        BootstrapView count = new BootstrapView(C, "node-c", 9, LIST, Optional.empty(), "", Optional.empty());
        assertThat(refuses(decide(blank(A), blank(A), blank(B), count))).contains("8 on", "9 on");
    }

    @Test
    void aCopyOfADirectoryIsNoticed() {
        Map<NodeAddress, BootstrapView> answers = Map.of(at(A), blank(A), at(B), blank(B), at(C), blank(B));
        assertThat(refuses(Bootstrap.decide(blank(A), answers, NEW))).contains("copy");
    }

    @Test
    void whoIsNoneOfTheFirstWaits() {
        assertThat(waits(decide(blank(D), blank(A), blank(B), blank(C)))).contains("none of the first members");
    }

    /** Nodes start, ask and are asked in any order, hear of some only, and do what they decide. */
    @Test
    void inWhateverOrderNodesStartTheyBecomeOneCluster() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Map<NodeId, BootstrapView> up = new HashMap<>();
            List<NodeId> all = List.of(A, B, C, D);
            for (int step = 0; step < 400; step++) {
                NodeId node = all.get(random.nextInt(4));
                BootstrapView self = up.computeIfAbsent(node, BootstrapTest::blank);
                Map<NodeAddress, BootstrapView> heard = new HashMap<>(Map.of(at(node), self));
                up.forEach((other, view) -> {
                    if (random.nextInt(3) > 0) {
                        heard.put(at(other), view);
                    }
                });
                act(up, self, Bootstrap.decide(self, heard, "uuid-" + seed + "-" + step));
            }
            assertThat(clusters(up.values())).as("seed=%d", seed).hasSize(1);
        }
    }

    private static void act(Map<NodeId, BootstrapView> up, BootstrapView self, BootstrapDecision decision) {
        if (decision instanceof BootstrapDecision.Make make) {
            up.put(self.node(), in(self, make.founding()));
        } else if (decision instanceof BootstrapDecision.StartAsFounder start) {
            up.put(self.node(), in(self, start.founding()));
        } else if (decision instanceof BootstrapDecision.Join join) {
            up.put(self.node(), in(self, join.founding()));
        }
    }

    private static BootstrapView in(BootstrapView self, Founding founding) {
        return new BootstrapView(
                self.node(), self.name(), 8, self.voters(), Optional.empty(), "", Optional.of(founding));
    }

    private static Set<String> clusters(Collection<BootstrapView> views) {
        Set<String> uuids = new HashSet<>();
        views.forEach(view -> view.cluster().ifPresent(founding -> uuids.add(founding.clusterUuid())));
        return uuids;
    }

    @Test
    void whatANodeSaysOfItselfIsTheSameAfterTheWire() {
        List<BootstrapView> views = new ArrayList<>(List.of(blank(A), embedded(B), member(C, "u", A, B), blank(D)));
        for (BootstrapView view : views) {
            byte[] bytes = BootstrapCodec.encode(view);
            assertThat(BootstrapCodec.decode(bytes)).isEqualTo(view);
            bytes[bytes.length / 2] ^= 8;
            assertThatThrownBy(() -> BootstrapCodec.decode(bytes)).isInstanceOf(ControlFormatException.class);
        }
    }

    @Test
    void aFoundingIsReadAsItWasWrittenAndDamageIsNoticed() {
        Founding founding = new Founding(
                "uuid", new TreeSet<>(List.of(A, B)), 16, Optional.of(new Origin(A, new Epoch(4), 70_000)));
        byte[] bytes = FoundingCodec.encode(founding);
        assertThat(FoundingCodec.decode(bytes)).isEqualTo(founding);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;
            assertThatThrownBy(() -> FoundingCodec.decode(damaged)).isInstanceOf(ControlFormatException.class);
        }
    }
}
