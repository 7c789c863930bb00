package dev.holdfast.testkit;

import dev.holdfast.config.Config;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.assembly.ClusterTiming;
import dev.holdfast.replication.transport.PeerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What cluster to start; made by {@link HoldfastCluster#of}. Of one thread.
 *
 * <p>A class that is not on an allow-list of the configuration is allowed only if that list is empty: then all are.
 */
public final class ClusterBuilder {

    static final String CLUSTER_NAME = "test";
    private static final Duration QUICK_REPLACE_AFTER = Duration.ofSeconds(5);

    private final int nodes;
    private BiConsumer<Integer, Config> each = (number, config) -> {};
    private int partitions = 8;
    private boolean witness;
    private boolean inProcesses;
    private @Nullable Path directory;
    private ClusterTiming timing = ClusterTiming.QUICK;

    ClusterBuilder(int nodes) {
        this.nodes = nodes;
    }

    /**
     * Changes the configuration of each member.
     *
     * @param change called for each start of a member; after those that were added before
     * @return this
     */
    public ClusterBuilder config(Consumer<Config> change) {
        return config((number, config) -> change.accept(config));
    }

    /**
     * Changes the configuration of each member.
     *
     * @param change called with the member's number for each start of it; after those that were added before. Name, directory,
     *     port and members of the list are not to be changed
     * @return this
     */
    public ClusterBuilder config(BiConsumer<Integer, Config> change) {
        each = each.andThen(change);
        return this;
    }

    /**
     * How many copies executors without a setting of their own have beside the first.
     *
     * @param copies 0 to 6; 1 if this is not called
     * @return this
     */
    public ClusterBuilder durability(int copies) {
        return config(
                config -> config.getDurableExecutorConfig(Config.DEFAULT_NAME).setDurability(copies));
    }

    /**
     * When data is forced to the disk.
     *
     * @param policy {@link SyncPolicy#OS} if this is not called
     * @return this
     */
    public ClusterBuilder sync(SyncPolicy policy) {
        return config(config -> config.getStorageConfig().setSync(policy));
    }

    /**
     * How many partitions the cluster has.
     *
     * @param count 8 if this is not called; fewer start faster
     * @return this
     */
    public ClusterBuilder partitions(int count) {
        partitions = count;
        return this;
    }

    /**
     * Makes the last member a witness: it votes, and holds no copies. For two nodes and a third voice.
     *
     * @return this
     */
    public ClusterBuilder witness() {
        witness = true;
        return this;
    }

    /**
     * Runs each member in a JVM of its own, so that {@link HoldfastCluster#kill} is a SIGKILL and {@link
     * HoldfastCluster#pause} a SIGSTOP. They are used through {@link HoldfastCluster#client}; of a configuration they get
     * what a file can say, so neither user context nor task initialiser nor class loader.
     *
     * @return this
     */
    public ClusterBuilder inProcesses() {
        inProcesses = true;
        return this;
    }

    /**
     * Where the members' directories are made. They stay after the close.
     *
     * @param parent made if it is not there; without this, a temporary one that is deleted
     * @return this
     */
    public ClusterBuilder directory(Path parent) {
        directory = parent;
        return this;
    }

    /**
     * Has members as patient with each other as in production: a failover then takes some seconds more.
     *
     * @return this
     */
    public ClusterBuilder productionTiming() {
        timing = ClusterTiming.PRODUCTION;
        return this;
    }

    /**
     * Starts the members, and blocks until the cluster is healthy.
     *
     * @return to be closed by the caller
     * @throws IllegalStateException it did not start in a minute and a half; what is suppressed says where its directories are kept
     */
    public HoldfastCluster start() {
        HoldfastCluster cluster = new HoldfastCluster(this);
        try {
            cluster.startAll();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.keepDirectories();
            e.addSuppressed(new LeftBehind(cluster));
            closeBecause(e, cluster);
            throw e;
        }
    }

    private static void closeBecause(Throwable reason, HoldfastCluster cluster) {
        try {
            cluster.close();
        } catch (RuntimeException | Error e) {
            reason.addSuppressed(e);
        }
    }

    int nodes() {
        return nodes;
    }

    boolean isInProcesses() {
        return inProcesses;
    }

    Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    ClusterTiming timing() {
        return timing;
    }

    static String nameOf(int number) {
        return "node-" + number;
    }

    /**
     * The configuration of a member.
     *
     * @param home its directory
     * @param founders the members of the list
     */
    Config config(int number, Path home, PeerAddress listens, List<String> founders) {
        Config config = new Config().setClusterName(CLUSTER_NAME).setPartitionCount(partitions);
        if (timing.equals(ClusterTiming.QUICK)) {
            config.getReplicationConfig().setReplaceAfter(QUICK_REPLACE_AFTER);
        }
        each.accept(number, config);
        config.setNodeName(nameOf(number));
        config.getStorageConfig().setDirectory(home);
        config.getNetworkConfig()
                .setEnabled(true)
                .setHost(listens.host())
                .setPort(listens.port())
                .setMembers(founders);
        if (witness && number == nodes - 1) {
            config.getControlPlaneConfig().setWitness(true);
        }
        if (config.getSerializationConfig().getAllowedClasses().isEmpty()) {
            config.getSerializationConfig().addAllowedClasses("**");
        }
        return config;
    }
}
