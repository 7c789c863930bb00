package dev.holdfast.replication.transport;

/**
 * Counts since the start.
 *
 * @param framesSent with handshakes and pings
 * @param framesReceived whole and unharmed ones
 * @param dropped messages and requests that had no room or no connection
 * @param damaged connections closed for a frame that was not whole, not ours or too large
 * @param connections made by us and admitted
 * @param accepted made to us and admitted
 */
public record TransportStats(
        long framesSent, long framesReceived, long dropped, long damaged, long connections, long accepted) {}
