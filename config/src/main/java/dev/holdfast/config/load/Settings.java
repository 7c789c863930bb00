package dev.holdfast.config.load;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.config.ControlPlaneConfig;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.NamePatterns;
import dev.holdfast.config.NetworkConfig;
import dev.holdfast.config.ReplicationConfig;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.config.SerializationConfig;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.SplitBrainProtectionOn;
import dev.holdfast.config.StorageConfig;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.config.WhenFull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The table of all settings. The readers, the validation, {@code toYaml}, {@code copy} and {@code toString} know settings
 * from here only; defaults are those of a new configuration object. Long because it is one table.
 */
public final class Settings {
    /** The element, or key, that holds everything. */
    public static final String ROOT_NAME = "holdfast";

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;
    private static final long TIB = 1024 * GIB;
    private static final int MOST_MEMBERS = 1_000;
    private static final int MOST_PATTERNS = 10_000;

    /** The names of an executor or a protection: anything printable. */
    static final Limit<String> SERVICE_NAME = named(
            "(?=\\S)[^\\p{Cc}\\p{Cs}\\uFFFE\\uFFFF]{1,255}(?<=\\S)",
            "1 to 255 characters, no space at either end, no control characters");

    private static final Limit<String> NODE_NAME =
            named("[\\p{L}\\p{N}._-]{1,64}", "1 to 64 letters, digits, `.`, `_` or `-`");
    private static final Limit<String> HOST = named("[^\\s\\p{Cc}/]{1,255}", "a host name or address");
    private static final Limit<Path> FILE =
            Limit.matching(path -> !path.toString().isEmpty(), "");
    private static final Limit<String> ENDPOINT = Limit.matching(Endpoints::isEndpoint, "host:port or [IPv6]:port");
    private static final Limit<String> CLASS_PATTERN = Limit.matching(
            NamePatterns::isClassPattern, "com.acme.Job, com.acme.*, com.acme.**, com.acme.Jo*, or ** for every class");

    /** How many results are kept. */
    public static final Section<ResultRetentionConfig> RETENTION = Section.<ResultRetentionConfig>named(
                    "result-retention", "How long results stay that nobody disposes of, per executor and partition.")
            .key(
                    "max-results",
                    ValueTypes.count("results"),
                    ints(1, 100_000_000),
                    ResultRetentionConfig::getMaxResults,
                    ResultRetentionConfig::setMaxResults,
                    "Results kept per executor and partition.")
            .key(
                    "max-bytes",
                    Sizes.TYPE,
                    sizes(1, 16 * TIB),
                    ResultRetentionConfig::getMaxBytes,
                    ResultRetentionConfig::setMaxBytes,
                    "Bytes of results kept per executor and partition.")
            .optional(
                    "ttl",
                    Durations.TYPE,
                    times(Duration.ofMillis(1), Duration.ofDays(36_500)),
                    ResultRetentionConfig::getTtl,
                    ResultRetentionConfig::setTtl,
                    retention -> retention.setTtl(null),
                    "Age at which a result is removed.")
            .key(
                    "when-full",
                    ValueTypes.oneOf(WhenFull.class, false),
                    Limit.none(),
                    ResultRetentionConfig::getWhenFull,
                    ResultRetentionConfig::setWhenFull,
                    "At a limit: EVICT_OLDEST removes the oldest results, REJECT refuses submissions.")
            .build();

    /** One executor. */
    public static final Section<DurableExecutorConfig> EXECUTOR = Section.<DurableExecutorConfig>named(
                    "durable-executor-service",
                    "One executor by its name; `*` in a name stands for any characters, the most specific name wins."
                            + " `default` is used where no other matches.")
            .key(
                    "pool-size",
                    ValueTypes.count("threads"),
                    ints(1, 10_000),
                    DurableExecutorConfig::getPoolSize,
                    DurableExecutorConfig::setPoolSize,
                    "Threads that run this executor's tasks, per node.")
            .key(
                    "virtual-threads",
                    ValueTypes.BOOL,
                    Limit.none(),
                    DurableExecutorConfig::isVirtualThreads,
                    DurableExecutorConfig::setVirtualThreads,
                    "Run tasks on virtual threads, at most pool-size at once. Needs Java 21.")
            .key(
                    "durability",
                    ValueTypes.count("copies"),
                    ints(0, 6),
                    DurableExecutorConfig::getDurability,
                    DurableExecutorConfig::setDurability,
                    "Backups of every task and result: durability + 1 copies in a healthy cluster. A node alone has one copy.")
            .key(
                    "capacity",
                    ValueTypes.count("tasks"),
                    ints(1, 10_000_000),
                    DurableExecutorConfig::getCapacity,
                    DurableExecutorConfig::setCapacity,
                    "Unfinished tasks that one partition accepts; beyond it submissions are rejected.")
            .key(
                    "statistics-enabled",
                    ValueTypes.BOOL,
                    Limit.none(),
                    DurableExecutorConfig::isStatisticsEnabled,
                    DurableExecutorConfig::setStatisticsEnabled,
                    "Keep statistics.")
            .optional(
                    "split-brain-protection-ref",
                    ValueTypes.TEXT,
                    Limit.none(),
                    DurableExecutorConfig::getSplitBrainProtectionName,
                    DurableExecutorConfig::setSplitBrainProtectionName,
                    executor -> executor.setSplitBrainProtectionName(null),
                    "The split-brain-protection that guards this executor.")
            .key(
                    "max-crashes",
                    ValueTypes.count("crashes"),
                    ints(1, 1_000),
                    DurableExecutorConfig::getMaxCrashes,
                    DurableExecutorConfig::setMaxCrashes,
                    "Counted crashes of the process during a task after which it is quarantined.")
            .key(
                    "max-held",
                    ValueTypes.count("tasks"),
                    ints(0, 10_000_000),
                    DurableExecutorConfig::getMaxHeld,
                    DurableExecutorConfig::setMaxHeld,
                    "Parked and quarantined tasks in one partition that do not count towards capacity.")
            .part(RETENTION, DurableExecutorConfig::getResultRetention)
            .build();

    /** One protection. */
    public static final Section<SplitBrainProtectionConfig> SPLIT_BRAIN = Section.<SplitBrainProtectionConfig>named(
                    "split-brain-protection", "Refuses operations while fewer members are seen than needed.")
            .key(
                    "minimum-cluster-size",
                    ValueTypes.count("members"),
                    ints(1, MOST_MEMBERS),
                    SplitBrainProtectionConfig::getMinimumClusterSize,
                    SplitBrainProtectionConfig::setMinimumClusterSize,
                    "Members that must be seen for the protected operations to be served.")
            .key(
                    "protect-on",
                    ValueTypes.oneOf(SplitBrainProtectionOn.class, false),
                    Limit.none(),
                    SplitBrainProtectionConfig::getProtectOn,
                    SplitBrainProtectionConfig::setProtectOn,
                    "The operations that are protected.")
            .build();

    /** The data directory. */
    public static final Section<StorageConfig> STORAGE = Section.<StorageConfig>named(
                    "storage", "Where and how a node stores its tasks and results.")
            .key(
                    "directory",
                    ValueTypes.PATH,
                    Limit.matching(path -> !path.toString().isEmpty(), ""),
                    StorageConfig::getDirectory,
                    StorageConfig::setDirectory,
                    "The data directory, relative to the working directory; one node only.")
            .key(
                    "sync",
                    ValueTypes.oneOf(SyncPolicy.class, true),
                    Limit.none(),
                    StorageConfig::getSync,
                    StorageConfig::setSync,
                    "When records are forced to the disk: os survives the death of the process, interval is forced"
                            + " every sync-interval, always is forced before the acknowledgement and survives power loss.")
            .key(
                    "sync-interval",
                    Durations.TYPE,
                    times(Duration.ofMillis(1), Duration.ofMinutes(1)),
                    StorageConfig::getSyncInterval,
                    StorageConfig::setSyncInterval,
                    "Time between two forces with sync: interval.")
            .key(
                    "segment-size",
                    Sizes.TYPE,
                    sizes(256 * KIB, GIB),
                    StorageConfig::getSegmentSize,
                    StorageConfig::setSegmentSize,
                    "Size of one segment of a partition's log; at least three times max-payload.")
            .key(
                    "inline-limit",
                    Sizes.TYPE,
                    sizes(0, MIB),
                    StorageConfig::getInlineLimit,
                    StorageConfig::setInlineLimit,
                    "Largest payload that is kept in memory; larger ones are read from the log. At most max-payload.")
            .key(
                    "low-space-watermark",
                    Sizes.TYPE,
                    sizes(0, 16 * TIB),
                    StorageConfig::getLowSpaceWatermark,
                    StorageConfig::setLowSpaceWatermark,
                    "Free space on the disk below which submissions are refused.")
            .key(
                    "allow-network-file-system",
                    ValueTypes.BOOL,
                    Limit.none(),
                    StorageConfig::isAllowNetworkFileSystem,
                    StorageConfig::setAllowNetworkFileSystem,
                    "Accept a directory on a network file system, where locks and mapped files are not reliable.")
            .key(
                    "inbox-capacity",
                    ValueTypes.count("commands"),
                    ints(16, 1 << 20),
                    StorageConfig::getInboxCapacity,
                    StorageConfig::setInboxCapacity,
                    "Commands that may wait for one partition; beyond it submissions are rejected.")
            .key(
                    "max-batch",
                    ValueTypes.count("commands"),
                    ints(1, 1 << 16),
                    StorageConfig::getMaxBatch,
                    StorageConfig::setMaxBatch,
                    "Commands that one partition stores and forces together; at most inbox-capacity.")
            .key(
                    "tombstones",
                    ValueTypes.count("task ids"),
                    ints(0, 10_000_000),
                    StorageConfig::getTombstones,
                    StorageConfig::setTombstones,
                    "Removed task ids remembered per executor and partition.")
            .key(
                    "idempotency-keys",
                    ValueTypes.count("keys"),
                    ints(1, 10_000_000),
                    StorageConfig::getIdempotencyKeys,
                    StorageConfig::setIdempotencyKeys,
                    "Idempotency keys remembered per executor and partition.")
            .key(
                    "idempotency-ttl",
                    Durations.TYPE,
                    times(Duration.ofSeconds(1), Duration.ofDays(3_650)),
                    StorageConfig::getIdempotencyTtl,
                    StorageConfig::setIdempotencyTtl,
                    "Time an idempotency key is remembered.")
            .build();

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
                    HOST,
                    NetworkConfig::getHost,
                    NetworkConfig::setHost,
                    "Address to listen on and to announce.")
            .key(
                    "port",
                    ValueTypes.INT,
                    ints(0, 65_535),
                    NetworkConfig::getPort,
                    NetworkConfig::setPort,
                    "Port to listen on; 0 takes any free one.")
            .key(
                    "members",
                    new ListOf("member", "host:port"),
                    new Limit.Each(ENDPOINT, 0, MOST_MEMBERS),
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
                    FILE,
                    NetworkConfig::getTlsCertificates,
                    NetworkConfig::setTlsCertificates,
                    network -> network.setTlsCertificates(null),
                    "PEM file with this node's certificate, then those that vouch for it; with all three, everything is TLS 1.3.")
            .optional(
                    "tls-key",
                    ValueTypes.PATH,
                    FILE,
                    NetworkConfig::getTlsKey,
                    NetworkConfig::setTlsKey,
                    network -> network.setTlsKey(null),
                    "PEM file with its key, PKCS #8 without a password.")
            .optional(
                    "tls-trusted",
                    ValueTypes.PATH,
                    FILE,
                    NetworkConfig::getTlsTrusted,
                    NetworkConfig::setTlsTrusted,
                    network -> network.setTlsTrusted(null),
                    "PEM file with the certificates that vouch for those of others, clients too.")
            .key(
                    "max-frame",
                    Sizes.TYPE,
                    sizes(128 * KIB, GIB),
                    NetworkConfig::getMaxFrame,
                    NetworkConfig::setMaxFrame,
                    "Largest frame from an authenticated peer; at least max-payload, a 1024th of it and 64KiB.")
            .key(
                    "max-outstanding",
                    ValueTypes.count("requests"),
                    ints(1, 1 << 20),
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
                    ints(1, 7),
                    ReplicationConfig::getMinInSync,
                    ReplicationConfig::setMinInSync,
                    "Copies without which writes are refused; at most durability + 1 of every executor.")
            .key(
                    "replace-after",
                    Durations.TYPE,
                    times(Duration.ofSeconds(1), Duration.ofDays(30)),
                    ReplicationConfig::getReplaceAfter,
                    ReplicationConfig::setReplaceAfter,
                    "Time after which a lost member's copies are made elsewhere.")
            .key(
                    "move-drain",
                    Durations.TYPE,
                    times(Duration.ZERO, Duration.ofHours(24)),
                    ReplicationConfig::getMoveDrain,
                    ReplicationConfig::setMoveDrain,
                    "Time that a planned move waits for running tasks before it is called off.")
            .key(
                    "copy-rate",
                    Sizes.TYPE,
                    sizes(64 * KIB, TIB),
                    ReplicationConfig::getCopyRate,
                    ReplicationConfig::setCopyRate,
                    "Read a second for copies that nobody waits for: of a member that joins or comes back, of a planned move; besides, twice what is appended meanwhile.")
            .optional(
                    "zone",
                    ValueTypes.TEXT,
                    NODE_NAME,
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

    /** What may be deserialised. */
    public static final Section<SerializationConfig> SERIALIZATION = Section.<SerializationConfig>named(
                    "serialization", "What may be deserialised, and how much of it.")
            .key(
                    "allow",
                    new ListOf("class", "patterns of class names"),
                    new Limit.Each(CLASS_PATTERN, 0, MOST_PATTERNS),
                    SerializationConfig::getAllowedClasses,
                    SerializationConfig::setAllowedClasses,
                    "Patterns of class names that may be deserialised. With a port open nothing else is.")
            .key(
                    "max-depth",
                    ValueTypes.count("levels"),
                    ints(1, 100_000),
                    SerializationConfig::getMaxDepth,
                    SerializationConfig::setMaxDepth,
                    "Depth of an object graph.")
            .key(
                    "max-references",
                    ValueTypes.longCount("references"),
                    longs(1, 1_000_000_000),
                    SerializationConfig::getMaxReferences,
                    SerializationConfig::setMaxReferences,
                    "References in one object graph.")
            .key(
                    "max-array-length",
                    ValueTypes.longCount("elements"),
                    longs(1, Integer.MAX_VALUE),
                    SerializationConfig::getMaxArrayLength,
                    SerializationConfig::setMaxArrayLength,
                    "Elements of one array.")
            .key(
                    "max-bytes",
                    Sizes.TYPE,
                    sizes(KIB, GIB),
                    SerializationConfig::getMaxBytes,
                    SerializationConfig::setMaxBytes,
                    "Bytes of one stream; at least max-payload.")
            .build();

    /** Everything. */
    public static final Section<Config> ROOT = Section.<Config>named(ROOT_NAME, "A node.")
            .key(
                    "cluster-name",
                    ValueTypes.TEXT,
                    NODE_NAME,
                    Config::getClusterName,
                    Config::setClusterName,
                    "Name of the cluster; members and clients of another one are refused.")
            .key(
                    "node-name",
                    ValueTypes.TEXT,
                    NODE_NAME,
                    Config::getNodeName,
                    Config::setNodeName,
                    "Name of this node, unique in its cluster.")
            .key(
                    "partition-count",
                    ValueTypes.count("partitions"),
                    ints(1, 1_024),
                    Config::getPartitionCount,
                    Config::setPartitionCount,
                    "Partitions; fixed when the data directory or the cluster is made.")
            .key(
                    "auto-start",
                    ValueTypes.BOOL,
                    Limit.none(),
                    Config::isAutoStart,
                    Config::setAutoStart,
                    "Execute tasks at once; otherwise results are served and tasks wait for start().")
            .key(
                    "shutdown-grace",
                    Durations.TYPE,
                    times(Duration.ZERO, Duration.ofDays(1)),
                    Config::getShutdownGrace,
                    Config::setShutdownGrace,
                    "Time that close() gives running tasks before it interrupts them.")
            .key(
                    "submit-timeout",
                    Durations.TYPE,
                    times(Duration.ofMillis(1), Duration.ofHours(1)),
                    Config::getSubmitTimeout,
                    Config::setSubmitTimeout,
                    "Time after which a submission that is not known to be stored fails as indeterminate.")
            .key(
                    "max-payload",
                    Sizes.TYPE,
                    sizes(KIB, 256 * MIB),
                    Config::getMaxPayload,
                    Config::setMaxPayload,
                    "Largest serialised task or result.")
            .key(
                    "max-waiters",
                    ValueTypes.count("retrievals"),
                    ints(1, 10_000_000),
                    Config::getMaxWaiters,
                    Config::setMaxWaiters,
                    "Retrievals of unfinished tasks that may wait on this node.")
            .key(
                    "callback-pool-size",
                    ValueTypes.count("threads"),
                    ints(1, 1_024),
                    Config::getCallbackPoolSize,
                    Config::setCallbackPoolSize,
                    "Threads that run the callbacks of futures.")
            .part(STORAGE, Config::getStorageConfig)
            .part(NETWORK, Config::getNetworkConfig)
            .part(REPLICATION, Config::getReplicationConfig)
            .part(CONTROL_PLANE, Config::getControlPlaneConfig)
            .part(SERIALIZATION, Config::getSerializationConfig)
            .namedPart(SPLIT_BRAIN, Config::getSplitBrainProtectionConfigs, Config::getSplitBrainProtectionConfig)
            .namedPart(EXECUTOR, Config::getDurableExecutorConfigs, Settings::freshExecutor)
            .build();

    /** A client; it has no file of its own. */
    public static final Section<ClientConfig> CLIENT = Section.<ClientConfig>named("client", "A client of a cluster.")
            .key(
                    "cluster-name",
                    ValueTypes.TEXT,
                    NODE_NAME,
                    ClientConfig::getClusterName,
                    ClientConfig::setClusterName,
                    "Name of the cluster to connect to.")
            .key(
                    "members",
                    new ListOf("member", "host:port"),
                    new Limit.Each(ENDPOINT, 1, MOST_MEMBERS),
                    ClientConfig::getMembers,
                    ClientConfig::setMembers,
                    "Members to ask first.")
            .key(
                    "request-timeout",
                    Durations.TYPE,
                    times(Duration.ofMillis(1), Duration.ofDays(1)),
                    ClientConfig::getRequestTimeout,
                    ClientConfig::setRequestTimeout,
                    "Time after which a request without an answer fails as indeterminate.")
            .key(
                    "max-outstanding",
                    ValueTypes.count("requests"),
                    ints(1, 1 << 20),
                    ClientConfig::getMaxOutstanding,
                    ClientConfig::setMaxOutstanding,
                    "Unanswered requests; beyond it the caller waits.")
            .key(
                    "insecure",
                    ValueTypes.BOOL,
                    Limit.none(),
                    ClientConfig::isInsecure,
                    ClientConfig::setInsecure,
                    "Connect to a non-loopback address without TLS.")
            .optional(
                    "tls-certificates",
                    ValueTypes.PATH,
                    FILE,
                    ClientConfig::getTlsCertificates,
                    ClientConfig::setTlsCertificates,
                    client -> client.setTlsCertificates(null),
                    "PEM file with this client's certificate, then those that vouch for it; with all three, everything is TLS 1.3.")
            .optional(
                    "tls-key",
                    ValueTypes.PATH,
                    FILE,
                    ClientConfig::getTlsKey,
                    ClientConfig::setTlsKey,
                    client -> client.setTlsKey(null),
                    "PEM file with its key, PKCS #8 without a password.")
            .optional(
                    "tls-trusted",
                    ValueTypes.PATH,
                    FILE,
                    ClientConfig::getTlsTrusted,
                    ClientConfig::setTlsTrusted,
                    client -> client.setTlsTrusted(null),
                    "PEM file with the certificates that vouch for those of members.")
            .part(SERIALIZATION, ClientConfig::getSerializationConfig)
            .build();

    private Settings() {}

    /** Unlike {@code getDurableExecutorConfig} it does not start from the values of a matching pattern. */
    private static DurableExecutorConfig freshExecutor(Config config, String name) {
        DurableExecutorConfig executor = new DurableExecutorConfig(name);
        config.addDurableExecutorConfig(executor);
        return executor;
    }

    private static Limit<Integer> ints(int least, int most) {
        return Limit.between(ValueTypes.INT, least, most);
    }

    private static Limit<Long> longs(long least, long most) {
        return Limit.between(ValueTypes.LONG, least, most);
    }

    private static Limit<Long> sizes(long least, long most) {
        return Limit.between(Sizes.TYPE, least, most);
    }

    private static Limit<Duration> times(Duration least, Duration most) {
        return Limit.between(Durations.TYPE, least, most);
    }

    private static Limit<String> named(String regex, String description) {
        Predicate<String> whole = Pattern.compile(regex).asMatchPredicate();
        return Limit.matching(whole, description);
    }

    /** Every section of a file. */
    static List<Section<?>> all() {
        return List.of(
                ROOT, STORAGE, NETWORK, REPLICATION, CONTROL_PLANE, SERIALIZATION, SPLIT_BRAIN, EXECUTOR, RETENTION);
    }

    /** The sections that there is one of for each name. */
    static List<Section<?>> named() {
        return List.of(SPLIT_BRAIN, EXECUTOR);
    }

    /** The full name of a setting, or a section, that has this name, or null: where a misplaced one belongs. */
    static @Nullable String pathOfName(String name) {
        for (Section<?> section : all()) {
            if (section.names().contains(name)) {
                return pathOf(section) + name;
            }
        }
        return null;
    }

    /** What stands in front of a section's settings, with its dot; empty for the root. */
    static String pathOf(Section<?> section) {
        if (section == ROOT) {
            return "";
        }
        if (section == RETENTION) {
            return pathOf(EXECUTOR) + RETENTION.name() + ".";
        }
        boolean named = section == EXECUTOR || section == SPLIT_BRAIN;
        return section.name() + (named ? ".<name>." : ".");
    }
}
