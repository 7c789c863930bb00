package dev.holdfast.storage.verify;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.util.Optional;

/** What the node that has a directory open says of its logs. */
@FunctionalInterface
public interface LiveEnds {

    /**
     * The end of what is committed now: everything up to there is whole in the files. Empty if the partition refuses: then
     * nobody writes it.
     *
     * @throws IOException the node does not answer
     */
    Optional<LogEnd> committed(PartitionId partition) throws IOException;
}
