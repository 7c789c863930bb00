package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.load.ConfigLoader;
import dev.holdfast.config.load.DefaultFile;
import dev.holdfast.config.load.Effective;
import dev.holdfast.config.load.HazelcastXml;
import dev.holdfast.config.load.Origins;
import dev.holdfast.config.load.Overrides;
import dev.holdfast.config.load.Problems;
import dev.holdfast.config.load.Settings;
import dev.holdfast.config.load.Validator;
import dev.holdfast.config.load.XmlPrinter;
import dev.holdfast.config.load.YamlPrinter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
 * <p>A later one of these wins over an earlier one: defaults, file, environment variables ({@code HOLDFAST_STORAGE_SYNC}),
 * system properties ({@code holdfast.storage.sync}), setters. Variables and properties are read once, when the
 * configuration is made; {@link #settings()} tells where each value is from. Long because every setting has its accessors.
 *
 * <p>Setters answer {@code this} and refuse null at once; values are checked together by {@link #validate()}, which a
 * starting node and every reader of files call. Sizes are in bytes. Not thread-safe: a node takes a {@link #copy()}.
 */
public final class Config {
    /** Name of the executor settings that are used where no other matches. */
    public static final String DEFAULT_NAME = "default";

    /** Namespace of {@code holdfast.xml} for documents that have one. */
    public static final String XML_NAMESPACE = XmlPrinter.NAMESPACE;

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
    private final NamedSections named;

    /** Shared with copies: services may be added while a node that does not start by itself waits. */
    private final ConcurrentMap<String, Object> userContext;

    private @Nullable Consumer<Object> taskInitializer;
    private @Nullable ClassLoader classLoader;
    private List<ImportNote> importNotes = List.of();
    private final Origins origins = new Origins();
    private final Overrides overrides;

    /**
     * An embedded node: the defaults, with what the environment and the system properties of this process say. Mistakes in
     * those are reported by {@link #validate()}.
     */
    public Config() {
        this(Surroundings.ofProcess());
    }

    /**
     * As {@link #Config()}, with other variables and properties than those of the process.
     *
     * @param surroundings where variables and properties are looked up
     */
    public Config(Surroundings surroundings) {
        this(new ConcurrentHashMap<>(), Overrides.of(requireNonNull(surroundings, "surroundings")));
        applyOverrides(new Problems());
    }

    private Config(ConcurrentMap<String, Object> userContext, Overrides overrides) {
        this.userContext = userContext;
        this.overrides = overrides;
        this.named = new NamedSections(overrides, origins);
    }

    private void applyOverrides(Problems problems) {
        overrides.applyTo(this, origins);
        named.applyOverrides(problems);
    }

    /**
     * The configuration in a file, XML or YAML by its extension: {@code .xml}, {@code .yaml}, {@code .yml}. The
     * environment and the system properties of this process win over the file.
     *
     * @param file ends in {@code .xml}, {@code .yaml} or {@code .yml}
     * @return checked
     * @throws ConfigurationException with all mistakes; also when the file can't be read
     */
    public static Config load(Path file) {
        return load(file, Surroundings.ofProcess());
    }

    /**
     * As {@link #load(Path)}, with other variables and properties than those of the process.
     *
     * @param file ends in {@code .xml}, {@code .yaml} or {@code .yml}
     * @param surroundings where variables and properties are looked up
     * @return checked
     * @throws ConfigurationException with all mistakes; also when the file can't be read
     */
    public static Config load(Path file, Surroundings surroundings) {
        requireNonNull(file, "file");
        return read(surroundings, (config, problems) -> ConfigLoader.load(file, config, config.origins, problems));
    }

    /**
     * The configuration in an XML document, at most 1 MiB of UTF-8. Its root is {@code holdfast}, in any namespace or
     * none; document types and entities are refused. The stream is read to its end and stays open. The environment and
     * the system properties of this process win over it.
     *
     * @param in read to its end, stays open
     * @return checked
     * @throws ConfigurationException with all mistakes; also when the stream can't be read
     */
    public static Config fromXml(InputStream in) {
        return fromXml(in, Surroundings.ofProcess());
    }

    /**
     * As {@link #fromXml(InputStream)}, with other variables and properties than those of the process.
     *
     * @param in read to its end, stays open
     * @param surroundings where variables and properties are looked up
     * @return checked
     * @throws ConfigurationException with all mistakes; also when the stream can't be read
     */
    public static Config fromXml(InputStream in, Surroundings surroundings) {
        return fromStream(in, ConfigLoader.Format.XML, surroundings);
    }

    /**
     * The configuration in a YAML document, at most 1 MiB of UTF-8, below the key {@code holdfast}. The stream is read to
     * its end and stays open. The environment and the system properties of this process win over it.
     *
     * @param in read to its end, stays open
     * @return checked
     * @throws ConfigurationException with all mistakes; also when the stream can't be read
     */
    public static Config fromYaml(InputStream in) {
        return fromYaml(in, Surroundings.ofProcess());
    }

    /**
     * As {@link #fromYaml(InputStream)}, with other variables and properties than those of the process.
     *
     * @param in read to its end, stays open
     * @param surroundings where variables and properties are looked up
     * @return checked
     * @throws ConfigurationException with all mistakes; also when the stream can't be read
     */
    public static Config fromYaml(InputStream in, Surroundings surroundings) {
        return fromStream(in, ConfigLoader.Format.YAML, surroundings);
    }

    private static Config fromStream(InputStream in, ConfigLoader.Format format, Surroundings surroundings) {
        requireNonNull(in, "in");
        return read(
                surroundings,
                (config, problems) -> ConfigLoader.read(in, format, format.label(), config, config.origins, problems));
    }

    /**
     * The executors and the split-brain protections in a file in Hazelcast's XML format, {@code <hazelcast>}: its elements
     * {@code durable-executor-service} and {@code split-brain-protection}. Everything else of it is left out. That, and
     * what means something else here, is logged and told by {@link #importNotes()}. The stream is read to its end and
     * stays open. The environment and the system properties of this process win over it.
     *
     * @param in read to its end, stays open
     * @return checked
     * @throws ConfigurationException with all mistakes in those elements; also when the stream can't be read
     */
    public static Config fromHazelcastXml(InputStream in) {
        return fromHazelcastXml(in, Surroundings.ofProcess());
    }

    /**
     * As {@link #fromHazelcastXml(InputStream)}, with other variables and properties than those of the process.
     *
     * @param in read to its end, stays open
     * @param surroundings where variables and properties are looked up
     * @return checked
     * @throws ConfigurationException with all mistakes in those elements; also when the stream can't be read
     */
    public static Config fromHazelcastXml(InputStream in, Surroundings surroundings) {
        requireNonNull(in, "in");
        List<ImportNote> notes = new ArrayList<>();
        Config config =
                read(surroundings, (into, problems) -> HazelcastXml.read(in, into, into.origins, problems, notes));
        config.importNotes = List.copyOf(notes);
        HazelcastXml.log(config);
        return config;
    }

    /**
     * What {@link #fromHazelcastXml} left out of the file, and what it took over that means something else here, in the
     * order of the file. Immutable; empty for every other configuration.
     *
     * @return notes, for people
     */
    public List<ImportNote> importNotes() {
        return importNotes;
    }

    /**
     * What a node starts with when nobody gives it a configuration: {@code holdfast.xml}, {@code holdfast.yaml} or
     * {@code holdfast.yml} in the working directory, else on the class path, else the defaults. The environment and the
     * system properties of this process win over the file.
     *
     * @return checked
     * @throws ConfigurationException with all mistakes; also when two of these files are in the same place
     */
    public static Config loadDefault() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return loadDefault(Path.of(""), context == null ? Config.class.getClassLoader() : context);
    }

    /**
     * As {@link #loadDefault()}, with another directory and class path.
     *
     * @param directory where the files are looked for first
     * @param classPath where they are looked for then
     * @return checked
     * @throws ConfigurationException with all mistakes; also when two of these files are in the same place
     */
    public static Config loadDefault(Path directory, ClassLoader classPath) {
        return loadDefault(directory, classPath, Surroundings.ofProcess());
    }

    /**
     * As {@link #loadDefault()}, with another directory and class path, and with other variables and properties than
     * those of the process.
     *
     * @param directory where the files are looked for first
     * @param classPath where they are looked for then
     * @param surroundings where variables and properties are looked up
     * @return checked
     * @throws ConfigurationException with all mistakes; also when two of these files are in the same place
     */
    public static Config loadDefault(Path directory, ClassLoader classPath, Surroundings surroundings) {
        requireNonNull(directory, "directory");
        requireNonNull(classPath, "classPath");
        return read(
                surroundings,
                (config, problems) -> DefaultFile.load(directory, classPath, config, config.origins, problems));
    }

    /** Fills a configuration from a file; answers whether all of the file could be read. */
    private interface Reader {
        boolean read(Config config, Problems problems);
    }

    private static Config read(Surroundings surroundings, Reader reader) {
        Config config =
                new Config(new ConcurrentHashMap<>(), Overrides.of(requireNonNull(surroundings, "surroundings")));
        Problems problems = new Problems();
        boolean whole = reader.read(config, problems);
        // a wrong value is a mistake in the file even where it does not count
        Validator.checkValues(config, config.origins, problems);
        config.named.forgetSetters();
        config.applyOverrides(problems);
        problems.addAll(config.overrides.problems());
        if (whole) {
            config.checkRelations(problems);
        }
        problems.throwIfAny();
        return config;
    }

    /**
     * Every setting with its present value, defaults too, as {@link #fromYaml} reads it, and what the environment and the
     * system properties say. No classes, no user context.
     *
     * @return a document for {@link #fromYaml}
     */
    public String toYaml() {
        return YamlPrinter.print(effective(new Problems()));
    }

    /**
     * As {@link #toYaml()}, in XML as {@link #fromXml} reads it, valid by the {@linkplain #xmlSchema() schema}.
     *
     * @return a document for {@link #fromXml}
     * @throws IllegalStateException if a text has a character that XML has no way to write
     */
    public String toXml() {
        return XmlPrinter.print(effective(new Problems()));
    }

    /**
     * The XML schema of {@code holdfast.xml}, for editors: {@code holdfast-config.xsd} beside this class in the jar. Its
     * namespace is {@value #XML_NAMESPACE}; documents without a namespace are read all the same.
     *
     * @return the text of the schema
     */
    public static String xmlSchema() {
        try (InputStream in = Config.class.getResourceAsStream(XmlPrinter.SCHEMA_FILE)) {
            if (in == null) {
                throw new IllegalStateException("The jar is not whole: missing=" + XmlPrinter.SCHEMA_FILE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The jar can't be read: resource=" + XmlPrinter.SCHEMA_FILE, e);
        }
    }

    /**
     * Every setting with the value that counts, where that is from, and what it won over: as in a file, executors also
     * where only a variable or a property names them, and {@value #DEFAULT_NAME} always. Immutable.
     *
     * @return in the order of the documentation
     * @throws ConfigurationException if two patterns match an executor's name equally well
     */
    public List<EffectiveSetting> settings() {
        Problems problems = new Problems();
        Config effective = effective(problems);
        problems.throwIfAny();
        effective.named.executor(DEFAULT_NAME);
        return Effective.of(effective, effective.origins);
    }

    /** A copy in which every executor that anything is said about has its values. */
    private Config effective(Problems problems) {
        Config effective = copy(problems);
        effective.named.addExecutorsOfOverrides(problems);
        return effective;
    }

    /**
     * A deep copy that later changes of this one do not reach. Only the {@linkplain #getUserContext() user context} is
     * the same map, and the task initialiser and class loader are the same objects.
     *
     * @return equal to this one, and apart from it
     */
    public Config copy() {
        return copy(new Problems());
    }

    private Config copy(Problems problems) {
        Config copy = new Config(userContext, overrides);
        Settings.ROOT.copy(this, copy);
        copy.taskInitializer = taskInitializer;
        copy.classLoader = classLoader;
        copy.importNotes = importNotes;
        copy.origins.copy(origins);
        copy.named.takeSettersOf(named);
        copy.named.applyOverrides(problems);
        return copy;
    }

    /**
     * Checks every value and the relations between them, with what the environment and the system properties say.
     *
     * @return this
     * @throws ConfigurationException with all mistakes
     */
    public Config validate() {
        Problems problems = new Problems();
        problems.addAll(overrides.problems());
        Validator.checkValues(this, origins, problems);
        checkRelations(problems);
        problems.throwIfAny();
        return this;
    }

    private void checkRelations(Problems problems) {
        Config effective = effective(problems);
        Validator.checkRelations(effective, effective.origins, problems);
    }

    /** {@return name of the cluster; members and clients of another one are refused} Default {@code dev}. */
    public String getClusterName() {
        return clusterName;
    }

    /**
     * Sets what {@link #getClusterName()} answers.
     *
     * @param clusterName as {@link #getClusterName()} answers it
     * @return this
     */
    public Config setClusterName(String clusterName) {
        this.clusterName = requireNonNull(clusterName, "clusterName");
        return this;
    }

    /** {@return name of this node, unique in its cluster} Default {@code node-1}. */
    public String getNodeName() {
        return nodeName;
    }

    /**
     * Sets what {@link #getNodeName()} answers.
     *
     * @param nodeName as {@link #getNodeName()} answers it
     * @return this
     */
    public Config setNodeName(String nodeName) {
        this.nodeName = requireNonNull(nodeName, "nodeName");
        return this;
    }

    /** {@return partitions; fixed when the data directory or the cluster is made} Default 16. */
    public int getPartitionCount() {
        return partitionCount;
    }

    /**
     * Sets what {@link #getPartitionCount()} answers.
     *
     * @param partitionCount as {@link #getPartitionCount()} answers it
     * @return this
     */
    public Config setPartitionCount(int partitionCount) {
        this.partitionCount = partitionCount;
        return this;
    }

    /** {@return whether tasks are executed as soon as the node is up; otherwise they wait for its {@code start()}} Default true. */
    public boolean isAutoStart() {
        return autoStart;
    }

    /**
     * Sets what {@link #isAutoStart()} answers.
     *
     * @param autoStart as {@link #isAutoStart()} answers it
     * @return this
     */
    public Config setAutoStart(boolean autoStart) {
        this.autoStart = autoStart;
        return this;
    }

    /** {@return time that {@code close()} gives running tasks before it interrupts them; they run again later} Default 20 s. */
    public Duration getShutdownGrace() {
        return shutdownGrace;
    }

    /**
     * Sets what {@link #getShutdownGrace()} answers.
     *
     * @param shutdownGrace as {@link #getShutdownGrace()} answers it
     * @return this
     */
    public Config setShutdownGrace(Duration shutdownGrace) {
        this.shutdownGrace = requireNonNull(shutdownGrace, "shutdownGrace");
        return this;
    }

    /** {@return time after which a submission that is not known to be stored fails as indeterminate} Default 30 s. */
    public Duration getSubmitTimeout() {
        return submitTimeout;
    }

    /**
     * Sets what {@link #getSubmitTimeout()} answers.
     *
     * @param submitTimeout as {@link #getSubmitTimeout()} answers it
     * @return this
     */
    public Config setSubmitTimeout(Duration submitTimeout) {
        this.submitTimeout = requireNonNull(submitTimeout, "submitTimeout");
        return this;
    }

    /** {@return largest serialised task or result, in bytes} Default 16 MiB. */
    public long getMaxPayload() {
        return maxPayload;
    }

    /**
     * Sets what {@link #getMaxPayload()} answers.
     *
     * @param maxPayload as {@link #getMaxPayload()} answers it
     * @return this
     */
    public Config setMaxPayload(long maxPayload) {
        this.maxPayload = maxPayload;
        return this;
    }

    /** {@return retrievals of unfinished tasks that may wait on this node} Default 100,000. */
    public int getMaxWaiters() {
        return maxWaiters;
    }

    /**
     * Sets what {@link #getMaxWaiters()} answers.
     *
     * @param maxWaiters as {@link #getMaxWaiters()} answers it
     * @return this
     */
    public Config setMaxWaiters(int maxWaiters) {
        this.maxWaiters = maxWaiters;
        return this;
    }

    /** {@return threads, called {@code holdfast-callback}, that run the callbacks of futures} Default 4. */
    public int getCallbackPoolSize() {
        return callbackPoolSize;
    }

    /**
     * Sets what {@link #getCallbackPoolSize()} answers.
     *
     * @param callbackPoolSize as {@link #getCallbackPoolSize()} answers it
     * @return this
     */
    public Config setCallbackPoolSize(int callbackPoolSize) {
        this.callbackPoolSize = callbackPoolSize;
        return this;
    }

    /** {@return where and how tasks and results are stored; mutable in place} */
    public StorageConfig getStorageConfig() {
        return storage;
    }

    /** {@return the port; mutable in place} Disabled by default. */
    public NetworkConfig getNetworkConfig() {
        return network;
    }

    /** {@return copies and their repair; mutable in place} */
    public ReplicationConfig getReplicationConfig() {
        return replication;
    }

    /** {@return the consensus group; mutable in place} */
    public ControlPlaneConfig getControlPlaneConfig() {
        return controlPlane;
    }

    /** {@return what may be deserialised; mutable in place} */
    public SerializationConfig getSerializationConfig() {
        return serialization;
    }

    /**
     * The settings of exactly this name, mutable in place; setters win over everything else. When there are none they are
     * added, with the values that {@link #findDurableExecutorConfig} gives at that moment.
     *
     * @param name as it is given to {@code getDurableExecutorService}
     * @return of exactly this name
     * @throws ConfigurationException if two patterns match the name equally well
     */
    public DurableExecutorConfig getDurableExecutorConfig(String name) {
        return named.executor(requireNonNull(name, "name"));
    }

    /**
     * The settings that an executor of this name has: those of exactly this name, else of the most specific pattern that
     * matches (the one with the most characters besides {@code *}), else of {@code default}, else the built-in ones. What
     * the environment and the system properties say about this name, or about a pattern that matches it, wins over those
     * that no setter was called for.
     *
     * @param name as it is given to {@code getDurableExecutorService}
     * @return a copy under the name that was asked for
     * @throws ConfigurationException if two patterns match the name equally well
     */
    public DurableExecutorConfig findDurableExecutorConfig(String name) {
        return named.find(requireNonNull(name, "name"));
    }

    /**
     * Adds these settings; they replace those of the same name. The object itself is used, and never changed: what the
     * environment and the system properties say is in what {@link #findDurableExecutorConfig} answers.
     *
     * @param executor named by an executor, or by a pattern of names
     * @return this
     */
    public Config addDurableExecutorConfig(DurableExecutorConfig executor) {
        named.add(executor);
        return this;
    }

    /** {@return the settings that were added or made on demand, by name or pattern, in that order; an immutable snapshot} */
    public Map<String, DurableExecutorConfig> getDurableExecutorConfigs() {
        return named.executors();
    }

    /**
     * The protection of this name, mutable in place; added with the defaults when there is none.
     *
     * @param name what executors refer to it by
     * @return of exactly this name
     */
    public SplitBrainProtectionConfig getSplitBrainProtectionConfig(String name) {
        return named.protection(requireNonNull(name, "name"));
    }

    /**
     * The protection of this name, if there is one; nothing is added.
     *
     * @param name what executors refer to it by
     * @return empty if there is none
     */
    public Optional<SplitBrainProtectionConfig> findSplitBrainProtectionConfig(String name) {
        return Optional.ofNullable(named.protections().get(requireNonNull(name, "name")));
    }

    /**
     * Adds a protection; it replaces the one of the same name. What the environment and the system properties say about
     * it is in the copy that a node takes.
     *
     * @param protection executors refer to it by its name
     * @return this
     */
    public Config addSplitBrainProtectionConfig(SplitBrainProtectionConfig protection) {
        named.add(protection);
        return this;
    }

    /** {@return the protections by name; an immutable snapshot} */
    public Map<String, SplitBrainProtectionConfig> getSplitBrainProtectionConfigs() {
        return named.protections();
    }

    /** {@return the application's services, for tasks that run here; never stored} The same map in every {@link #copy()}. */
    public ConcurrentMap<String, Object> getUserContext() {
        return userContext;
    }

    /** {@return called with every task after it was deserialised and before it runs, on the thread that runs it; or null} */
    public @Nullable Consumer<Object> getTaskInitializer() {
        return taskInitializer;
    }

    /**
     * Sets what {@link #getTaskInitializer()} answers.
     *
     * @param taskInitializer as {@link #getTaskInitializer()} answers it
     * @return this
     */
    public Config setTaskInitializer(@Nullable Consumer<Object> taskInitializer) {
        this.taskInitializer = taskInitializer;
        return this;
    }

    /** {@return loads the classes of tasks and results; null for the context class loader of the thread that makes the node} */
    public @Nullable ClassLoader getClassLoader() {
        return classLoader;
    }

    /**
     * Sets what {@link #getClassLoader()} answers.
     *
     * @param classLoader as {@link #getClassLoader()} answers it
     * @return this
     */
    public Config setClassLoader(@Nullable ClassLoader classLoader) {
        this.classLoader = classLoader;
        return this;
    }

    /** {@return the settings; never what is in the user context} */
    @Override
    public String toString() {
        return Settings.ROOT.describe(this);
    }
}
