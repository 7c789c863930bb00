package dev.holdfast.replication.transport.netty;

import io.netty.channel.Channel;

/** Who wants a connection not to be read for now: handlers, or the answers that do not drain. It is read when neither does. */
final class Brake {

    private final Channel channel;
    private final FrameReader reader;
    private boolean byHandler;
    private boolean byReplies;

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

    /** On the connection's thread: whether a handler does not want it to be read. */
    boolean isByHandler() {
        return byHandler;
    }

    /** On the connection's thread: whether somebody does not. */
    boolean isOn() {
        return byHandler || byReplies;
    }

    private void apply() {
        reader.pause(isOn());
    }
}
