package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.load.Problems;
import dev.holdfast.config.load.Settings;
import dev.holdfast.config.load.Validator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a client: it connects to running nodes and stores nothing.
 *
 * <p>Values are checked together by {@link #validate()}. Not thread-safe: a client takes a {@link #copy()}.
 */
public final class ClientConfig {
    private String clusterName = "dev";
    private List<String> members = List.of("127.0.0.1:5710");
    private Duration requestTimeout = Duration.ofSeconds(60);
    private int maxOutstanding = 16_384;
    private boolean insecure = false;
    private @Nullable Path tlsCertificates;
    private @Nullable Path tlsKey;
    private @Nullable Path tlsTrusted;
    private final SerializationConfig serialization = new SerializationConfig();
    private @Nullable ClassLoader classLoader;

    /** A client of a cluster called {@code dev} on this machine. */
    public ClientConfig() {}

    /** {@return a deep copy; the class loader is the same object} */
    public ClientConfig copy() {
        ClientConfig copy = new ClientConfig();
        Settings.CLIENT.copy(this, copy);
        copy.classLoader = classLoader;
        return copy;
    }

    /**
     * Checks every value, and that the three files of TLS are all there or none.
     *
     * @return this
     * @throws ConfigurationException with all mistakes
     */
    public ClientConfig validate() {
        Problems problems = new Problems();
        Validator.check(Settings.CLIENT, this, problems);
        Validator.checkRelations(this, problems);
        problems.throwIfAny();
        return this;
    }

    /** {@return name of the cluster to connect to} Default {@code dev}. */
    public String getClusterName() {
        return clusterName;
    }

    /**
     * Sets what {@link #getClusterName()} answers.
     *
     * @param clusterName as {@link #getClusterName()} answers it
     * @return this
     */
    public ClientConfig setClusterName(String clusterName) {
        this.clusterName = requireNonNull(clusterName, "clusterName");
        return this;
    }

    /** {@return members to ask first, as {@code host:port}; at least one} Immutable. Default {@code 127.0.0.1:5710}. */
    public List<String> getMembers() {
        return members;
    }

    /**
     * Sets what {@link #getMembers()} answers.
     *
     * @param members as {@link #getMembers()} answers it
     * @return this
     */
    public ClientConfig setMembers(List<String> members) {
        this.members = List.copyOf(members);
        return this;
    }

    /** {@return time after which a request without an answer fails as indeterminate} Default 60 s. */
    public Duration getRequestTimeout() {
        return requestTimeout;
    }

    /**
     * Sets what {@link #getRequestTimeout()} answers.
     *
     * @param requestTimeout as {@link #getRequestTimeout()} answers it
     * @return this
     */
    public ClientConfig setRequestTimeout(Duration requestTimeout) {
        this.requestTimeout = requireNonNull(requestTimeout, "requestTimeout");
        return this;
    }

    /** {@return unanswered requests; beyond it the caller waits} Default 16,384. */
    public int getMaxOutstanding() {
        return maxOutstanding;
    }

    /**
     * Sets what {@link #getMaxOutstanding()} answers.
     *
     * @param maxOutstanding as {@link #getMaxOutstanding()} answers it
     * @return this
     */
    public ClientConfig setMaxOutstanding(int maxOutstanding) {
        this.maxOutstanding = maxOutstanding;
        return this;
    }

    /** {@return whether a non-loopback address may be used without TLS} Default false. */
    public boolean isInsecure() {
        return insecure;
    }

    /**
     * Sets what {@link #isInsecure()} answers.
     *
     * @param insecure as {@link #isInsecure()} answers it
     * @return this
     */
    public ClientConfig setInsecure(boolean insecure) {
        this.insecure = insecure;
        return this;
    }

    /** {@return PEM file with our certificate and those that vouch for it; null for none} Default null. */
    public @Nullable Path getTlsCertificates() {
        return tlsCertificates;
    }

    /**
     * Sets what {@link #getTlsCertificates()} answers.
     *
     * @param tlsCertificates as {@link #getTlsCertificates()} answers it
     * @return this
     */
    public ClientConfig setTlsCertificates(@Nullable Path tlsCertificates) {
        this.tlsCertificates = tlsCertificates;
        return this;
    }

    /** {@return PEM file with the key of that certificate, PKCS #8 without a password; null for none} Default null. */
    public @Nullable Path getTlsKey() {
        return tlsKey;
    }

    /**
     * Sets what {@link #getTlsKey()} answers.
     *
     * @param tlsKey as {@link #getTlsKey()} answers it
     * @return this
     */
    public ClientConfig setTlsKey(@Nullable Path tlsKey) {
        this.tlsKey = tlsKey;
        return this;
    }

    /** {@return PEM file with the certificates that those of others have to be vouched for by; null for none} Default null. */
    public @Nullable Path getTlsTrusted() {
        return tlsTrusted;
    }

    /**
     * Sets what {@link #getTlsTrusted()} answers.
     *
     * @param tlsTrusted as {@link #getTlsTrusted()} answers it
     * @return this
     */
    public ClientConfig setTlsTrusted(@Nullable Path tlsTrusted) {
        this.tlsTrusted = tlsTrusted;
        return this;
    }

    /** {@return which classes results may have; mutable in place} */
    public SerializationConfig getSerializationConfig() {
        return serialization;
    }

    /** {@return loads the classes of results; null for the context class loader of the thread that makes the client} */
    public @Nullable ClassLoader getClassLoader() {
        return classLoader;
    }

    /**
     * Sets what {@link #getClassLoader()} answers.
     *
     * @param classLoader as {@link #getClassLoader()} answers it
     * @return this
     */
    public ClientConfig setClassLoader(@Nullable ClassLoader classLoader) {
        this.classLoader = classLoader;
        return this;
    }

    @Override
    public String toString() {
        return Settings.CLIENT.describe(this);
    }
}
