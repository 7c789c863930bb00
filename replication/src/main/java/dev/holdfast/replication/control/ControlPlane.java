package dev.holdfast.replication.control;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The one place where the cluster agrees: commands go in at any member and come out at every member in the same order, into
 * a {@link ClusterTable} each. {@code ControlPlaneContract} says in tests what is said here.
 *
 * <p>Thread-safe.
 */
public interface ControlPlane extends AutoCloseable {

    /**
     * Proposes a command. Never blocks and never throws; the stage completes on any thread, which must not be held up.
     *
     * @return the outcome, which is in the table of a majority of voters by then, or a {@link ControlPlaneException}, which
     *     says whether the command may have taken effect. Proposing the same {@link Proposal} again is safe always, and is
     *     how to find out.
     */
    CompletionStage<Outcome> propose(Proposal proposal);

    /**
     * What has come out here. Other members may be ahead: nothing is decided on it alone, a command says what it compares
     * with.
     */
    ClusterState state();

    /**
     * Adds a listener that is given every state from now on, in order, the revision never falling; several commands, or a
     * snapshot, may be taken in between two calls. Called by the one thread that applies, which others wait for: it must not
     * block, and may propose. What a listener throws is logged, and the listener goes on being called.
     *
     * @return to be closed by whoever does not want to hear any more
     */
    Subscription onApplied(Consumer<ClusterState> listener);

    /** A listener that was added. */
    interface Subscription extends AutoCloseable {

        /** Removes it; one call that is under way may still be at work. Any thread, never blocks, idempotent. */
        @Override
        void close();
    }

    /** Stops taking part, without giving up membership; proposals under way fail. Idempotent. */
    @Override
    void close();
}
