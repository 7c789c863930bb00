package dev.holdfast.node.assembly;

import dev.holdfast.node.admin.AdminFailure;
import dev.holdfast.node.admin.AdminFailure.Reason;
import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.cluster.membership.ClusterMembership;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.Outcome;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Carries an operator's orders out, on the member that was asked. Thread-safe; blocks. */
final class MemberOrders {

    private static final long DECISION_SECONDS = 30;

    private final ClusterMembership membership;
    private final Predicate<PartitionId> refusedHere;

    /** @param refusedHere whether this node has the partition alone, and refuses it */
    MemberOrders(ClusterMembership membership, Predicate<PartitionId> refusedHere) {
        this.membership = membership;
        this.refusedHere = refusedHere;
    }

    String carryOut(ClusterOrder order) {
        try {
            return switch (order.kind()) {
                case RECOVER -> recover(order);
                case REMOVE -> remove(order);
                case LEAVE -> leave(order);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminFailure(Reason.FAILED, "Interrupted: it may have been done; look again", e);
        }
    }

    private String recover(ClusterOrder order) throws InterruptedException {
        Member survivor = member(order.node());
        PartitionId partition = partition(order.partition());
        decide(membership.recover(
                partition, survivor.id(), new Epoch(order.epoch()), refusedHere.test(partition), order.operator()));
        return "What " + survivor.name() + " has of partition " + partition + " counts from now on";
    }

    private String remove(ClusterOrder order) throws InterruptedException {
        Member member = member(order.node());
        decide(membership.remove(member.id(), order.operator()));
        return member.name() + " (" + member.id() + ") is a member no more";
    }

    private String leave(ClusterOrder order) throws InterruptedException {
        if (!membership.leave(Duration.ofMillis(order.waitMillis()))) {
            throw new AdminFailure(
                    Reason.FAILED,
                    "The node is leaving, and not out yet: others take over what it holds, if there are any that can");
        }
        return "The node is a member no more; stop it. It comes back with an empty directory only";
    }

    private PartitionId partition(int number) {
        if (number < 0 || number >= membership.partitionCount()) {
            throw new AdminFailure(
                    Reason.NOT_FOUND,
                    "No such partition: partition=" + number + ", partition-count=" + membership.partitionCount());
        }
        return new PartitionId(number);
    }

    /** By disk id, or by name where only one has it. */
    private Member member(String wanted) {
        List<Member> found = membership.state().members().values().stream()
                .filter(member ->
                        member.id().equals(new NodeId(wanted)) || member.name().equals(wanted))
                .toList();
        if (found.size() != 1) {
            throw new AdminFailure(
                    Reason.NOT_FOUND,
                    (found.isEmpty() ? "No such member: node=" : "Several members have that name, say the id: node=")
                            + wanted + ", members="
                            + membership.state().members().values().stream()
                                    .map(member -> member.name() + " (" + member.id() + ")")
                                    .toList());
        }
        return found.get(0);
    }

    private static void decide(CompletionStage<Outcome> deciding) throws InterruptedException {
        Outcome outcome;
        try {
            outcome = deciding.toCompletableFuture().get(DECISION_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AdminFailure(
                    Reason.FAILED,
                    "The control plane did not decide: a majority of the voters has to be up; it may be done yet:"
                            + " cause="
                            + (e.getCause() == null ? e : e.getCause()),
                    e);
        }
        if (!outcome.applied()) {
            throw new AdminFailure(Reason.REFUSED, outcome.message());
        }
    }
}
