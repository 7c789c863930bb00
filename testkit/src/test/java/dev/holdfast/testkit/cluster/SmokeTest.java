package dev.holdfast.testkit.cluster;
import dev.holdfast.testkit.HoldfastCluster;
import java.util.*;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
class SmokeTest {
    @Test
    void join() throws Exception {
        String run = Clustered.unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
            Map<String, Long> stored = Clustered.submit(Clustered.on(cluster, 0), run + "-before", 30, "");
            int joined = cluster.join();
            stored.putAll(Clustered.submit(Clustered.on(cluster, 1), run + "-join", 30, ""));
            for (int i = 0; i < 8; i++) {
                Thread.sleep(1500);
                for (var row : ((dev.holdfast.node.assembly.ClusterNode) cluster.node(1)).membership().state().rows().values()) {
                    var st = ((dev.holdfast.node.assembly.ClusterNode) cluster.node(1)).membership().state();
                    System.out.println("ROW " + i + " " + row.partition() + " v=" + row.version().value() + " e=" + row.epoch().value() + " replicas=" + row.replicas().stream().map(n -> st.member(n).name()).toList() + " inSync=" + row.inSync().stream().map(n -> st.member(n).name()).toList() + " primary=" + row.primary().map(n -> st.member(n).name()));
                }
            }
        }
    }
}
