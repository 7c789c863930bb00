package dev.holdfast.node.admin;

/**
 * What an operator wants of a cluster; carried out by a member.
 *
 * @param node name or disk id of the member that is meant; of {@link Kind#LEAVE} the one that is asked, whatever this says
 * @param partition of {@link Kind#RECOVER}
 * @param epoch of {@link Kind#RECOVER}: that of the partition when the operator looked
 * @param operator who wants it, for the log and the table
 * @param waitMillis of {@link Kind#LEAVE}, for how long it is waited for; milliseconds
 */
public record ClusterOrder(Kind kind, String node, int partition, long epoch, String operator, int waitMillis) {

    /** Append only: the ordinals are spoken on {@code admin.sock}. */
    public enum Kind {
        /** What the node has of a partition counts from now on, whatever others had. */
        RECOVER,
        /** A member that is gone is one no more. */
        REMOVE,
        /** The node that is asked hands over what it has, and is a member no more. */
        LEAVE
    }

    public static ClusterOrder recover(int partition, long epoch, String survivor, String operator) {
        return new ClusterOrder(Kind.RECOVER, survivor, partition, epoch, operator, 0);
    }

    public static ClusterOrder remove(String node, String operator) {
        return new ClusterOrder(Kind.REMOVE, node, 0, 0, operator, 0);
    }

    public static ClusterOrder leave(String operator, int waitMillis) {
        return new ClusterOrder(Kind.LEAVE, "", 0, 0, operator, waitMillis);
    }
}
