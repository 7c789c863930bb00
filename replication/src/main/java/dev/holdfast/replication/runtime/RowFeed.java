package dev.holdfast.replication.runtime;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlPlane;
import dev.holdfast.replication.control.Revision;
import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.PartitionId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what is new in the row of one partition, in order. The table tells of every change of anything, and of one row from two
 * threads at the start. Thread-safe.
 */
final class RowFeed {

    private final PartitionId partition;
    private final Consumer<Input.RowApplied> taker;

    private Revision lastRevision = Revision.NONE;
    private Input.@Nullable RowApplied last;
    private boolean closed;
    private volatile ControlPlane.@Nullable Subscription subscription;

    /** @param taker called in this one's lock: must not block */
    RowFeed(PartitionId partition, Consumer<Input.RowApplied> taker) {
        this.partition = partition;
        this.taker = taker;
    }

    /** The row as it is, and each that follows. Once. */
    void start(ControlPlane control) {
        subscription = control.onApplied(this::applied);
        applied(control.state());
    }

    private void applied(ClusterState state) {
        PartitionRow row = state.row(partition);
        if (row != null) {
            tell(state.revision(), new Input.RowApplied(row, state.terms(partition)));
        }
    }

    private synchronized void tell(Revision revision, Input.RowApplied next) {
        if (!closed && lastRevision.compareTo(revision) < 0 && !next.equals(last)) {
            lastRevision = revision;
            last = next;
            taker.accept(next);
        }
    }

    /** Nothing is handed on any more when this returns. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        ControlPlane.Subscription told = subscription;
        if (told != null) {
            told.close();
        }
    }
}
