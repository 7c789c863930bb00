package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.SnapshotItem.Removal;

/** Tells a {@link RingListener} what a change means to those who wait for the task or run it. */
final class Notices {

    private Notices() {}

    static void tell(RingListener listener, Change change) {
        StoredEntry after = change.after();
        if (change.submitted()) {
            listener.onSubmitted(after);
        } else if (change.ended()) {
            if (change.interrupted()) {
                listener.onCancelled(after);
            }
            listener.onEnded(after);
        } else if (change.held()) {
            listener.onHeld(after);
        } else if (change.retried()) {
            listener.onRunnable(after);
        }
        Removal removal = change.removal();
        if (removal != null) {
            listener.onRemoved(after, Reply.Staleness.of(removal));
        }
    }
}
