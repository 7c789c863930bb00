package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.Input;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Run;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.protocol.StreamId;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplicatedRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinedInputsTest {

    private static final Epoch EPOCH = new Epoch(3);

    private LogEnd logEnd = end(10);

    private static LogEnd end(long lsn) {
        return end(lsn, EPOCH);
    }

    private static LogEnd end(long lsn, Epoch epoch) {
        return new LogEnd(new Lsn(lsn), epoch, 1000 + lsn);
    }

    private static Message.Append append(LogEnd before, LogEnd after, int committed, byte... bytes) {
        ReplicatedRun run = new ReplicatedRun(before, after, bytes);
        return new Message.Append(EPOCH, new Run(before, after, new CopiedRecords(run)), new Lsn(committed));
    }

    private static Message.Ack ack(long stream, long acknowledged) {
        return new Message.Ack(EPOCH, new StreamId(stream), new Lsn(acknowledged), Lsn.NONE);
    }

    private static ShellInbox.Waiting from(String node, Message message) {
        return waiting(new Input.Received(new NodeId(node), new Session(1), message));
    }

    private static ShellInbox.Waiting waiting(Input input) {
        return new ShellInbox.Waiting(input, ShellInbox.Waiting.ANY, 0);
    }

    private List<Message> joined(ShellInbox.Waiting... taken) {
        JoinedInputs inputs = new JoinedInputs(List.of(taken), () -> logEnd);
        List<Message> messages = new ArrayList<>();
        while (inputs.hasNext()) {
            Input.Received received = (Input.Received) inputs.next().input();
            messages.add(received.message());
            if (received.message() instanceof Message.Append append) {
                logEnd = append.run().after(); // as the shell appends before it asks for the next
            }
        }
        return messages;
    }

    @Test
    void runsThatFollowOnTheLogAndOnEachOtherAreOne() {
        List<Message> joined = joined(
                from("a", append(end(10), end(11), 8, (byte) 1)),
                from("a", append(end(11), end(13), 9, (byte) 2, (byte) 3)),
                from("a", append(end(13), end(14), 9, (byte) 4)));
        assertThat(joined).singleElement().isInstanceOfSatisfying(Message.Append.class, one -> {
            assertThat(one.run().before()).isEqualTo(end(10));
            assertThat(one.run().after()).isEqualTo(end(14));
            assertThat(one.committed()).isEqualTo(new Lsn(9));
            assertThat(MessageWriter.documents(one.run().records())).containsExactly(1, 2, 3, 4);
        });
    }

    @Test
    void aRunThatComesAgainIsLeftAsItIs() {
        Message.Append again = append(end(9), end(10), 8, (byte) 1);
        Message.Append next = append(end(10), end(11), 8, (byte) 2);
        assertThat(joined(from("a", again), from("a", next))).containsExactly(again, next);
    }

    @Test
    void runsOfOtherEpochsSendersOrPlacesAreNotJoined() {
        Message.Append first = append(end(10), end(11), 8, (byte) 1);
        Message.Append gap = append(end(12), end(13), 8, (byte) 2);
        assertThat(joined(from("a", first), from("a", gap))).containsExactly(first, gap);
        logEnd = end(10);
        Message.Append next = append(end(11), end(12), 8, (byte) 2);
        assertThat(joined(from("a", first), from("b", next))).containsExactly(first, next);
        logEnd = end(10, new Epoch(2));
        Message.Append old = append(end(10, new Epoch(2)), end(11, new Epoch(2)), 8, (byte) 1);
        Message.Append opening = append(end(11, new Epoch(2)), end(12), 8, (byte) 2);
        assertThat(joined(from("a", old), from("a", opening)))
                .as("all records of a run are of one epoch")
                .containsExactly(old, opening);
    }

    @Test
    void theLastOfAcknowledgementsThatStandSideBySideSaysAll() {
        assertThat(joined(from("a", ack(1, 4)), from("a", ack(1, 5)), from("a", ack(1, 9))))
                .containsExactly(ack(1, 9));
    }

    @Test
    void anAcknowledgementOfAnotherNodeOrStreamOrOfLessIsOneOfItsOwn() {
        assertThat(joined(from("a", ack(1, 4)), from("b", ack(1, 5)), from("a", ack(1, 6))))
                .containsExactly(ack(1, 4), ack(1, 5), ack(1, 6));
        assertThat(joined(from("a", ack(1, 4)), from("a", ack(2, 5)), from("a", ack(2, 3))))
                .containsExactly(ack(1, 4), ack(2, 5), ack(2, 3));
    }

    @Test
    void whatIsNoMessageStaysInItsPlace() {
        JoinedInputs inputs = new JoinedInputs(
                List.of(from("a", ack(1, 4)), waiting(new Input.Drained()), from("a", ack(1, 5))), () -> logEnd);
        List<Input> all = new ArrayList<>();
        while (inputs.hasNext()) {
            all.add(inputs.next().input());
        }
        assertThat(all).hasSize(3).element(1).isEqualTo(new Input.Drained());
    }
}
