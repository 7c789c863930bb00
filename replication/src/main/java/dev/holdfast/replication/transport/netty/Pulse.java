package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.wire.FrameType;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.function.Consumer;

/**
 * The keep-alive of who is connected to: whether who connected is still there, and what tells it that we are while its pings
 * are not read. Belongs to the connection's thread.
 */
final class Pulse {

    /** So many silences of the keep-alive's length, and nobody is there; one more than who connected grants us. */
    private static final int SILENCES = 4;

    private final Engine engine;
    private final Channel channel;
    private final FrameReader reader;
    private final Brake brake;
    private final Consumer<String> close;
    private final Silence silence;
    private boolean ended;
    private long lastWaitingBytes;

    /** @param close told why, once nobody is there */
    Pulse(Engine engine, Channel channel, Silence silence, FrameReader reader, Brake brake, Consumer<String> close) {
        this.engine = engine;
        this.channel = channel;
        this.silence = silence;
        this.reader = reader;
        this.brake = brake;
        this.close = close;
    }

    /** What the connection's reader tells of what it hears. */
    static Silence silence() {
        return new Silence(SILENCES);
    }

    void start() {
        Engine.later(channel, engine.settings.times().keepAlive().toNanos(), this::tick);
    }

    void end() {
        ended = true;
    }

    private void tick() {
        if (ended) {
            return;
        }
        boolean tookSome = tookSome();
        boolean unread = brake.isOn();
        if (brake.isByHandler() || (unread && tookSome)) {
            silence.heard(); // we do not listen
        }
        if ((unread || (reader.isAmidFrame() && silence.isBroken())) && channel.isWritable()) {
            // Their ping waits where we do not read, or behind a large frame.
            engine.write(channel, FrameWriter.frame(FrameType.PONG, 0, 0, Body.EMPTY));
            channel.flush();
        }
        if (silence.isTooLong()) {
            close.accept("nothing was heard");
        } else {
            start();
        }
    }

    /** Whether the other side took something of what waited for it since the last tick: then it is there. */
    private boolean tookSome() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        long bytes = waiting == null ? 0 : waiting.totalPendingWriteBytes() - waiting.currentProgress();
        boolean some = bytes != lastWaitingBytes;
        lastWaitingBytes = bytes;
        return some;
    }
}
