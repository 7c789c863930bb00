package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.Run;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.log.frame.RunSplit;
import java.util.List;

/**
 * An append that is larger than a frame, as several: runs that follow on each other, which is what a follower would be sent
 * anyway. It acknowledges by record, not by run.
 */
final class MessageParts {

    private MessageParts() {}

    /** @param maxRunBytes of records in one append; a record that is larger has one for itself */
    static List<Message> of(Message message, PartitionId partition, int maxRunBytes) {
        if (!(message instanceof Message.Append append)) {
            return List.of(message);
        }
        Run run = append.run();
        byte[] documents = MessageWriter.documents(run.records());
        if (documents.length <= maxRunBytes) {
            return List.of(message);
        }
        return RunSplit.split(new ReplicatedRun(run.before(), run.after(), documents), partition, maxRunBytes).stream()
                .map(part -> (Message) new Message.Append(
                        append.epoch(),
                        new Run(part.before(), part.after(), new CopiedRecords(part)),
                        append.committed()))
                .toList();
    }
}
