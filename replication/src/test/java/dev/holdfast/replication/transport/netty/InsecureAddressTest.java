package dev.holdfast.replication.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportFixture;
import dev.holdfast.replication.transport.TransportSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class InsecureAddressTest extends TransportFixture {

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings, surroundings);
    }

    @Test
    void withoutTlsOnlyLoopbackAddressesAreListenedTo() {
        TestNode any = node("any");
        for (String host : new String[] {"0.0.0.0", "192.0.2.1", "::"}) {
            assertThatThrownBy(() -> NettyTransport.start(
                            settings().listeningOn(new PeerAddress(host, 0)),
                            Surroundings.of(() -> any.identity, any.inbound, any.events)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(host)
                    .hasMessageContaining("not a loopback address")
                    .hasMessageContaining("network.insecure=true");
        }
    }

    @Test
    void withoutTlsNothingIsSaidToOthers() {
        TestNode a = node("a");
        a.transport.connect(Peer.at(new PeerAddress("192.0.2.1", 5710), Role.PEER));
        awaitEvent(a, "refused INSECURE");
        assertThat(a.events.refusals.get(0).message()).contains("address=192.0.2.1:5710", "network.tls-certificates");
    }

    @Test
    void aPortThatIsTakenIsNamedWithItsRemedy() {
        TestNode a = node("a");
        PeerAddress taken = a.transport.address().orElseThrow();
        assertThatThrownBy(() -> NettyTransport.start(
                        settings().listeningOn(taken), Surroundings.of(() -> a.identity, a.inbound, a.events)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("address=" + taken)
                .hasMessageContaining("network.port");
    }
}
