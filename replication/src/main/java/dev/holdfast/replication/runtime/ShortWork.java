package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.Output;
import dev.holdfast.replication.protocol.OutputHandler;

/**
 * What a thread of the network may do for a replica in place of a worker: a few records appended, what that acknowledges or commits. An
 * append may wait for the disk nevertheless.
 */
final class ShortWork {

    /** Of the records of a run. */
    private static final long MAX_BYTES = 64 * 1024;

    private ShortWork() {}

    static boolean isShort(Input input) {
        return input instanceof Input.Received received && isShort(received.message());
    }

    private static boolean isShort(Message message) {
        return message instanceof Message.Append append
                ? append.run().records().bytes() <= MAX_BYTES
                : message instanceof Message.Ack;
    }

    private static boolean isShort(Output output) {
        return output instanceof Output.AppendCopy
                || output instanceof Output.Acknowledge
                || output instanceof Output.AdvanceCommit
                || output instanceof Output.Force;
    }

    /**
     * Steps what waits, and carries out what that wants, up to what is not short. Under the shell's lock, by who has claimed the inbox.
     *
     * @return whether something is left that is not short
     */
    static boolean workOff(ShellInbox inbox, Stepper stepper, OutputHandler outputs) {
        boolean more = carry(stepper, outputs);
        while (!more) {
            ShellInbox.Waiting next = inbox.pollIf(ShortWork::isShort);
            if (next == null) {
                break;
            }
            stepper.step(next.input());
            more = carry(stepper, outputs);
        }
        return more;
    }

    private static boolean carry(Stepper stepper, OutputHandler outputs) {
        for (Output next = stepper.nextIf(ShortWork::isShort);
                next != null;
                next = stepper.nextIf(ShortWork::isShort)) {
            next.dispatchTo(outputs);
        }
        return stepper.hasWork();
    }
}
