package dev.holdfast.replication.control;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to the cluster and who holds what: the state that the control plane's log is replayed into. Deterministic:
 * the same commands in the same order give the same table, byte for byte of its {@link #snapshot}, on every member and in
 * the simulator.
 *
 * <p>{@link #apply} is the only way in which it changes, besides {@link #install}. One thread at a time calls them; {@link
 * #state} may be called by any.
 */
public final class ClusterTable {

    private volatile ClusterState state = ClusterState.EMPTY;
    private FirstOutcomes outcomes = new FirstOutcomes();

    /** The table as it is now; any thread. What it says may have changed when it is acted on: name the version. */
    public ClusterState state() {
        return state;
    }

    /**
     * Takes a command in.
     *
     * @return what became of it; of one that was taken in before, if not too long ago, what became of it then
     */
    public Outcome apply(Proposal proposal) {
        Outcome first = outcomes.find(proposal.id());
        if (first != null) {
            return first;
        }
        ClusterDraft draft = new ClusterDraft(state);
        Outcome outcome = proposal.command().dispatchTo(new ClusterRules(draft));
        outcomes.put(proposal.id(), outcome);
        state = draft.after(outcome);
        return outcome;
    }

    /** What became of a command that was taken in lately; null if none of that name was. */
    public @Nullable Outcome outcomeOf(CommandId id) {
        return outcomes.find(id);
    }

    /** Everything that {@link #apply} depends on, as {@link SnapshotCodec} draws it. */
    public byte[] snapshot() {
        return SnapshotCodec.encode(state, outcomes.oldestFirst());
    }

    /**
     * Puts a snapshot in the place of what is here.
     *
     * @throws ControlFormatException it is damaged, or of a newer version: nothing was changed
     */
    public void install(byte[] snapshot) {
        SnapshotCodec.Content content = SnapshotCodec.decode(snapshot);
        FirstOutcomes restored = new FirstOutcomes();
        for (Map.Entry<CommandId, Outcome> entry : content.outcomes().entrySet()) {
            restored.put(entry.getKey(), entry.getValue());
        }
        outcomes = restored;
        state = content.state();
    }
}
