package dev.holdfast.storage.verify;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.util.Optional;

/** What the node that has a directory open says of its logs. */
@FunctionalInterface
public interface LiveEnds {

    /**
     * Up to where everything is whole in the files now: of a node alone the end of what is committed, of a member the end of its
     * copy. Empty if the partition refuses: then nobody writes it.
     *
     * @throws IOException the node does not answer
     */
    Optional<LogEnd> writtenEnd(PartitionId partition) throws IOException;
}
