package dev.holdfast.replication.protocol;

/**
 * Who holds a replica: the disk id of a node's data directory, never a name or an address. A node that comes back with
 * another directory is another node, so that an empty disk is not taken for the one it replaces.
 *
 * @param diskId as {@code node.properties} has it
 */
public record NodeId(String diskId) implements Comparable<NodeId> {

    public NodeId {
        if (diskId.isBlank()) {
            throw new IllegalArgumentException("Not a node: diskId is blank");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return diskId.compareTo(other.diskId);
    }

    @Override
    public String toString() {
        return diskId;
    }
}
