package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.LogRecord.EpochCause;
import dev.holdfast.storage.log.SequenceRange;
import java.util.Optional;

/**
 * How a member of a cluster opens its epoch. It issues no sequence that any copy of the partition may have in its log, be it in a
 * record that was never committed: a copy that only an operator can make the primary again has such records still, and would bring
 * them back under ids that others were given since.
 *
 * <p>Of what its predecessor issued it has all that was committed. What was not is less than {@link #IN_FLIGHT}, behind the sequence
 * at which that one had begun, which is in the log: so this one begins as much behind.
 *
 * @param nextInLog the sequence after the last one that the log has, as {@link TaskLedger#nextSequenceOfLog} says
 * @param nextOnDisk behind all that this node has reserved and may have issued; 0 if that is in the log
 * @param ceiling below which all sequences were issued that ever were, as the control table has it
 */
public record Takeover(long epoch, long session, EpochCause cause, long nextInLog, long nextOnDisk, long ceiling) {

    /** More tasks than a primary may have appended and not seen committed, by far: 16 MiB of them are in its window. */
    public static final long IN_FLIGHT = 1L << 20;

    /** Nobody else has led before. */
    public Command.StartEpoch first() {
        return begin(Math.max(nextInLog, nextOnDisk));
    }

    /** Others may have issued what is not in this log. */
    public Command.StartEpoch later() {
        return begin(Math.max(nextInLog + IN_FLIGHT, nextOnDisk));
    }

    private Command.StartEpoch begin(long next) {
        return new Command.StartEpoch(epoch, session, cause, next, true, Optional.empty());
    }

    /** Nobody knows which ids were issued below the ceiling: all that are not in this log are told to be lost. */
    public Command.StartEpoch afterALoss() {
        if (ceiling <= nextInLog) {
            return later();
        }
        SequenceRange lost = new SequenceRange(nextInLog, ceiling);
        return new Command.StartEpoch(epoch, session, cause, Math.max(ceiling, nextOnDisk), true, Optional.of(lost));
    }
}
