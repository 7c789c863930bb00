package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskSpec;
import org.jspecify.annotations.Nullable;

/** The fields of a {@link StoredEntry} while it is made. */
final class EntryDraft {

    final long sequence;
    final String executor;
    final long submittedAtMillis;
    TaskSpec spec;

    @Nullable
    Body payload;

    State state = State.UNFINISHED;
    long startedAtMillis;
    int attempt;
    int crashes;
    boolean attemptOpen;
    boolean logsNextStart;
    boolean disposeAtEnd;

    @Nullable
    String heldReason;

    StoredEntry.@Nullable Outcome outcome;

    EntryDraft(long sequence, String executor, long submittedAtMillis, TaskSpec spec, @Nullable Body payload) {
        this.sequence = sequence;
        this.executor = executor;
        this.submittedAtMillis = submittedAtMillis;
        this.spec = spec;
        this.payload = payload;
    }

    /** Whatever the next state is, the attempt has ended. */
    EntryDraft state(State next) {
        state = next;
        attemptOpen = false;
        return this;
    }

    StoredEntry build() {
        return new StoredEntry(this);
    }
}
