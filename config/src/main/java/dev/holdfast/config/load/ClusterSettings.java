package dev.holdfast.config.load;

import dev.holdfast.config.ControlPlaneConfig;
import dev.holdfast.config.NetworkConfig;
import dev.holdfast.config.ReplicationConfig;
import java.time.Duration;

/** The part of {@link Settings} that is about other members. */
public final class ClusterSettings {

    /** The port. */
    public static final Section<NetworkConfig> NETWORK = Section.<NetworkConfig>named(
                    "network",
                    "The port that members and clients connect to, and who the members are; an embedded node opens none.")
            .key(
                    "enabled",
                    ValueTypes.BOOL,
                    Limit.none(),
                    NetworkConfig::isEnabled,
                    NetworkConfig::setEnabled,
                    "Open a port, and be a member of a cluster.")
            .key(
                    "host",
                    ValueTypes.TEXT,
                    Allowed.HOST,
                    NetworkConfig::getHost,
                    NetworkConfig::setHost,
                    "Address to listen on and to announce.")
            .key(
                    "port",
                    ValueTypes.INT,
                    Allowed.ints(0, 65_535),
                    NetworkConfig::getPort,
                    NetworkConfig::setPort,
                    "Port to listen on; 0 takes any free one.")
            .key(
                    "members",
                    new ListOf("member", "host:port"),
                    new Limit.Each(Allowed.ENDPOINT, 0, Allowed.MOST_MEMBERS),
                    NetworkConfig::getMembers,
                    NetworkConfig::setMembers,
                    "The members, the same list on each of them; the first three vote in the control plane.")
            .key(
                    "insecure",
                    ValueTypes.BOOL,
                    Limit.none(),
                    NetworkConfig::isInsecure,
                    NetworkConfig::setInsecure,
                    "Accept a non-loopback address without TLS.")
            .optional(
                    "tls-certificates",
                    ValueTypes.PATH,
                    Allowed.FILE,
                    NetworkConfig::getTlsCertificates,
                    NetworkConfig::setTlsCertificates,
                    network -> network.setTlsCertificates(null),
                    "PEM file with this node's certificate, then those that vouch for it; with all three, everything is TLS 1.3.")
            .optional(
                    "tls-key",
                    ValueTypes.PATH,
                    Allowed.FILE,
                    NetworkConfig::getTlsKey,
                    NetworkConfig::setTlsKey,
                    network -> network.setTlsKey(null),
                    "PEM file with its key, PKCS #8 without a password.")
            .optional(
                    "tls-trusted",
                    ValueTypes.PATH,
                    Allowed.FILE,
                    NetworkConfig::getTlsTrusted,
                    NetworkConfig::setTlsTrusted,
                    network -> network.setTlsTrusted(null),
                    "PEM file with the certificates that vouch for those of others, clients too.")
            .key(
                    "max-frame",
                    Sizes.TYPE,
                    Allowed.sizes(128 * Allowed.KIB, Allowed.GIB),
                    NetworkConfig::getMaxFrame,
                    NetworkConfig::setMaxFrame,
                    "Largest frame from an authenticated peer; at least max-payload, a 1024th of it and 64KiB.")
            .key(
                    "max-outstanding",
                    ValueTypes.count("requests"),
                    Allowed.ints(1, 1 << 20),
                    NetworkConfig::getMaxOutstanding,
                    NetworkConfig::setMaxOutstanding,
                    "Unanswered requests that one client may have.")
            .build();

    /** Copies. */
    public static final Section<ReplicationConfig> REPLICATION = Section.<ReplicationConfig>named(
                    "replication", "How many copies an acknowledgement needs and how the cluster repairs itself.")
            .key(
                    "min-in-sync",
                    ValueTypes.count("copies"),
                    Allowed.ints(1, 7),
                    ReplicationConfig::getMinInSync,
                    ReplicationConfig::setMinInSync,
                    "Copies without which writes are refused; at most durability + 1 of every executor.")
            .key(
                    "replace-after",
                    Durations.TYPE,
                    Allowed.times(Duration.ofSeconds(1), Duration.ofDays(30)),
                    ReplicationConfig::getReplaceAfter,
                    ReplicationConfig::setReplaceAfter,
                    "Time after which a lost member's copies are made elsewhere.")
            .key(
                    "move-drain",
                    Durations.TYPE,
                    Allowed.times(Duration.ofMillis(1), Duration.ofHours(24)),
                    ReplicationConfig::getMoveDrain,
                    ReplicationConfig::setMoveDrain,
                    "Time that a planned move waits for running tasks before it is called off.")
            .key(
                    "copy-rate",
                    Sizes.TYPE,
                    Allowed.sizes(64 * Allowed.KIB, Allowed.TIB),
                    ReplicationConfig::getCopyRate,
                    ReplicationConfig::setCopyRate,
                    "Read a second for copies that nobody waits for: of a member that joins or comes back, of a planned move; besides, twice what is appended meanwhile.")
            .optional(
                    "zone",
                    ValueTypes.TEXT,
                    Allowed.NODE_NAME,
                    ReplicationConfig::getZone,
                    ReplicationConfig::setZone,
                    replication -> replication.setZone(null),
                    "Where this node stands, for example a rack: copies of a partition go to as many zones as there are. Without one: a zone of its own.")
            .build();

    /** Consensus. */
    public static final Section<ControlPlaneConfig> CONTROL_PLANE = Section.<ControlPlaneConfig>named(
                    "control-plane", "The consensus group that keeps membership and partition ownership.")
            .key(
                    "voters",
                    ValueTypes.count("members"),
                    Limit.matching(voters -> voters == 3 || voters == 5, "3 or 5"),
                    ControlPlaneConfig::getVoters,
                    ControlPlaneConfig::setVoters,
                    "Members that vote: the first ones of network.members.")
            .key(
                    "witness",
                    ValueTypes.BOOL,
                    Limit.none(),
                    ControlPlaneConfig::isWitness,
                    ControlPlaneConfig::setWitness,
                    "Whether this member votes and holds no copies: the third voice beside two nodes.")
            .build();

    private ClusterSettings() {}
}
