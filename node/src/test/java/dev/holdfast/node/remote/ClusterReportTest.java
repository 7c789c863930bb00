package dev.holdfast.node.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.ClientConfig;
import dev.holdfast.node.remote.ClusterReport.Copies;
import dev.holdfast.node.remote.ClusterReport.Node;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterReportTest {

    private static final ClusterReport REPORT = new ClusterReport(
            "dev",
            "uuid",
            "id-a",
            "id-b",
            1,
            2,
            List.of(
                    new Node("id-a", "a", "host:1", true, true, "", 3, true, 17, false, null),
                    new Node("id-b", "b", "host:2", true, false, "zone", 1, false, 0, true, "its disk failed")),
            List.of(
                    new Copies(0, "id-a", 4, List.of("id-a", "id-b"), List.of("id-a"), List.of("id-b"), null),
                    new Copies(1, "", 0, List.of(), List.of(), List.of(), "damaged")),
            List.of("jobs"));

    @Test
    void whatIsWrittenIsReadAndNoPrefixOfItIs() {
        byte[] bytes = REPORT.toBytes();
        assertThat(ClusterReport.of(bytes)).isEqualTo(REPORT);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> ClusterReport.of(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whoDoesNotAnswerIsNamed() {
        assertThatThrownBy(() -> ClusterInquiry.ask(
                        new ClientConfig().setMembers(List.of("127.0.0.1:1")).validate(), Duration.ofSeconds(5)))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("127.0.0.1:1");
    }
}
