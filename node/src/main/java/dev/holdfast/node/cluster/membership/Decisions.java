package dev.holdfast.node.cluster.membership;

import dev.holdfast.replication.control.ClusterCommand;
import dev.holdfast.replication.control.CommandId;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.ControlPlaneException;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.control.Proposal;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Proposes until there is an outcome: always the same proposal, so that a repetition changes nothing. Thread-safe. */
final class Decisions {

    private static final int ATTEMPTS = 3;

    private final ControlPlane control;

    Decisions(ControlPlane control) {
        this.control = control;
    }

    /** What is done while there is no outcome. */
    interface Meanwhile {
        void look(String reason) throws InterruptedException;
    }

    private static Proposal proposal(ClusterCommand command) {
        return new Proposal(new CommandId(UUID.randomUUID().toString()), command);
    }

    /** For as long as it takes. */
    Outcome await(ClusterCommand command, Duration look, Meanwhile meanwhile) throws InterruptedException {
        Proposal proposal = proposal(command);
        String reason = "the control plane has not decided yet; a majority of its voters has to be up";
        CompletableFuture<Outcome> outcome = control.propose(proposal).toCompletableFuture();
        while (true) {
            try {
                return outcome.get(look.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                meanwhile.look(reason);
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                reason = String.valueOf(cause == null ? e : cause.getMessage());
                meanwhile.look(reason);
                outcome = control.propose(proposal).toCompletableFuture();
            }
        }
    }

    /** A few times as long as the control plane tries. */
    CompletionStage<Outcome> propose(ClusterCommand command) {
        return attempt(proposal(command), ATTEMPTS);
    }

    private CompletionStage<Outcome> attempt(Proposal proposal, int left) {
        return control.propose(proposal)
                .handle((outcome, failure) -> failure == null
                        ? CompletableFuture.completedStage(outcome)
                        : left > 1 && mayBeTriedAgain(failure)
                                ? attempt(proposal, left - 1)
                                : CompletableFuture.<Outcome>failedStage(failure))
                .thenCompose(stage -> stage);
    }

    private static boolean mayBeTriedAgain(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ControlPlaneException known && known.mayHaveTakenEffect();
    }
}
