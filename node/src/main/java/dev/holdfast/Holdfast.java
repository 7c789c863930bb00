package dev.holdfast;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.EffectiveSetting;
import dev.holdfast.node.assembly.ClientNode;
import dev.holdfast.node.assembly.ClusterNode;
import dev.holdfast.node.assembly.DirectoryStore;
import dev.holdfast.node.assembly.EmbeddedNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in. A node in this JVM stores its tasks in a directory of its own and needs no server. Several of them, with
 * {@code network.enabled} and the same list of members, are a cluster, and keep copies for each other.
 *
 * <p>All threads of a node are daemons: a process whose own threads have ended goes down, and what is unfinished runs at the
 * next start. {@link HoldfastInstance#close} before that lets running tasks finish.
 */
public final class Holdfast {

    private static final Logger LOG = LoggerFactory.getLogger(Holdfast.class);

    private Holdfast() {}

    /**
     * Starts a node configured by {@code holdfast.xml} or {@code holdfast.yaml} in the working directory, else on the class
     * path, else with the defaults: no open port, data in {@code ./holdfast-data}. Environment variables and system
     * properties win over the file: see {@link Config#loadDefault()}. Otherwise as {@link #newInstance(Config)}.
     *
     * @return to be closed by the caller
     * @throws ConfigurationException naming every mistake in the file, in variables and in properties
     * @throws HoldfastException the node can not start, for example because another has the data directory
     */
    public static HoldfastInstance newInstance() {
        return newInstance(Config.loadDefault());
    }

    /**
     * Starts a node in this JVM. When this returns, stored results are served; unfinished tasks run again, unless {@code
     * autoStart} is false. Every setting that an environment variable or a system property decided, and every one that a
     * setter took from those or from the file, is logged with its value, its place, and what it overrides.
     *
     * <p>With {@code network.enabled} it is a member of a cluster: this blocks until it is one, for as long as the members that
     * have to decide that do not answer, and says in the log whom it waits for; an interrupt ends the wait.
     *
     * <p>Blocks while the logs are read, which takes time in proportion to what is in them. Needs a JVM flag, see {@code docs/embedding.md};
     * without it the exception's message names it.
     *
     * @param config copied: later changes change nothing
     * @return to be closed by the caller
     * @throws ConfigurationException naming every mistake
     * @throws HoldfastException the node can not start, for example because another has the data directory
     */
    public static HoldfastInstance newInstance(Config config) {
        Config own = config.copy().validate();
        own.settings().stream()
                .filter(EffectiveSetting::isSurprising)
                .forEach(setting -> LOG.info("Configured: {}", setting));
        if (own.getNetworkConfig().isEnabled()) {
            return ClusterNode.start(own);
        }
        return EmbeddedNode.start(own, DirectoryStore.open(own));
    }

    /**
     * Connects to running nodes. A client stores and executes nothing; its executors work as those of a node do: a call that
     * lost its connection is sent again and done once, futures survive reconnects and failovers. Its {@link
     * HoldfastInstance#start} does nothing, and its {@link HoldfastInstance#close} ends its threads and tells whoever waits.
     *
     * <p>Needs no JVM flag and no directory. To addresses that are not this machine's own it
     * connects by TLS, with the certificates of its configuration, unless that says {@code insecure}. Blocks until one of the members has answered, for at most {@code request-timeout}.
     *
     * @param config copied: later changes change nothing
     * @return to be closed by the caller
     * @throws ConfigurationException naming every mistake
     * @throws HoldfastException no member answers
     */
    public static HoldfastInstance newClient(ClientConfig config) {
        return ClientNode.connect(config.copy().validate());
    }
}
