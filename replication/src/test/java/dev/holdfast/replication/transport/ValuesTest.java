package dev.holdfast.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.NetworkConfig;
import dev.holdfast.replication.protocol.NodeId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValuesTest {

    @Test
    void anAddressIsReadAsItIsWritten() {
        for (String text : new String[] {"127.0.0.1:5710", "[::1]:5710", "node-1.example:0"}) {
            assertThat(PeerAddress.parse(text)).hasToString(text);
        }
        assertThat(PeerAddress.parse("[::1]:1")).isEqualTo(new PeerAddress("::1", 1));
        for (String text :
                new String[] {"", "host", "host:", ":1", "host:x", "host:65536", "host:-1", "::1:5710", "[]:1"}) {
            assertThatThrownBy(() -> PeerAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void codesAreDifferentAndFoundAgain() {
        for (Role role : Role.values()) {
            assertThat(Role.ofCode(role.code())).contains(role);
        }
        for (Refusal.Code code : Refusal.Code.values()) {
            assertThat(Refusal.Code.ofCode(code.code())).isEqualTo(code);
        }
        assertThat(Role.ofCode(0)).isEmpty();
        assertThat(Refusal.Code.ofCode(999)).isEqualTo(Refusal.Code.OTHER);
    }

    @Test
    void theConfigurationIsTakenOver() {
        NetworkConfig network = new NetworkConfig()
                .setHost("::1")
                .setPort(7)
                .setMaxFrame(1 << 30)
                .setMaxOutstanding(9);
        TransportSettings plain = TransportSettings.of(network.setInsecure(true));
        assertThat(plain.listen()).contains(new PeerAddress("::1", 7));
        assertThat(plain.insecure()).isTrue();
        assertThat(plain.tls()).isEmpty();
        assertThat(plain.limits().maxFrameBytes()).isEqualTo(1 << 30);
        assertThat(plain.limits().maxReplyBytes()).isEqualTo(1 << 30);
        assertThat(plain.limits().maxOutstanding()).isEqualTo(9);
        network.setTlsCertificates(Path.of("a")).setTlsKey(Path.of("b")).setTlsTrusted(Path.of("c"));
        assertThat(TransportSettings.of(network).tls())
                .contains(new TlsFiles(Path.of("a"), Path.of("b"), Path.of("c")));
    }

    @Test
    void whatCanNotBeIsRefusedWithItsValue() {
        assertThatThrownBy(() -> new Identity(Optional.empty(), Role.PEER, new NodeId("d"), -1, "n"))
                .hasMessageContaining("session=-1");
        assertThatThrownBy(() -> new Identity(Optional.empty(), Role.PEER, new NodeId("d"), 1, "n".repeat(256)))
                .hasMessageContaining("at most 255");
        assertThatThrownBy(() -> MessageKind.of(256, "wide", Role.PEER)).hasMessageContaining("code=256");
        assertThatThrownBy(() -> new MessageKind(1, "nobody's", Set.of(), 1, 1, MessageKind.WhenFull.REFUSE))
                .hasMessageContaining("roles=[]");
        assertThatThrownBy(() -> TransportSettings.Limits.DEFAULT.withMaxFrameBytes(1024))
                .hasMessageContaining("maxFrameBytes=1024");
    }
}
