package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.load.ConfigLoader;
import dev.holdfast.config.load.DefaultFile;
import dev.holdfast.config.load.Origins;
import dev.holdfast.config.load.Problems;
import dev.holdfast.config.load.Settings;
import dev.holdfast.config.load.Validator;
import dev.holdfast.config.load.YamlPrinter;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a node. A new one describes an embedded node: no open port, data in {@code ./holdfast-data}.
 *
 * <p>Setters answer {@code this} and refuse null at once; values are checked together by {@link #validate()}, which a
 * starting node and every reader of files call. Sizes are in bytes. Not thread-safe: a node takes a {@link #copy()}.
 */
public final class Config {
    /** Name of the executor settings that are used where no other matches. */
    public static final String DEFAULT_NAME = "default";

    private String clusterName = "dev";
    private String nodeName = "node-1";
    private int partitionCount = 16;
    private boolean autoStart = true;
    private Duration shutdownGrace = Duration.ofSeconds(20);
    private Duration submitTimeout = Duration.ofSeconds(30);
    private long maxPayload = 16L * 1024 * 1024;
    private int maxWaiters = 100_000;
    private int callbackPoolSize = 4;

    private final StorageConfig storage = new StorageConfig();
    private final NetworkConfig network = new NetworkConfig();
    private final ReplicationConfig replication = new ReplicationConfig();
    private final ControlPlaneConfig controlPlane = new ControlPlaneConfig();
    private final SerializationConfig serialization = new SerializationConfig();
    private final Map<String, SplitBrainProtectionConfig> splitBrainProtections = new LinkedHashMap<>();
    private final Map<String, DurableExecutorConfig> durableExecutors = new LinkedHashMap<>();

    /** Shared with copies: services may be added while a node that does not start by itself waits. */
    private final ConcurrentMap<String, Object> userContext;

    private @Nullable Consumer<Object> taskInitializer;
    private @Nullable ClassLoader classLoader;
    private final Origins origins = new Origins();

    /** An embedded node with the defaults. */
    public Config() {
        this(new ConcurrentHashMap<>());
    }

    private Config(ConcurrentMap<String, Object> userContext) {
        this.userContext = userContext;
    }

    /**
     * The configuration in a file, XML or YAML by its extension: {@code .xml}, {@code .yaml}, {@code .yml}.
     *
     * @throws ConfigurationException with all mistakes; also when the file can't be read
     */
    public static Config load(Path file) {
        Config config = new Config();
        ConfigLoader.load(requireNonNull(file, "file"), config, config.origins);
        return config;
    }

    /**
     * The configuration in an XML document, at most 1 MiB of UTF-8. Its root is {@code holdfast}, in any namespace or
     * none; document types and entities are refused. The stream is read to its end and stays open.
     *
     * @throws ConfigurationException with all mistakes; also when the stream can't be read
     */
    public static Config fromXml(InputStream in) {
        Config config = new Config();
        ConfigLoader.read(requireNonNull(in, "in"), ConfigLoader.Format.XML, "xml", config, config.origins);
        return config;
    }

    /**
     * The configuration in a YAML document, at most 1 MiB of UTF-8, below the key {@code holdfast}. The stream is read to
     * its end and stays open.
     *
     * @throws ConfigurationException with all mistakes; also when the stream can't be read
     */
    public static Config fromYaml(InputStream in) {
        Config config = new Config();
        ConfigLoader.read(requireNonNull(in, "in"), ConfigLoader.Format.YAML, "yaml", config, config.origins);
        return config;
    }

    /**
     * What a node starts with when nobody gives it a configuration: {@code holdfast.xml}, {@code holdfast.yaml} or
     * {@code holdfast.yml} in the working directory, else on the class path, else the defaults.
     *
     * @throws ConfigurationException with all mistakes; also when two of these files are in the same place
     */
    public static Config loadDefault() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return loadDefault(Path.of(""), context == null ? Config.class.getClassLoader() : context);
    }

    /**
     * As {@link #loadDefault()}, with another directory and class path.
     *
     * @throws ConfigurationException with all mistakes; also when two of these files are in the same place
     */
    public static Config loadDefault(Path directory, ClassLoader classPath) {
        Config config = new Config();
        DefaultFile.load(
                requireNonNull(directory, "directory"), requireNonNull(classPath, "classPath"), config, config.origins);
        return config;
    }

    /** Every setting with its present value, defaults too, as {@link #fromYaml} reads it. No classes, no user context. */
    public String toYaml() {
        return YamlPrinter.print(this);
    }

    /**
     * A deep copy that later changes of this one do not reach. Only the {@linkplain #getUserContext() user context} is
     * the same map, and the task initialiser and class loader are the same objects.
     */
    public Config copy() {
        Config copy = new Config(userContext);
        Settings.ROOT.copy(this, copy);
        copy.taskInitializer = taskInitializer;
        copy.classLoader = classLoader;
        copy.origins.copy(origins);
        return copy;
    }

    /**
     * Checks every value and the relations between them.
     *
     * @throws ConfigurationException with all mistakes
     */
    public Config validate() {
        Problems problems = new Problems();
        Validator.check(this, origins, problems);
        problems.throwIfAny();
        return this;
    }

    /** Name of the cluster; members and clients of another one are refused. Default {@code dev}. */
    public String getClusterName() {
        return clusterName;
    }

    /** Sets what {@link #getClusterName()} answers. */
    public Config setClusterName(String clusterName) {
        this.clusterName = requireNonNull(clusterName, "clusterName");
        return this;
    }

    /** Name of this node, unique in its cluster. Default {@code node-1}. */
    public String getNodeName() {
        return nodeName;
    }

    /** Sets what {@link #getNodeName()} answers. */
    public Config setNodeName(String nodeName) {
        this.nodeName = requireNonNull(nodeName, "nodeName");
        return this;
    }

    /** Partitions; fixed when the data directory or the cluster is made. Default 16. */
    public int getPartitionCount() {
        return partitionCount;
    }

    /** Sets what {@link #getPartitionCount()} answers. */
    public Config setPartitionCount(int partitionCount) {
        this.partitionCount = partitionCount;
        return this;
    }

    /** Whether tasks are executed as soon as the node is up; otherwise they wait for its {@code start()}. Default true. */
    public boolean isAutoStart() {
        return autoStart;
    }

    /** Sets what {@link #isAutoStart()} answers. */
    public Config setAutoStart(boolean autoStart) {
        this.autoStart = autoStart;
        return this;
    }

    /** Time that {@code close()} gives running tasks before it interrupts them; they run again later. Default 20 s. */
    public Duration getShutdownGrace() {
        return shutdownGrace;
    }

    /** Sets what {@link #getShutdownGrace()} answers. */
    public Config setShutdownGrace(Duration shutdownGrace) {
        this.shutdownGrace = requireNonNull(shutdownGrace, "shutdownGrace");
        return this;
    }

    /** Time after which a submission that is not known to be stored fails as indeterminate. Default 30 s. */
    public Duration getSubmitTimeout() {
        return submitTimeout;
    }

    /** Sets what {@link #getSubmitTimeout()} answers. */
    public Config setSubmitTimeout(Duration submitTimeout) {
        this.submitTimeout = requireNonNull(submitTimeout, "submitTimeout");
        return this;
    }

    /** Largest serialised task or result, in bytes. Default 16 MiB. */
    public long getMaxPayload() {
        return maxPayload;
    }

    /** Sets what {@link #getMaxPayload()} answers. */
    public Config setMaxPayload(long maxPayload) {
        this.maxPayload = maxPayload;
        return this;
    }

    /** Retrievals of unfinished tasks that may wait on this node. Default 100,000. */
    public int getMaxWaiters() {
        return maxWaiters;
    }

    /** Sets what {@link #getMaxWaiters()} answers. */
    public Config setMaxWaiters(int maxWaiters) {
        this.maxWaiters = maxWaiters;
        return this;
    }

    /** Threads, called {@code holdfast-callback}, that run the callbacks of futures. Default 4. */
    public int getCallbackPoolSize() {
        return callbackPoolSize;
    }

    /** Sets what {@link #getCallbackPoolSize()} answers. */
    public Config setCallbackPoolSize(int callbackPoolSize) {
        this.callbackPoolSize = callbackPoolSize;
        return this;
    }

    /** Where and how tasks and results are stored; mutable in place. */
    public StorageConfig getStorageConfig() {
        return storage;
    }

    /** The port; mutable in place. Disabled by default. */
    public NetworkConfig getNetworkConfig() {
        return network;
    }

    /** Copies and their repair; mutable in place. */
    public ReplicationConfig getReplicationConfig() {
        return replication;
    }

    /** The consensus group; mutable in place. */
    public ControlPlaneConfig getControlPlaneConfig() {
        return controlPlane;
    }

    /** What may be deserialised; mutable in place. */
    public SerializationConfig getSerializationConfig() {
        return serialization;
    }

    /**
     * The settings of exactly this name, mutable in place. When there are none they are added, with the values that
     * {@link #findDurableExecutorConfig} gives at that moment.
     *
     * @throws ConfigurationException if two patterns match the name equally well
     */
    public DurableExecutorConfig getDurableExecutorConfig(String name) {
        DurableExecutorConfig exact = durableExecutors.get(requireNonNull(name, "name"));
        if (exact == null) {
            exact = findDurableExecutorConfig(name);
            durableExecutors.put(name, exact);
        }
        return exact;
    }

    /**
     * The settings that an executor of this name has: those of exactly this name, else of the most specific pattern that
     * matches (the one with the most characters besides {@code *}), else of {@code default}, else the built-in ones.
     *
     * @return a copy under the name that was asked for
     * @throws ConfigurationException if two patterns match the name equally well
     */
    public DurableExecutorConfig findDurableExecutorConfig(String name) {
        DurableExecutorConfig exact = durableExecutors.get(requireNonNull(name, "name"));
        if (exact != null) {
            return exact.copyAs(name);
        }
        List<String> best =
                NamePatterns.isPattern(name) ? List.of() : NamePatterns.mostSpecific(durableExecutors.keySet(), name);
        if (best.size() > 1) {
            throw tie(name, best);
        }
        DurableExecutorConfig found = durableExecutors.get(best.isEmpty() ? DEFAULT_NAME : best.get(0));
        return found == null ? new DurableExecutorConfig(name) : found.copyAs(name);
    }

    private ConfigurationException tie(String name, List<String> patterns) {
        String setting = Settings.EXECUTOR.name() + "." + patterns.get(0);
        return new ConfigurationException(List.of(new Problem(
                origins.whereOf(setting),
                Settings.EXECUTOR.name(),
                name,
                "the patterns " + String.join(" and ", patterns) + " match this name equally well",
                "one most specific pattern, or an entry with exactly this name",
                null)));
    }

    /** Adds these settings; they replace those of the same name. */
    public Config addDurableExecutorConfig(DurableExecutorConfig executor) {
        durableExecutors.put(executor.getName(), executor);
        return this;
    }

    /** The settings that were added or made on demand, by name or pattern, in that order; an immutable snapshot. */
    public Map<String, DurableExecutorConfig> getDurableExecutorConfigs() {
        return snapshot(durableExecutors);
    }

    /** The protection of this name, mutable in place; added with the defaults when there is none. */
    public SplitBrainProtectionConfig getSplitBrainProtectionConfig(String name) {
        return splitBrainProtections.computeIfAbsent(requireNonNull(name, "name"), SplitBrainProtectionConfig::new);
    }

    /** The protection of this name, if there is one; nothing is added. */
    public Optional<SplitBrainProtectionConfig> findSplitBrainProtectionConfig(String name) {
        return Optional.ofNullable(splitBrainProtections.get(requireNonNull(name, "name")));
    }

    /** Adds a protection; it replaces the one of the same name. */
    public Config addSplitBrainProtectionConfig(SplitBrainProtectionConfig protection) {
        splitBrainProtections.put(protection.getName(), protection);
        return this;
    }

    /** The protections by name; an immutable snapshot. */
    public Map<String, SplitBrainProtectionConfig> getSplitBrainProtectionConfigs() {
        return snapshot(splitBrainProtections);
    }

    private static <T> Map<String, T> snapshot(Map<String, T> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** The application's services, for tasks that run here; never stored. The same map in every {@link #copy()}. */
    public ConcurrentMap<String, Object> getUserContext() {
        return userContext;
    }

    /** Called with every task after it was deserialised and before it runs, on the thread that runs it; or null. */
    public @Nullable Consumer<Object> getTaskInitializer() {
        return taskInitializer;
    }

    /** Sets what {@link #getTaskInitializer()} answers. */
    public Config setTaskInitializer(@Nullable Consumer<Object> taskInitializer) {
        this.taskInitializer = taskInitializer;
        return this;
    }

    /** Loads the classes of tasks and results; null for the context class loader of the thread that makes the node. */
    public @Nullable ClassLoader getClassLoader() {
        return classLoader;
    }

    /** Sets what {@link #getClassLoader()} answers. */
    public Config setClassLoader(@Nullable ClassLoader classLoader) {
        this.classLoader = classLoader;
        return this;
    }

    /** The settings; never what is in the user context. */
    @Override
    public String toString() {
        return Settings.ROOT.describe(this);
    }
}
