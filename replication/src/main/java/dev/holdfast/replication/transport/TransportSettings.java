package dev.holdfast.replication.transport;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.NetworkConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a transport is set up.
 *
 * @param listen where; empty: it only connects to others
 * @param tls empty: everybody on the way can read and change what is sent
 * @param insecure whether addresses that are not loopback addresses are used without TLS
 * @param loops threads of the network, besides one that is for {@linkplain Role#isUrgent urgent} roles alone
 * @param nativeIo whether {@code epoll} is used where it is there
 */
public record TransportSettings(
        Optional<PeerAddress> listen,
        Optional<TlsFiles> tls,
        boolean insecure,
        int loops,
        boolean nativeIo,
        Versions versions,
        Limits limits,
        Times times) {

    /** Largest frame, in bytes, of somebody who has not been admitted yet. */
    public static final int MAX_FRAME_BEFORE_ADMISSION = 64 * 1024;

    private static final int MAX_DEFAULT_LOOPS = 4;

    /** With a loop for every two cores, at most four. */
    public static TransportSettings defaults() {
        int loops = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors() / 2, MAX_DEFAULT_LOOPS));
        return new TransportSettings(
                Optional.empty(),
                Optional.empty(),
                false,
                loops,
                true,
                new Versions(1, 1),
                Limits.DEFAULT,
                Times.DEFAULT);
    }

    /** As {@code network} has it; a configuration that was validated. */
    public static TransportSettings of(NetworkConfig network) {
        Limits limits = Limits.DEFAULT
                .withMaxFrameBytes(Math.toIntExact(network.getMaxFrame()))
                .withMaxOutstanding(network.getMaxOutstanding());
        return defaults()
                .listeningOn(new PeerAddress(network.getHost(), network.getPort()))
                .withInsecure(network.isInsecure())
                .withLimits(limits)
                .withTls(tlsOf(network.getTlsCertificates(), network.getTlsKey(), network.getTlsTrusted()));
    }

    /** As a client has it; a configuration that was validated. It listens nowhere. */
    public static TransportSettings of(ClientConfig client) {
        return defaults()
                .withInsecure(client.isInsecure())
                .withLimits(Limits.DEFAULT.withMaxOutstanding(client.getMaxOutstanding()))
                .withTls(tlsOf(client.getTlsCertificates(), client.getTlsKey(), client.getTlsTrusted()));
    }

    private static Optional<TlsFiles> tlsOf(@Nullable Path certificates, @Nullable Path key, @Nullable Path trusted) {
        return certificates == null || key == null || trusted == null
                ? Optional.empty()
                : Optional.of(new TlsFiles(certificates, key, trusted));
    }

    /** The versions of the protocol that are spoken here, both included. */
    public record Versions(int lowest, int highest) {}

    /**
     * What may be there at once.
     *
     * @param maxFrameBytes of those who are admitted, header included
     * @param maxOutstanding requests of one connection that are not answered
     * @param maxPeers that we connect to
     * @param maxAccepted connections to us
     * @param maxStrangers of those, not admitted yet
     * @param maxReplyBytes answers that wait for one connection; beyond, it is closed: it asks and does not listen
     */
    public record Limits(
            int maxFrameBytes,
            int maxOutstanding,
            int maxPeers,
            int maxAccepted,
            int maxStrangers,
            long maxReplyBytes) {

        public static final Limits DEFAULT =
                new Limits(32 * 1024 * 1024, 16_384, 1_024, 4_096, 128, 256L * 1024 * 1024);

        public Limits {
            if (maxFrameBytes < MAX_FRAME_BEFORE_ADMISSION || maxReplyBytes < maxFrameBytes) {
                throw new IllegalArgumentException("Limits that do not fit: maxFrameBytes=" + maxFrameBytes
                        + ", maxReplyBytes=" + maxReplyBytes + "; the first is at least " + MAX_FRAME_BEFORE_ADMISSION
                        + ", the second at least the first");
            }
        }

        /** The same with another number of requests. */
        public Limits withMaxOutstanding(int requests) {
            return new Limits(maxFrameBytes, requests, maxPeers, maxAccepted, maxStrangers, maxReplyBytes);
        }

        /** The same with another largest frame. */
        public Limits withMaxFrameBytes(int bytes) {
            return new Limits(
                    bytes, maxOutstanding, maxPeers, maxAccepted, maxStrangers, Math.max(bytes, maxReplyBytes));
        }
    }

    /**
     * How long things may take.
     *
     * @param connect until the system has connected
     * @param handshake from there until both sides are admitted
     * @param keepAlive how often the one who connected asks whether the other is there; after three times as long without a byte the
     *     connection is given up
     * @param backoff between attempts to connect
     * @param closeGrace for what waits to be written at the end
     */
    public record Times(
            Duration connect, Duration handshake, Duration keepAlive, Backoff backoff, Duration closeGrace) {

        public static final Times DEFAULT = new Times(
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                new Backoff(Duration.ofMillis(20), Duration.ofSeconds(1)),
                Duration.ofSeconds(1));
    }

    /** The same, listening. */
    public TransportSettings listeningOn(PeerAddress address) {
        return new TransportSettings(Optional.of(address), tls, insecure, loops, nativeIo, versions, limits, times);
    }

    /** The same with TLS. */
    public TransportSettings withTls(TlsFiles files) {
        return withTls(Optional.of(files));
    }

    private TransportSettings withTls(Optional<TlsFiles> files) {
        return new TransportSettings(listen, files, insecure, loops, nativeIo, versions, limits, times);
    }

    /** The same, on foreign addresses without TLS too if {@code allowed}. */
    public TransportSettings withInsecure(boolean allowed) {
        return new TransportSettings(listen, tls, allowed, loops, nativeIo, versions, limits, times);
    }

    /** The same, with so many loops. */
    public TransportSettings withLoops(int count) {
        return new TransportSettings(listen, tls, insecure, count, nativeIo, versions, limits, times);
    }

    /** The same, with {@code epoll} or without. */
    public TransportSettings withNativeIo(boolean wanted) {
        return new TransportSettings(listen, tls, insecure, loops, wanted, versions, limits, times);
    }

    /** The same with other versions. */
    public TransportSettings withVersions(Versions spoken) {
        return new TransportSettings(listen, tls, insecure, loops, nativeIo, spoken, limits, times);
    }

    /** The same with other limits. */
    public TransportSettings withLimits(Limits other) {
        return new TransportSettings(listen, tls, insecure, loops, nativeIo, versions, other, times);
    }

    /** The same with other times. */
    public TransportSettings withTimes(Times other) {
        return new TransportSettings(listen, tls, insecure, loops, nativeIo, versions, limits, other);
    }
}
