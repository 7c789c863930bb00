package dev.holdfast.replication.control;

/**
 * Where a node is reached.
 *
 * @param host name or number, as the node announces it; not resolved here
 * @param port 1 to 65,535
 */
public record NodeAddress(String host, int port) {

    static final int MAX_HOST_LENGTH = 255;

    public NodeAddress {
        Limits.requireText("host", host, MAX_HOST_LENGTH);
        Limits.requireRange("port", port, 1, 65_535);
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
