package dev.holdfast.bench.contender;

import dev.holdfast.config.SyncPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Stores a task, runs it on a pool of its own, stores the result, hands it over. Called by several threads. */
public interface Contender extends AutoCloseable {

    /** Names that {@link #open} knows. */
    List<String> NAMES = List.of(
            "pool",
            "bare",
            "bare-group",
            "holdfast",
            "holdfast-class",
            "holdfast-always",
            "hazelcast",
            "holdfast-2",
            "holdfast-3",
            "holdfast-2-always",
            "holdfast-3-always",
            "hazelcast-2",
            "hazelcast-3");

    /** Stores without blocking where the contender can; the stage completes with the result, once that is stored. */
    CompletionStage<byte[]> submitAsync(byte[] payload) throws Exception;

    /** Returns when the task is stored. */
    Stored submit(byte[] payload) throws Exception;

    /** The result of a task by its id; waits for it. */
    default byte[] retrieve(long id) throws Exception {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " keeps no results");
    }

    /** Removes the result of a task; returns when that is stored. */
    default void dispose(long id) throws Exception {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " keeps no results");
    }

    @Override
    void close() throws Exception;

    /** A task that is stored. */
    interface Stored {
        long id();

        /** Waits for it. */
        byte[] result() throws Exception;

        CompletionStage<byte[]> stage();
    }

    /**
     * Opens the contender of that name.
     *
     * @param directory empty
     * @param poolSize threads that run tasks
     */
    static Contender open(String name, Path directory, int poolSize) throws Exception {
        return switch (name) {
            case "pool" -> new PlainPool(poolSize);
            case "bare" -> new BareLoop(directory, poolSize);
            case "bare-group" -> new GroupCommitLoop(directory, poolSize);
            case "holdfast" -> new HoldfastNode(HoldfastNode.config(directory, poolSize));
            case "holdfast-class" -> new HoldfastNode(HoldfastNode.config(directory, poolSize), EchoObject::new);
            case "holdfast-always" -> new HoldfastNode(HoldfastNode.always(directory, poolSize));
            case "hazelcast" -> new HazelcastMember(poolSize);
            case "holdfast-2" -> holdfast(2, SyncPolicy.OS, directory, poolSize);
            case "holdfast-3" -> holdfast(3, SyncPolicy.OS, directory, poolSize);
            case "holdfast-2-always" -> holdfast(2, SyncPolicy.ALWAYS, directory, poolSize);
            case "holdfast-3-always" -> holdfast(3, SyncPolicy.ALWAYS, directory, poolSize);
            case "hazelcast-2" -> hazelcast(2, directory, poolSize);
            case "hazelcast-3" -> hazelcast(3, directory, poolSize);
            default -> throw new IllegalArgumentException("No such contender: name=" + name + "; known: " + NAMES);
        };
    }

    private static Contender holdfast(int members, SyncPolicy sync, Path directory, int poolSize) throws Exception {
        return ClusterOfProcesses.start(
                MemberPlan.ofAll("holdfast", directory, poolSize, members, sync), HoldfastMember::start);
    }

    private static Contender hazelcast(int members, Path directory, int poolSize) throws Exception {
        return ClusterOfProcesses.start(
                MemberPlan.ofAll("hazelcast", directory, poolSize, members, SyncPolicy.OS), HazelcastMember::new);
    }
}
