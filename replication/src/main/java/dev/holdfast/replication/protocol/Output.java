package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.Optional;

/**
 * What a replica wants done. Outputs are carried out in their order; those that end in an {@link Input} answer in their order. A
 * statement that something is stored is a class of its own ({@link Acknowledge}, {@link AdvanceCommit}), and only ever follows
 * the input that says so.
 */
public sealed interface Output {

    /** Hands this to the method for its type: a new type breaks every handler's compilation. */
    void dispatchTo(OutputHandler handler);

    /**
     * Says nothing about what this replica has stored: may leave at once.
     */
    record Send(NodeId to, Message message) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.send(this);
        }
    }

    /**
     * Moves this replica's high-water mark to what {@code ack} says, then sends it: a statement about what is stored.
     */
    record Acknowledge(NodeId to, Message.Ack ack) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.acknowledge(this);
        }
    }

    /**
     * Everything up to {@code committed} is committed: on the primary to be applied, answered and shown, on a backup to be
     * applied (R2). Never beyond what this replica has appended; grows.
     */
    record AdvanceCommit(Lsn committed) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.advanceCommit(this);
        }
    }

    /**
     * Append under this primary's own epoch, at the end of the log; {@link Input.AppendDone} tells where that is.
     */
    record AppendOwn(Epoch epoch, Records records) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.appendOwn(this);
        }
    }

    /**
     * Append what the primary has: at its LSN, under its epoch.
     */
    record AppendCopy(Run run) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.appendCopy(this);
        }
    }

    /**
     * Force the whole log.
     */
    record Force() implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.force(this);
        }
    }

    /**
     * Void everything above {@code to}, logically and forced, the high-water mark first.
     */
    record Truncate(Lsn to) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.truncate(this);
        }
    }

    /**
     * Note, forced, that this epoch has been seen: before anything is acknowledged under it (R3).
     */
    record PersistEpoch(Epoch epoch) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.persistEpoch(this);
        }
    }

    /**
     * Read for a follower. It takes the place of what is asked for the same one and has not begun. One that is not urgent may wait
     * as long as others need disk, processor and network more; one that is urgent keeps commits waiting, or submits refused.
     */
    sealed interface Read extends Output {

        NodeId to();

        /** Of its process: another one begins anew. */
        Session session();

        boolean urgent();

        /** The same, now. */
        Read urgently();
    }

    /**
     * Read what follows {@code from}, for a follower: about {@code maxBytes}, whole runs, at least one record.
     */
    record ReadLog(NodeId to, Session session, LogEnd from, long maxBytes, boolean urgent) implements Read {
        @Override
        public ReadLog urgently() {
            return new ReadLog(to, session, from, maxBytes, true);
        }

        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.readLog(this);
        }
    }

    /**
     * Read a part of this node's newest checkpoint for a learner: from {@code place} on if it is of that checkpoint, else from
     * its start. Answered by {@link Input.CheckpointRead}, or {@link Input.LogGone} if there is none.
     */
    record ReadCheckpoint(NodeId to, Session session, CheckpointPlace place, long maxBytes, boolean urgent)
            implements Read {
        @Override
        public ReadCheckpoint urgently() {
            return new ReadCheckpoint(to, session, place, maxBytes, true);
        }

        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.readCheckpoint(this);
        }
    }

    /**
     * Write this part of a checkpoint to a directory of its own; a part at offset 0 drops what is there.
     */
    record StoreCheckpoint(CheckpointChunk chunk) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.storeCheckpoint(this);
        }
    }

    /**
     * All parts are there: verify, force, lower the high-water mark, then put it in place of log and ring, at once (R14).
     */
    record InstallCheckpoint(LogEnd at) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.installCheckpoint(this);
        }
    }

    /**
     * Ask the control plane; answered with one of the three {@code Proposal} inputs.
     */
    record Propose(RowProposal proposal) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.propose(this);
        }
    }

    /**
     * This replica leads {@code epoch}. Rebuild what is in flight from the log's tail and give {@link Input.EpochRun}. Nothing is
     * served yet.
     *
     * @param lossPossible acknowledged work may be missing: issue from the row's ceiling, answer LOST below it, and say so
     */
    record BecomePrimary(Epoch epoch, TakeOver how, boolean lossPossible) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.becomePrimary(this);
        }
    }

    /**
     * The epoch is committed: run the unfinished tasks again, under the lease.
     */
    record StartServing(Epoch epoch) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.startServing(this);
        }
    }

    /**
     * Reads and starts are allowed under {@code term}, and no longer under the one before.
     */
    record ChangeLease(LeaseTerm term) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.changeLease(this);
        }
    }

    /**
     * A hand-over begins: start nothing, let what runs end, then {@link Input.Drained}. Reads and submits go on.
     */
    record StopStarts(HandOverKind kind, NodeId target) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.stopStarts(this);
        }
    }

    /**
     * The hand-over is called off: starts go on under the lease.
     */
    record ResumeStarts() implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.resumeStarts(this);
        }
    }

    /**
     * This replica leads no more: interrupt, drop results and what is in flight; whether that is stored is not known.
     *
     * @param seen the epoch that ended this one's; equal to its own if this replica was only dropped
     */
    record StepDown(Epoch seen) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.stepDown(this);
        }
    }

    /**
     * Nothing of the run is in any log.
     *
     * @param leader where to go instead, if known
     */
    record RefuseRun(RunId id, Refusal why, Optional<Leader> leader) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.refuseRun(this);
        }
    }

    /**
     * {@code from} said what it can not say; it was ignored.
     */
    record ReportViolation(NodeId from, ProtocolViolation violation) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.reportViolation(this);
        }
    }

    /**
     * This replica must not go on: its log is to be set aside, and learnt again from the others. It does nothing any more.
     */
    record Quarantine(ProtocolViolation violation) implements Output {
        @Override
        public void dispatchTo(OutputHandler handler) {
            handler.quarantine(this);
        }
    }
}
