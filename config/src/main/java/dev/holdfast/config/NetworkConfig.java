package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.load.ClusterSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The port that members and clients connect to. Disabled by default: an embedded node opens none.
 *
 * Checked by {@link Config#validate()}. Not thread-safe.
 */
public final class NetworkConfig {
    private boolean enabled = false;
    private String host = "127.0.0.1";
    private int port = 5710;
    private List<String> members = List.of();
    private boolean insecure = false;
    private @Nullable Path tlsCertificates;
    private @Nullable Path tlsKey;
    private @Nullable Path tlsTrusted;
    private long maxFrame = 32L * 1024 * 1024;
    private int maxOutstanding = 16_384;

    /** The defaults. */
    public NetworkConfig() {}

    /** {@return whether a port is opened} Default false. */
    public boolean isEnabled() {
        return enabled;
    }

    /**
     * Sets what {@link #isEnabled()} answers.
     *
     * @param enabled as {@link #isEnabled()} answers it
     * @return this
     */
    public NetworkConfig setEnabled(boolean enabled) {
        this.enabled = enabled;
        return this;
    }

    /** {@return address to listen on and to announce} Default {@code 127.0.0.1}. */
    public String getHost() {
        return host;
    }

    /**
     * Sets what {@link #getHost()} answers.
     *
     * @param host as {@link #getHost()} answers it
     * @return this
     */
    public NetworkConfig setHost(String host) {
        this.host = requireNonNull(host, "host");
        return this;
    }

    /** {@return port to listen on; 0 takes any free one} Default 5710. */
    public int getPort() {
        return port;
    }

    /**
     * Sets what {@link #getPort()} answers.
     *
     * @param port as {@link #getPort()} answers it
     * @return this
     */
    public NetworkConfig setPort(int port) {
        this.port = port;
        return this;
    }

    /** {@return the members, as {@code host:port}, the same list on each of them; the first three vote} Immutable; default empty. */
    public List<String> getMembers() {
        return members;
    }

    /**
     * Sets what {@link #getMembers()} answers.
     *
     * @param members as {@link #getMembers()} answers it
     * @return this
     */
    public NetworkConfig setMembers(List<String> members) {
        this.members = List.copyOf(members);
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
    public NetworkConfig setInsecure(boolean insecure) {
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
    public NetworkConfig setTlsCertificates(@Nullable Path tlsCertificates) {
        this.tlsCertificates = tlsCertificates;
        return this;
    }

    /** {@return PEM file with the key of our certificate, PKCS #8 without a password; null for none} Default null. */
    public @Nullable Path getTlsKey() {
        return tlsKey;
    }

    /**
     * Sets what {@link #getTlsKey()} answers.
     *
     * @param tlsKey as {@link #getTlsKey()} answers it
     * @return this
     */
    public NetworkConfig setTlsKey(@Nullable Path tlsKey) {
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
    public NetworkConfig setTlsTrusted(@Nullable Path tlsTrusted) {
        this.tlsTrusted = tlsTrusted;
        return this;
    }

    /** {@return largest frame, in bytes, accepted from an authenticated peer} Default 32 MiB. */
    public long getMaxFrame() {
        return maxFrame;
    }

    /**
     * Sets what {@link #getMaxFrame()} answers.
     *
     * @param maxFrame as {@link #getMaxFrame()} answers it
     * @return this
     */
    public NetworkConfig setMaxFrame(long maxFrame) {
        this.maxFrame = maxFrame;
        return this;
    }

    /** {@return unanswered requests that one client may have} Default 16,384. */
    public int getMaxOutstanding() {
        return maxOutstanding;
    }

    /**
     * Sets what {@link #getMaxOutstanding()} answers.
     *
     * @param maxOutstanding as {@link #getMaxOutstanding()} answers it
     * @return this
     */
    public NetworkConfig setMaxOutstanding(int maxOutstanding) {
        this.maxOutstanding = maxOutstanding;
        return this;
    }

    @Override
    public String toString() {
        return ClusterSettings.NETWORK.describe(this);
    }
}
