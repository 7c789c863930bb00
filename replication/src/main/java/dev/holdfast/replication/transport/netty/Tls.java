package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.TlsFiles;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** TLS 1.3 by the JDK, a certificate demanded of both sides, the host name checked by who connects. */
final class Tls {

    private static final String VERSION = "TLSv1.3";

    private final SslContext asServer;
    private final SslContext asClient;
    private final Duration handshake;

    /** @throws IllegalArgumentException naming the files, if one can not be read or does not fit the others */
    Tls(TlsFiles files, Duration handshake) {
        this.handshake = handshake;
        try {
            this.asServer = SslContextBuilder.forServer(
                            files.certificates().toFile(), files.privateKey().toFile())
                    .trustManager(files.trusted().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .sslProvider(SslProvider.JDK)
                    .protocols(VERSION)
                    .build();
            this.asClient = SslContextBuilder.forClient()
                    .keyManager(
                            files.certificates().toFile(), files.privateKey().toFile())
                    .trustManager(files.trusted().toFile())
                    .endpointIdentificationAlgorithm("HTTPS")
                    .sslProvider(SslProvider.JDK)
                    .protocols(VERSION)
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "TLS could not be set up: certificates=" + files.certificates() + ", private-key="
                            + files.privateKey() + ", trusted=" + files.trusted() + ", cause=" + e.getMessage()
                            + "; needed are PEM files that this process may read, the key in PKCS #8 without a password",
                    e);
        }
    }

    SslHandler server(Channel channel) {
        return limited(asServer.newHandler(channel.alloc()));
    }

    SslHandler client(Channel channel, PeerAddress peer) {
        return limited(asClient.newHandler(channel.alloc(), peer.host(), peer.port()));
    }

    private SslHandler limited(SslHandler handler) {
        handler.setHandshakeTimeout(handshake.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    /** The subject of the other side's certificate, once the handshake is over; empty without TLS. */
    static Optional<String> principal(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(handler.engine().getSession().getPeerPrincipal().getName());
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }
}
