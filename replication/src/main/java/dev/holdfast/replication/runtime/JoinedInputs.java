package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.Run;
import dev.holdfast.replication.runtime.ShellInbox.Waiting;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.ReplicatedRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a worker took from an inbox, one after the other, in fewer inputs where these say the same: runs that follow on each other
 * and on the log's end are one run, as if they had been read from the log; of acknowledgements that stand side by side the last
 * says all. One thread.
 */
final class JoinedInputs {

    /** Of the records of one run that was several: about what one read of a log for a follower is. */
    private static final long MAX_RUN_BYTES = 1 << 20;

    private final List<Waiting> taken;
    private final Supplier<LogEnd> logEnd;
    private int at;

    /** @param logEnd of the log that the runs are for, as it is when the next input is asked for */
    JoinedInputs(List<Waiting> taken, Supplier<LogEnd> logEnd) {
        this.taken = taken;
        this.logEnd = logEnd;
    }

    boolean hasNext() {
        return at < taken.size();
    }

    Waiting next() {
        Waiting first = taken.get(at++);
        if (first.input() instanceof Input.Received received && hasNext()) {
            if (received.message() instanceof Message.Append append) {
                return append.run().before().equals(logEnd.get()) ? runs(first, received, append) : first;
            }
            if (received.message() instanceof Message.Ack ack) {
                return lastAck(first, received, ack);
            }
        }
        return first;
    }

    private Waiting lastAck(Waiting first, Input.Received received, Message.Ack ack) {
        Waiting last = first;
        Message.Ack said = ack;
        while (hasNext()
                && taken.get(at).input() instanceof Input.Received next
                && isOfSame(received, next)
                && next.message() instanceof Message.Ack later
                && later.epoch().equals(said.epoch())
                && later.stream().equals(said.stream())
                && later.acknowledged().compareTo(said.acknowledged()) >= 0
                && later.committed().compareTo(said.committed()) >= 0) {
            last = taken.get(at++);
            said = later;
        }
        return last;
    }

    private Waiting runs(Waiting first, Input.Received received, Message.Append append) {
        List<Message.Append> joined = new ArrayList<>();
        joined.add(append);
        Message.Append last = append;
        long bytes = append.run().records().bytes();
        while (hasNext()
                && taken.get(at).input() instanceof Input.Received next
                && isOfSame(received, next)
                && next.message() instanceof Message.Append later
                && follows(last, later)
                && bytes + later.run().records().bytes() <= MAX_RUN_BYTES) {
            at++;
            joined.add(later);
            last = later;
            bytes += later.run().records().bytes();
        }
        if (joined.size() == 1) {
            return first;
        }
        Input.Received whole = new Input.Received(received.from(), received.session(), joined(joined, (int) bytes));
        return new Waiting(whole, first.generation(), 0);
    }

    private static boolean isOfSame(Input.Received one, Input.Received other) {
        return one.from().equals(other.from()) && one.session().equals(other.session());
    }

    private static boolean follows(Message.Append one, Message.Append next) {
        return one.epoch().equals(next.epoch())
                && one.run().after().equals(next.run().before())
                && one.run().after().epoch().equals(next.run().after().epoch())
                && next.committed().compareTo(one.committed()) >= 0;
    }

    private static Message.Append joined(List<Message.Append> parts, int bytes) {
        ByteBuffer documents = ByteBuffer.allocate(bytes);
        parts.forEach(part -> documents.put(MessageWriter.documents(part.run().records())));
        Message.Append last = parts.get(parts.size() - 1);
        ReplicatedRun run =
                new ReplicatedRun(parts.get(0).run().before(), last.run().after(), documents.array());
        return new Message.Append(
                last.epoch(), new Run(run.before(), run.after(), new CopiedRecords(run)), last.committed());
    }
}
