package dev.holdfast.node.cluster.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Config;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.transport.PeerAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemberListTest {

    private static final PeerAddress REAL = new PeerAddress("127.0.0.1", 5711);

    private static MemberList list(int voters, int members) {
        Config config = new Config();
        config.getControlPlaneConfig().setVoters(voters);
        config.getNetworkConfig()
                .setHost("127.0.0.1")
                .setMembers(IntStream.range(0, members)
                        .mapToObj(number -> "10.0.0." + number + ":5710")
                        .toList());
        return MemberList.of(config, REAL);
    }

    private static List<NodeAddress> first(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new NodeAddress("10.0.0." + number, 5710))
                .toList();
    }

    @Test
    void theFirstThreeOrFiveOfTheListVote() {
        assertThat(list(3, 7).voters()).isEqualTo(first(3));
        assertThat(list(5, 7).voters()).isEqualTo(first(5));
        assertThat(list(5, 7).all()).isEqualTo(first(7));
    }

    @Test
    void whereThereAreFewerAllOfThemVote() {
        assertThat(list(5, 5).voters()).isEqualTo(first(5));
        assertThat(list(5, 4).voters()).isEqualTo(first(4));
        assertThat(list(3, 2).voters()).isEqualTo(first(2));
    }

    @Test
    void withoutAListANodeVotesAlone() {
        NodeAddress itself = new NodeAddress("127.0.0.1", 5711);
        assertThat(list(5, 0))
                .isEqualTo(new MemberList(List.of(itself), List.of(itself), java.util.Optional.of(itself)));
    }
}
