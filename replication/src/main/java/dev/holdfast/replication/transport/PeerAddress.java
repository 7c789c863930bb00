package dev.holdfast.replication.transport;

/**
 * Where somebody listens.
 *
 * @param host a name or an address, without the brackets of IPv6
 * @param port from 0 to 65,535; 0 only where any free port will do
 */
public record PeerAddress(String host, int port) {

    private static final int MAX_PORT = 65_535;

    public PeerAddress {
        if (host.isBlank() || port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("Not an address: host=" + host + ", port=" + port
                    + "; needed are a host and a port from 0 to " + MAX_PORT);
        }
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @throws IllegalArgumentException if it is neither {@code host:port} nor {@code [IPv6]:port}
     */
    public static PeerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        try {
            return new PeerAddress(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Not an address: address=" + text + "; write host:port or [IPv6]:port", e);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
