package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The row as this node last had it confirmed, and the one change of it that this replica has proposed.
 *
 * <p>A proposal is over only when a row with a higher version than it expected is seen, or when it failed and was never
 * indeterminate: an earlier copy of it may have been applied, or be applied yet, however a repetition is answered. One that
 * failed for a session, after it was indeterminate, is fenced off by a change of nothing but the version; when that fails
 * too, the row that it met is behind, and it is tried again a beacon later.
 */
final class TableView {

    private final ReplicaSettings settings;
    private final List<Output> outputs;
    private final Epoch epochAtStart;
    private Optional<PartitionRow> row;
    private TableTerms terms;
    private Optional<Pending> pending = Optional.empty();
    /** When a session was not the one that was named: asking again at once would be answered the same. */
    private Optional<Long> refusedAtNanos = Optional.empty();

    private ProposalId lastId = new ProposalId(0);

    /** {@code wanted} is what was first proposed, also while a fence is what {@code proposal} says. */
    private record Pending(
            RowProposal proposal,
            PartitionRow wanted,
            Optional<NodeId> candidate,
            boolean indeterminate,
            boolean waiting,
            long retryAtNanos) {

        boolean isFence() {
            return !proposal.next().equals(wanted);
        }

        Pending asked(boolean unclear, boolean waits, long retryNanos) {
            return new Pending(proposal, wanted, candidate, unclear, waits, retryNanos);
        }
    }

    TableView(ReplicaSettings settings, ReplicaStart start, Epoch persisted, List<Output> outputs) {
        this.settings = settings;
        row = start.row();
        terms = start.terms();
        epochAtStart = row.map(PartitionRow::epoch)
                .filter(epoch -> epoch.compareTo(persisted) > 0)
                .orElse(persisted);
        this.outputs = outputs;
    }

    Optional<PartitionRow> row() {
        return row;
    }

    int minInSync() {
        return terms.minInSync();
    }

    Optional<Epoch> recovery() {
        return terms.recovery();
    }

    /** Whether they are others than were known. */
    boolean terms(TableTerms seen) {
        boolean others = !seen.equals(terms);
        terms = seen;
        return others;
    }

    boolean isProposing() {
        return pending.isPresent();
    }
    /** Whether nothing may be proposed now: one is on its way, or failed at a version that is still the current one. */
    boolean isBusy(long nowNanos) {
        return isProposing()
                || refusedAtNanos
                        .filter(at -> nowNanos - at < settings.timing().beaconNanos())
                        .isPresent();
    }

    /** Who a proposal on its way would bring into in-sync: to be counted as if it were (R7). */
    Optional<NodeId> candidate() {
        return pending.flatMap(Pending::candidate);
    }

    /** Whether a proposal on its way would make this node primary. */
    boolean isProposingToLead() {
        return pending.filter(each -> {
                    PartitionRow next = each.wanted();
                    return next.isPrimary(settings.self())
                            && row.filter(now -> next.epoch().equals(now.epoch()))
                                    .isEmpty();
                })
                .isPresent();
    }

    /** Whether a proposal on its way leaves one member of several in sync. */
    boolean isProposingToStandAlone() {
        return pending.filter(each -> standsAlone(each.wanted())).isPresent();
    }

    /** R12: one member in sync out of two or more replicas. */
    static boolean standsAlone(PartitionRow row) {
        return row.inSync().size() == 1 && row.replicas().size() > 1;
    }

    /** Whether an epoch of this session: whoever led one that was there when it began is gone (R8). */
    boolean isOfThisSession(PartitionRow led) {
        return led.epoch().compareTo(epochAtStart) > 0;
    }

    void propose(PartitionRow next, SortedMap<NodeId, Session> sessions, Optional<NodeId> candidate) {
        if (isProposing()) {
            throw new IllegalStateException("A proposal is on its way already: " + pending);
        }
        start(new Pending(proposal(next, sessions), next, candidate, false, false, 0));
    }

    /** Whether {@code seen} is newer than what was known. */
    boolean applied(PartitionRow seen) {
        if (row.filter(known -> known.version().compareTo(seen.version()) >= 0).isPresent()) {
            return false;
        }
        row = Optional.of(seen);
        pending = pending.filter(each -> each.proposal().expected().compareTo(seen.version()) >= 0);
        return true;
    }

    /** Whether {@code current} is newer than what was known; see the class for what ends with a conflict. */
    boolean conflicted(ProposalId id, PartitionRow current, long nowNanos) {
        boolean newer = applied(current);
        Optional<Pending> refused = of(id);
        if (refused.isPresent()) {
            pending = Optional.empty();
            refusedAtNanos = Optional.of(nowNanos);
            if (refused.get().indeterminate()) {
                PartitionRow fence = RowChanges.fence(row.orElse(current));
                RowProposal proposal = proposal(fence, settings.ownSession());
                Pending before = refused.get();
                Pending next = new Pending(proposal, before.wanted(), before.candidate(), true, false, 0);
                if (before.isFence()) {
                    long retryNanos = nowNanos + settings.timing().beaconNanos();
                    pending = Optional.of(next.asked(true, true, retryNanos));
                } else {
                    start(next);
                }
            }
        }
        return newer;
    }

    void indeterminate(ProposalId id, long nowNanos) {
        of(id).ifPresent(each -> pending =
                Optional.of(each.asked(true, true, nowNanos + settings.timing().beaconNanos())));
    }

    /** Repeats what nobody knows the outcome of. */
    void tick(long nowNanos) {
        pending.filter(Pending::waiting)
                .filter(each -> nowNanos - each.retryAtNanos() >= 0)
                .ifPresent(each -> start(each.asked(true, false, 0)));
    }

    private Optional<Pending> of(ProposalId id) {
        return pending.filter(each -> each.proposal().id().equals(id));
    }

    private RowProposal proposal(PartitionRow next, SortedMap<NodeId, Session> sessions) {
        lastId = lastId.next();
        return new RowProposal(lastId, new RowVersion(next.version().value() - 1), next, sessions);
    }

    private void start(Pending proposed) {
        pending = Optional.of(proposed);
        outputs.add(new Output.Propose(proposed.proposal()));
    }
}
