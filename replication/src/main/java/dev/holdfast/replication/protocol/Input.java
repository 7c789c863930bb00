package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import java.util.List;

/**
 * What happens to a replica. Everything that its {@link Output}s asked for comes back as an input, in the order in which it was
 * asked for; time comes with each.
 */
public sealed interface Input {

    /** Hands this to the method for its type: a new type breaks every handler's compilation. */
    void dispatchTo(InputHandler handler);

    /**
     * A message from a peer.
     *
     * @param session of the process that sent it, as its connection proved it
     */
    record Received(NodeId from, Session session, Message message) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.received(this);
        }
    }

    /**
     * Time has passed. To be given at least twice per beacon interval.
     */
    record Tick() implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.tick(this);
        }
    }

    /**
     * An {@link Output.AppendOwn} or {@link Output.AppendCopy} is in the log; one for each, in order.
     *
     * @param end of the log after it
     * @param forced whether everything up to there is on the medium
     */
    record AppendDone(LogEnd end, boolean forced) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.appendDone(this);
        }
    }

    /**
     * An {@link Output.AppendOwn} or {@link Output.AppendCopy} found no room, or a copy does not follow on the log's end
     * because one before it was refused: nothing of it is in the log. Comes in the
     * place of {@link AppendDone}.
     */
    record AppendRefused() implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.appendRefused(this);
        }
    }

    /**
     * Everything up to {@code end} is on the medium; whether anybody asked or not.
     */
    record ForceDone(LogEnd end) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.forceDone(this);
        }
    }

    /**
     * An {@link Output.Truncate} is forced.
     */
    record TruncateDone(LogEnd end) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.truncateDone(this);
        }
    }

    /**
     * An {@link Output.PersistEpoch} is forced.
     */
    record EpochPersisted(Epoch epoch) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.epochPersisted(this);
        }
    }

    /**
     * The control plane's table has this row now, on this node, and these terms. Rows may be left out, never repeated out of
     * order; terms may change without the row.
     */
    record RowApplied(PartitionRow row, TableTerms terms) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.rowApplied(this);
        }
    }

    /**
     * A proposal was applied; {@code row} is what it made.
     */
    record ProposalConfirmed(ProposalId id, PartitionRow row) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.proposalConfirmed(this);
        }
    }

    /**
     * A proposal was not applied.
     *
     * @param current the row that it met where it was to be applied: with the version that was expected, a session was not
     */
    record ProposalConflict(ProposalId id, PartitionRow current) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.proposalConflict(this);
        }
    }

    /**
     * Nobody knows whether a proposal was or will be applied. It is repeated until that is known.
     */
    record ProposalIndeterminate(ProposalId id) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.proposalIndeterminate(this);
        }
    }

    /**
     * Records to append, decided by this node's ledger. Answered by {@link Output.AppendOwn} or {@link Output.RefuseRun}.
     */
    record ClientRun(RunId id, Records records) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.clientRun(this);
        }
    }

    /**
     * What opens the epoch, {@code EpochStarted} first: the answer to {@link Output.BecomePrimary}.
     */
    record EpochRun(Epoch epoch, Records records) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.epochRun(this);
        }
    }

    /**
     * What an {@link Output.ReadLog} found, at least one run unless the log ends there, contiguous.
     */
    record LogRead(NodeId to, LogEnd from, List<Run> runs) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.logRead(this);
        }
    }

    /**
     * What an {@link Output.ReadLog} asked for has left the log with a checkpoint; or there is no checkpoint that an {@link
     * Output.ReadCheckpoint} could read: then it is asked for again, later.
     *
     * @param from as {@code ReadLog} said, or the end of {@code ReadCheckpoint}'s place
     */
    record LogGone(NodeId to, LogEnd from) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.logGone(this);
        }
    }

    /**
     * A checkpoint has taken the place of everything up to {@code base} in this log.
     */
    record LogTrimmed(LogEnd base) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.logTrimmed(this);
        }
    }

    /**
     * What an {@link Output.ReadCheckpoint} found: the place it asked for, or the first part of a newer checkpoint.
     */
    record CheckpointRead(NodeId to, CheckpointChunk chunk) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.checkpointRead(this);
        }
    }

    /**
     * An {@link Output.StoreCheckpoint} is in its file, forced or not; the next part begins at {@code next}.
     */
    record CheckpointStored(CheckpointPlace next) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.checkpointStored(this);
        }
    }

    /**
     * An {@link Output.InstallCheckpoint} is forced and in place of the log, which ends in {@code at}.
     */
    record CheckpointInstalled(LogEnd at) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.checkpointInstalled(this);
        }
    }

    /**
     * This primary is to resign in favour of {@code target}, an in-sync backup.
     */
    record HandOver(NodeId target, HandOverKind kind) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.handOver(this);
        }
    }

    /**
     * The hand-over is not wanted any more; without effect once the change of the row is proposed.
     */
    record HandOverCancelled() implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.handOverCancelled(this);
        }
    }

    /**
     * No task of this partition runs here any more, see {@link Output.StopStarts}.
     */
    record Drained() implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.drained(this);
        }
    }

    /**
     * Placement wants {@code node} to leave the partition; the primary sees to it. Unlike the table it knows who of those that
     * stay has lost something.
     */
    record DropMember(NodeId node) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.dropMember(this);
        }
    }

    /**
     * The process of {@code node} in {@code session} is gone: its address refused a connection (R4). A setting lets that count.
     */
    record PeerGone(NodeId node, Session session) implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.peerGone(this);
        }
    }

    /**
     * The wall clock and the monotonic clock disagree by a jump: the process, or its machine, stood still (R5).
     */
    record ClockJumped() implements Input {
        @Override
        public void dispatchTo(InputHandler handler) {
            handler.clockJumped(this);
        }
    }
}
