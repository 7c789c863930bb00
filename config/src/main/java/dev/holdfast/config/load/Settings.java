package dev.holdfast.config.load;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.config.SerializationConfig;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.SplitBrainProtectionOn;
import dev.holdfast.config.StorageConfig;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.config.WhenFull;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of all settings. The readers, the validation, {@code toYaml}, {@code copy} and {@code toString} know settings
 * from here only; defaults are those of a new configuration object.
 */
public final class Settings {
    /** The element, or key, that holds everything. */
    public static final String ROOT_NAME = "holdfast";

    /** How many results are kept. */
    public static final Section<ResultRetentionConfig> RETENTION = Section.<ResultRetentionConfig>named(
                    "result-retention", "How long results stay that nobody disposes of, per executor and partition.")
            .key(
                    "max-results",
                    ValueTypes.count("results"),
                    Allowed.ints(1, 100_000_000),
                    ResultRetentionConfig::getMaxResults,
                    ResultRetentionConfig::setMaxResults,
                    "Results kept per executor and partition.")
            .key(
                    "max-bytes",
                    Sizes.TYPE,
                    Allowed.sizes(1, 16 * Allowed.TIB),
                    ResultRetentionConfig::getMaxBytes,
                    ResultRetentionConfig::setMaxBytes,
                    "Bytes of results kept per executor and partition.")
            .optional(
                    "ttl",
                    Durations.TYPE,
                    Allowed.times(Duration.ofMillis(1), Duration.ofDays(36_500)),
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
                    Allowed.ints(1, 10_000),
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
                    Allowed.ints(0, 6),
                    DurableExecutorConfig::getDurability,
                    DurableExecutorConfig::setDurability,
                    "Backups of every task and result: durability + 1 copies in a healthy cluster. A node alone has one copy.")
            .key(
                    "capacity",
                    ValueTypes.count("tasks"),
                    Allowed.ints(1, 10_000_000),
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
                    Allowed.ints(1, 1_000),
                    DurableExecutorConfig::getMaxCrashes,
                    DurableExecutorConfig::setMaxCrashes,
                    "Counted crashes of the process during a task after which it is quarantined.")
            .key(
                    "max-held",
                    ValueTypes.count("tasks"),
                    Allowed.ints(0, 10_000_000),
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
                    Allowed.ints(1, Allowed.MOST_MEMBERS),
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
                    Allowed.times(Duration.ofMillis(1), Duration.ofMinutes(1)),
                    StorageConfig::getSyncInterval,
                    StorageConfig::setSyncInterval,
                    "Time between two forces with sync: interval.")
            .key(
                    "segment-size",
                    Sizes.TYPE,
                    Allowed.sizes(256 * Allowed.KIB, Allowed.GIB),
                    StorageConfig::getSegmentSize,
                    StorageConfig::setSegmentSize,
                    "Size of one segment of a partition's log; at least three times max-payload.")
            .key(
                    "inline-limit",
                    Sizes.TYPE,
                    Allowed.sizes(0, Allowed.MIB),
                    StorageConfig::getInlineLimit,
                    StorageConfig::setInlineLimit,
                    "Largest payload that is kept in memory; larger ones are read from the log. At most max-payload.")
            .key(
                    "low-space-watermark",
                    Sizes.TYPE,
                    Allowed.sizes(0, 16 * Allowed.TIB),
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
                    Allowed.ints(16, 1 << 20),
                    StorageConfig::getInboxCapacity,
                    StorageConfig::setInboxCapacity,
                    "Commands that may wait for one partition; beyond it submissions are rejected.")
            .key(
                    "max-batch",
                    ValueTypes.count("commands"),
                    Allowed.ints(1, 1 << 16),
                    StorageConfig::getMaxBatch,
                    StorageConfig::setMaxBatch,
                    "Commands that one partition stores and forces together; at most inbox-capacity.")
            .key(
                    "tombstones",
                    ValueTypes.count("task ids"),
                    Allowed.ints(0, 10_000_000),
                    StorageConfig::getTombstones,
                    StorageConfig::setTombstones,
                    "Removed task ids remembered per executor and partition.")
            .key(
                    "idempotency-keys",
                    ValueTypes.count("keys"),
                    Allowed.ints(1, 10_000_000),
                    StorageConfig::getIdempotencyKeys,
                    StorageConfig::setIdempotencyKeys,
                    "Idempotency keys remembered per executor and partition.")
            .key(
                    "idempotency-ttl",
                    Durations.TYPE,
                    Allowed.times(Duration.ofSeconds(1), Duration.ofDays(3_650)),
                    StorageConfig::getIdempotencyTtl,
                    StorageConfig::setIdempotencyTtl,
                    "Time an idempotency key is remembered.")
            .build();

    /** What may be deserialised. */
    public static final Section<SerializationConfig> SERIALIZATION = Section.<SerializationConfig>named(
                    "serialization", "What may be deserialised, and how much of it.")
            .key(
                    "allow",
                    new ListOf("class", "patterns of class names"),
                    new Limit.Each(Allowed.CLASS_PATTERN, 0, Allowed.MOST_PATTERNS),
                    SerializationConfig::getAllowedClasses,
                    SerializationConfig::setAllowedClasses,
                    "Patterns of class names that may be deserialised. With a port open nothing else is.")
            .key(
                    "max-depth",
                    ValueTypes.count("levels"),
                    Allowed.ints(1, 100_000),
                    SerializationConfig::getMaxDepth,
                    SerializationConfig::setMaxDepth,
                    "Depth of an object graph.")
            .key(
                    "max-references",
                    ValueTypes.longCount("references"),
                    Allowed.longs(1, 1_000_000_000),
                    SerializationConfig::getMaxReferences,
                    SerializationConfig::setMaxReferences,
                    "References in one object graph.")
            .key(
                    "max-array-length",
                    ValueTypes.longCount("elements"),
                    Allowed.longs(1, Integer.MAX_VALUE),
                    SerializationConfig::getMaxArrayLength,
                    SerializationConfig::setMaxArrayLength,
                    "Elements of one array.")
            .key(
                    "max-bytes",
                    Sizes.TYPE,
                    Allowed.sizes(Allowed.KIB, Allowed.GIB),
                    SerializationConfig::getMaxBytes,
                    SerializationConfig::setMaxBytes,
                    "Bytes of one stream; at least max-payload.")
            .build();

    /** Everything. */
    public static final Section<Config> ROOT = Section.<Config>named(ROOT_NAME, "A node.")
            .key(
                    "cluster-name",
                    ValueTypes.TEXT,
                    Allowed.NODE_NAME,
                    Config::getClusterName,
                    Config::setClusterName,
                    "Name of the cluster; members and clients of another one are refused.")
            .key(
                    "node-name",
                    ValueTypes.TEXT,
                    Allowed.NODE_NAME,
                    Config::getNodeName,
                    Config::setNodeName,
                    "Name of this node, unique in its cluster.")
            .key(
                    "partition-count",
                    ValueTypes.count("partitions"),
                    Allowed.ints(1, 1_024),
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
                    Allowed.times(Duration.ZERO, Duration.ofDays(1)),
                    Config::getShutdownGrace,
                    Config::setShutdownGrace,
                    "Time that close() gives running tasks before it interrupts them.")
            .key(
                    "submit-timeout",
                    Durations.TYPE,
                    Allowed.times(Duration.ofMillis(1), Duration.ofHours(1)),
                    Config::getSubmitTimeout,
                    Config::setSubmitTimeout,
                    "Time after which a submission that is not known to be stored fails as indeterminate.")
            .key(
                    "max-payload",
                    Sizes.TYPE,
                    Allowed.sizes(Allowed.KIB, 256 * Allowed.MIB),
                    Config::getMaxPayload,
                    Config::setMaxPayload,
                    "Largest serialised task or result.")
            .key(
                    "max-waiters",
                    ValueTypes.count("retrievals"),
                    Allowed.ints(1, 10_000_000),
                    Config::getMaxWaiters,
                    Config::setMaxWaiters,
                    "Retrievals of unfinished tasks that may wait on this node.")
            .key(
                    "callback-pool-size",
                    ValueTypes.count("threads"),
                    Allowed.ints(1, 1_024),
                    Config::getCallbackPoolSize,
                    Config::setCallbackPoolSize,
                    "Threads that run the callbacks of futures.")
            .part(STORAGE, Config::getStorageConfig)
            .part(ClusterSettings.NETWORK, Config::getNetworkConfig)
            .part(ClusterSettings.REPLICATION, Config::getReplicationConfig)
            .part(ClusterSettings.CONTROL_PLANE, Config::getControlPlaneConfig)
            .part(SERIALIZATION, Config::getSerializationConfig)
            .namedPart(SPLIT_BRAIN, Config::getSplitBrainProtectionConfigs, Config::getSplitBrainProtectionConfig)
            .namedPart(EXECUTOR, Config::getDurableExecutorConfigs, Settings::freshExecutor)
            .build();

    /** A client; it has no file of its own. */
    public static final Section<ClientConfig> CLIENT = Section.<ClientConfig>named("client", "A client of a cluster.")
            .key(
                    "cluster-name",
                    ValueTypes.TEXT,
                    Allowed.NODE_NAME,
                    ClientConfig::getClusterName,
                    ClientConfig::setClusterName,
                    "Name of the cluster to connect to.")
            .key(
                    "members",
                    new ListOf("member", "host:port"),
                    new Limit.Each(Allowed.ENDPOINT, 1, Allowed.MOST_MEMBERS),
                    ClientConfig::getMembers,
                    ClientConfig::setMembers,
                    "Members to ask first.")
            .key(
                    "request-timeout",
                    Durations.TYPE,
                    Allowed.times(Duration.ofMillis(1), Duration.ofDays(1)),
                    ClientConfig::getRequestTimeout,
                    ClientConfig::setRequestTimeout,
                    "Time after which a request without an answer fails as indeterminate.")
            .key(
                    "max-outstanding",
                    ValueTypes.count("requests"),
                    Allowed.ints(1, 1 << 20),
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
                    Allowed.FILE,
                    ClientConfig::getTlsCertificates,
                    ClientConfig::setTlsCertificates,
                    client -> client.setTlsCertificates(null),
                    "PEM file with this client's certificate, then those that vouch for it; with all three, everything is TLS 1.3.")
            .optional(
                    "tls-key",
                    ValueTypes.PATH,
                    Allowed.FILE,
                    ClientConfig::getTlsKey,
                    ClientConfig::setTlsKey,
                    client -> client.setTlsKey(null),
                    "PEM file with its key, PKCS #8 without a password.")
            .optional(
                    "tls-trusted",
                    ValueTypes.PATH,
                    Allowed.FILE,
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

    /** Every section of a file. */
    static List<Section<?>> all() {
        return List.of(
                ROOT,
                STORAGE,
                ClusterSettings.NETWORK,
                ClusterSettings.REPLICATION,
                ClusterSettings.CONTROL_PLANE,
                SERIALIZATION,
                SPLIT_BRAIN,
                EXECUTOR,
                RETENTION);
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
