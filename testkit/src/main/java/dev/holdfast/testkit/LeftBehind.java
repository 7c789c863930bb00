package dev.holdfast.testkit;

/** Stands below the failure of a test or of a start, and says where to look. */
final class LeftBehind extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LeftBehind(HoldfastCluster cluster) {
        super("The cluster's directories and logs are kept: " + cluster, null, false, false);
    }
}
