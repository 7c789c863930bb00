package dev.holdfast.replication.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.replication.transport.Admission;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.TlsFiles;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportContract;
import dev.holdfast.replication.transport.TransportSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class NettyTransportWithTlsTest extends TransportContract {

    @TempDir
    static Path directory;

    private static TlsFiles ours;
    private static TlsFiles strange;

    @BeforeAll
    static void makeCertificates() {
        ours = TestCertificates.selfSigned(directory, "ours");
        strange = TestCertificates.selfSigned(directory, "strange");
    }

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings.tls().isPresent() ? settings : settings.withTls(ours), surroundings);
    }

    @Test
    void theSubjectOfTheCertificateIsKnownToWhoAdmits() {
        TestNode b = node("b");
        TestNode a = node("a");
        a.transport.connect(b.as(Role.PEER));
        awaitEvent(b, "accepted a");
        assertThat(b.events.callers.get(0).principal()).contains("CN=ours");
    }

    @Test
    void aClientConnectsWithTheFilesOfItsConfiguration() {
        TestNode b = node("b");
        ClientConfig config = new ClientConfig()
                .setTlsCertificates(ours.certificates())
                .setTlsKey(ours.privateKey())
                .setTlsTrusted(ours.trusted());
        TransportSettings settings = TransportSettings.of(config.validate());
        assertThat(settings.listen()).isEmpty();
        TestNode client = node(identity("client", 0).as(Role.CLIENT), settings, Admission.OF_ALL);
        client.transport.connect(b.as(Role.CLIENT));
        awaitEvent(b, "accepted client");
    }

    @Test
    void whoseCertificateIsNotTrustedIsRefusedInWords() throws Exception {
        TestNode b = node("b");
        TestNode stranger = node(
                identity("stranger", 1),
                settings().withTls(TestCertificates.trusting(strange, ours)),
                Admission.OF_ALL);
        stranger.transport.connect(b.as(Role.PEER));
        awaitEvent(stranger, "refused TLS_FAILED");
        assertThat(stranger.events.refusals.get(0).message())
                .contains("TLS failed", "a certificate that the other trusts");
        assertThat(b.events.all).isEmpty();
    }

    @Test
    void aServerThatIsNotTrustedIsNotTalkedTo() {
        TestNode stranger = node(identity("stranger", 1), settings().withTls(strange), Admission.OF_ALL);
        TestNode a = node("a");
        a.transport.connect(stranger.as(Role.PEER));
        awaitEvent(a, "refused TLS_FAILED");
        assertThat(stranger.events.all).isEmpty();
    }

    @Test
    void whoSpeaksWithoutTlsIsNotUnderstood() {
        TestNode b = node("b");
        try (Transport plain =
                NettyTransport.start(settings(), Surroundings.of(() -> identity("plain", 1), b.inbound, b.events))) {
            plain.connect(b.as(Role.PEER));
            awaitEvent(b, "unreachable");
            assertThat(b.events.count("accepted")).isZero();
        }
    }

    @Test
    void aHostThatTheCertificateDoesNotNameIsRefused() {
        TestNode b = node("b");
        TestNode a = node("a");
        int port = b.transport.address().orElseThrow().port();
        a.transport.connect(dev.holdfast.replication.transport.Peer.at(
                new dev.holdfast.replication.transport.PeerAddress("localhost", port), Role.PEER));
        awaitEvent(a, "refused TLS_FAILED");
    }

    @Test
    void missingFilesAreNamedAtTheStart() {
        TlsFiles missing = new TlsFiles(Path.of("no-such.crt"), Path.of("no-such.key"), Path.of("no-such-ca.crt"));
        TestNode a = node("a");
        assertThatThrownBy(() -> NettyTransport.start(
                        settings().withTls(missing), Surroundings.of(() -> a.identity, a.inbound, a.events)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no-such.crt")
                .hasMessageContaining("PKCS #8");
        assertThat(Refusal.Code.ofCode(9)).isEqualTo(Refusal.Code.TLS_FAILED);
    }
}
