package dev.holdfast.replication.transport.netty;

import io.netty.channel.Channel;

/** Who wants a connection not to be read for now: handlers, the answers that do not drain, a move to another thread. It is read when nobody does. */
final class Brake {

    private final Channel channel;
    private final FrameReader reader;
    private boolean byHandler;
    private boolean byReplies;
    private boolean byMove;

    Brake(Channel channel, FrameReader reader) {
        this.channel = channel;
        this.reader = reader;
    }

    /** Any thread. */
    void byHandler(boolean wanted) {
        if (channel.eventLoop().inEventLoop()) {
            byHandler = wanted;
            apply();
        } else {
            channel.eventLoop().execute(() -> byHandler(wanted));
        }
    }

    /** On the connection's thread. */
    void byReplies(boolean wanted) {
        if (byReplies != wanted) {
            byReplies = wanted;
            apply();
        }
    }

    /** On the connection's thread, whichever that is. */
    void byMove(boolean wanted) {
        byMove = wanted;
        apply();
    }

    /** On the connection's thread: whether a handler does not want it to be read. */
    boolean isByHandler() {
        return byHandler;
    }

    /** On the connection's thread: whether somebody does not. */
    boolean isOn() {
        return byHandler || byReplies || byMove;
    }

    private void apply() {
        reader.pause(isOn());
    }
}
