package dev.holdfast.replication.protocol;

import java.util.ArrayList;
import java.util.List;

/** One node's replica of one partition. */
public final class PartitionReplica {

    private final List<Output> outputs = new ArrayList<>();

    public PartitionReplica(ReplicaSettings settings, ReplicaStart start, long nowNanos) {}

    /** Takes one input in and says what is to be done. */
    public List<Output> step(Input input, long nowNanos) {
        return List.copyOf(outputs);
    }
}
