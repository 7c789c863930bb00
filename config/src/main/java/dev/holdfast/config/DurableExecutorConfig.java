package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import dev.holdfast.config.load.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one durable executor, or, with {@code *} in its name, of every executor whose name matches.
 *
 * All members of a cluster must agree on them. Values are checked together by {@link Config#validate()}, not by the
 * setters, so that every mistake is reported at once. Not thread-safe.
 */
public final class DurableExecutorConfig {
    private static final String RETENTION = "result-retention.";

    private final String name;
    private int poolSize = 16;
    private boolean virtualThreads = false;
    private int durability = 1;
    private int capacity = 10_000;
    private boolean statisticsEnabled = true;
    private @Nullable String splitBrainProtectionName;
    private int maxCrashes = 3;
    private int maxHeld = 10_000;
    private ResultRetentionConfig resultRetention = new ResultRetentionConfig();
    private final SetByCode setByCode = new SetByCode();

    /**
     * The settings of the executor of that name, with defaults; {@code default} is used where no other matches.
     *
     * @param name of an executor, or a pattern of names
     */
    public DurableExecutorConfig(String name) {
        this.name = requireNonNull(name, "name");
    }

    /** {@return the name; fixed} */
    public String getName() {
        return name;
    }

    /** {@return threads that run this executor's tasks, per node} Default 16. */
    public int getPoolSize() {
        return poolSize;
    }

    /**
     * Sets what {@link #getPoolSize()} answers.
     *
     * @param poolSize as {@link #getPoolSize()} answers it
     * @return this
     */
    public DurableExecutorConfig setPoolSize(int poolSize) {
        setByCode.add("pool-size");
        this.poolSize = poolSize;
        return this;
    }

    /** {@return whether tasks run on virtual threads (Java 21 and newer); then {@code poolSize} limits how many run at once} Default false. */
    public boolean isVirtualThreads() {
        return virtualThreads;
    }

    /**
     * Sets what {@link #isVirtualThreads()} answers.
     *
     * @param virtualThreads as {@link #isVirtualThreads()} answers it
     * @return this
     */
    public DurableExecutorConfig setVirtualThreads(boolean virtualThreads) {
        setByCode.add("virtual-threads");
        this.virtualThreads = virtualThreads;
        return this;
    }

    /** {@return backups to keep of every task and result: {@code durability + 1} copies in a healthy cluster} 0 to 6, default 1. */
    public int getDurability() {
        return durability;
    }

    /**
     * Sets what {@link #getDurability()} answers.
     *
     * @param durability as {@link #getDurability()} answers it
     * @return this
     */
    public DurableExecutorConfig setDurability(int durability) {
        setByCode.add("durability");
        this.durability = durability;
        return this;
    }

    /** {@return unfinished tasks that one partition accepts; beyond it submissions are rejected} Default 10,000. */
    public int getCapacity() {
        return capacity;
    }

    /**
     * Sets what {@link #getCapacity()} answers.
     *
     * @param capacity as {@link #getCapacity()} answers it
     * @return this
     */
    public DurableExecutorConfig setCapacity(int capacity) {
        setByCode.add("capacity");
        this.capacity = capacity;
        return this;
    }

    /** {@return whether statistics are kept} Default true. */
    public boolean isStatisticsEnabled() {
        return statisticsEnabled;
    }

    /**
     * Sets what {@link #isStatisticsEnabled()} answers.
     *
     * @param statisticsEnabled as {@link #isStatisticsEnabled()} answers it
     * @return this
     */
    public DurableExecutorConfig setStatisticsEnabled(boolean statisticsEnabled) {
        setByCode.add("statistics-enabled");
        this.statisticsEnabled = statisticsEnabled;
        return this;
    }

    /** {@return name of the {@link SplitBrainProtectionConfig} that guards this executor, or null for none (the default)} */
    public @Nullable String getSplitBrainProtectionName() {
        return splitBrainProtectionName;
    }

    /**
     * Sets what {@link #getSplitBrainProtectionName()} answers.
     *
     * @param splitBrainProtectionName as {@link #getSplitBrainProtectionName()} answers it
     * @return this
     */
    public DurableExecutorConfig setSplitBrainProtectionName(@Nullable String splitBrainProtectionName) {
        setByCode.add("split-brain-protection-ref");
        this.splitBrainProtectionName = splitBrainProtectionName;
        return this;
    }

    /** {@return counted crashes of the process during a task after which it is quarantined} Default 3. */
    public int getMaxCrashes() {
        return maxCrashes;
    }

    /**
     * Sets what {@link #getMaxCrashes()} answers.
     *
     * @param maxCrashes as {@link #getMaxCrashes()} answers it
     * @return this
     */
    public DurableExecutorConfig setMaxCrashes(int maxCrashes) {
        setByCode.add("max-crashes");
        this.maxCrashes = maxCrashes;
        return this;
    }

    /** {@return parked and quarantined tasks in one partition that do not count towards {@code capacity}} Default 10,000. */
    public int getMaxHeld() {
        return maxHeld;
    }

    /**
     * Sets what {@link #getMaxHeld()} answers.
     *
     * @param maxHeld as {@link #getMaxHeld()} answers it
     * @return this
     */
    public DurableExecutorConfig setMaxHeld(int maxHeld) {
        setByCode.add("max-held");
        this.maxHeld = maxHeld;
        return this;
    }

    /** {@return how many results are kept and for how long; mutable in place} */
    public ResultRetentionConfig getResultRetention() {
        return resultRetention;
    }

    /**
     * Sets what {@link #getResultRetention()} answers.
     *
     * @param resultRetention as {@link #getResultRetention()} answers it
     * @return this
     */
    public DurableExecutorConfig setResultRetention(ResultRetentionConfig resultRetention) {
        this.resultRetention = requireNonNull(resultRetention, "resultRetention");
        return this;
    }

    /** A deep copy under another name. */
    DurableExecutorConfig copyAs(String otherName) {
        DurableExecutorConfig copy = new DurableExecutorConfig(otherName);
        Settings.EXECUTOR.copy(this, copy);
        copy.takeSetByCode(this);
        return copy;
    }

    /** Whether a setter was called for this setting, such as {@code capacity} or {@code result-retention.ttl}. */
    boolean isSetByCode(String setting) {
        return setting.startsWith(RETENTION)
                ? resultRetention.setByCode().contains(setting.substring(RETENTION.length()))
                : setByCode.contains(setting);
    }

    /** Remembers the same setters as the other one does: the table copies and reads values through setters too. */
    void takeSetByCode(DurableExecutorConfig other) {
        setByCode.setTo(other.setByCode);
        resultRetention.setByCode().setTo(other.resultRetention.setByCode());
    }

    @Override
    public String toString() {
        return Settings.EXECUTOR.describe(this, name);
    }
}
