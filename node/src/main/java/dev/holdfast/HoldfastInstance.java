package dev.holdfast;

/** A node in this JVM, alone or a member of a cluster; or a client. Thread-safe. */
public interface HoldfastInstance extends AutoCloseable {

    /**
     * The node's name, {@code node-name} in the configuration.
     *
     * @return never empty
     */
    String getName();

    /**
     * The executor of that name, configured by the entry that matches the name, else by the defaults. The same name gives
     * the same executor every time. Does not block; an executor needs not be made or declared before.
     *
     * @param name 1 to 256 characters
     * @return to be used by any thread; needs not be closed
     * @throws NullPointerException if {@code name} is null
     * @throws IllegalArgumentException if {@code name} is empty or longer than 256 characters
     * @throws IllegalStateException if this instance is closed
     */
    DurableExecutorService getDurableExecutorService(String name);

    /**
     * Members and partitions.
     *
     * @return always the same object, which answers as things are when it is asked
     */
    Cluster getCluster();

    /**
     * Starts executing. Only needed with {@code config.setAutoStart(false)}: until then submits are stored and results
     * are served, nothing executes. Calling it again does nothing.
     */
    void start();

    /**
     * Closes gracefully: stops starting tasks, gives the running ones {@code shutdown-grace} (20 s), interrupts what is
     * left (it runs again at the next start), forces and releases the directory. A member of a cluster hands the partitions
     * that it leads over to members in sync before that, for at most 10 s: what was interrupted runs again there. It stays a
     * member. Nothing is shut down for good: see {@link DurableExecutorService#shutdown}. Idempotent; a later call waits for
     * the first.
     */
    @Override
    void close();
}
