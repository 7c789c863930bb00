package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.wire.BadFrameException;
import dev.holdfast.replication.transport.wire.FrameType;
import dev.holdfast.replication.transport.wire.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that was made to us: admits or refuses who made it, then takes messages and requests in and answers out.
 * Belongs to its thread, but for what {@link Caller} promises.
 */
final class Accepted extends ChannelInboundHandlerAdapter implements FrameReader.Sink, Caller {

    private static final Logger log = LoggerFactory.getLogger(Accepted.class);

    /** Of a read: where there is more, others are to do it, who may do it at the same time, or several as one. */
    private static final int MAX_AFTER_READ = 2;

    private final Engine engine;
    private final Channel channel;
    private final Consumer<Accepted> onAdmitted;
    private final FrameReader reader;
    private final Replies replies;
    private final Desk desk;
    private final Reception reception;
    private final Brake brake;
    private final Pulse pulse;

    private volatile @Nullable Identity identity;
    private volatile Optional<String> principal = Optional.empty();
    private volatile int maxFrameBytes;
    private boolean ended;
    private boolean closing;
    private boolean delivering;
    private final List<Runnable> afterRead = new ArrayList<>(MAX_AFTER_READ);

    Accepted(Engine engine, Channel channel, Reception reception, Consumer<Accepted> onAdmitted) {
        this.engine = engine;
        this.reception = reception;
        this.channel = channel;
        this.onAdmitted = onAdmitted;
        Silence silence = Pulse.silence();
        this.reader = new FrameReader(this, silence, engine.counters);
        this.brake = new Brake(channel, reader);
        this.pulse = new Pulse(engine, channel, silence, reader, brake, this::close);
        this.replies = new Replies(
                channel,
                engine.settings.limits().maxReplyBytes(),
                this::drain,
                () -> close("asks and does not read the answers: more than "
                        + engine.settings.limits().maxReplyBytes() + " bytes wait"));
        this.desk = new Desk(engine, this, replies);
    }

    /** Puts it into the channel's pipeline. */
    void install() {
        engine.tls.ifPresent(tls -> channel.pipeline().addLast(tls.server(channel)));
        channel.pipeline().addLast(reader, this);
        Engine.later(channel, engine.settings.times().handshake().toNanos(), () -> {
            if (identity == null) {
                close("no handshake in time");
            }
        });
    }

    boolean isAdmitted() {
        return identity != null;
    }

    @Override
    public Identity identity() {
        Identity known = identity;
        if (known == null) {
            throw new IllegalStateException("Nobody is admitted yet: address=" + channel.remoteAddress());
        }
        return known;
    }

    /** Of what the other side takes. */
    int maxFrameBytes() {
        return maxFrameBytes;
    }

    @Override
    public Optional<String> principal() {
        return principal;
    }

    @Override
    public void onFrame(FrameType type, int kind, long correlation, ByteBuffer body) {
        if (identity == null) {
            hello(type, body);
            return;
        }
        delivering = true;
        switch (type) {
            case MESSAGE -> {
                String mistake = desk.take(kind, body);
                if (mistake != null) {
                    close(mistake);
                }
            }
            case REQUEST -> {
                if (body.remaining() < FrameWriter.TIME_LEFT_BYTES) {
                    close("a request without its time");
                } else {
                    desk.answer(kind, correlation, body);
                }
            }
            case CANCEL -> desk.cancel(correlation);
            case PING -> writeNow(FrameWriter.frame(FrameType.PONG, 0, 0, Body.EMPTY));
            case HELLO, WELCOME, REFUSAL, ANSWER, FAILURE, PONG -> close("a frame out of place: type=" + type);
        }
    }

    @Override
    public boolean afterRead(Runnable work) {
        if (!channel.eventLoop().inEventLoop()
                || !delivering
                || identity().role().isUrgent()
                || afterRead.size() == MAX_AFTER_READ) {
            return false;
        }
        afterRead.add(work);
        return true;
    }

    @Override
    public void onRead() {
        delivering = false;
        if (afterRead.isEmpty()) {
            return;
        }
        List<Runnable> due = List.copyOf(afterRead);
        afterRead.clear();
        for (Runnable each : due) {
            try {
                each.run();
            } catch (RuntimeException e) {
                log.error("What a handler had left to do failed: from={}", identity(), e);
            }
        }
    }

    private void hello(FrameType type, ByteBuffer body) {
        try {
            Reception.Guest guest = reception.receive(type, body, channel);
            Identity who = guest.greeting().identity();
            EventLoop home = engine.loops.of(who.role(), who.node());
            if (home == channel.eventLoop()) {
                admit(guest);
            } else {
                brake.byMove(true);
                var unused = channel.deregister().addListener(left -> moveTo(home, guest));
            }
        } catch (RefusedException e) {
            writeNow(reception.refusal(e.refusal(), channel));
            reader.end();
            closeWhenWritten();
        }
    }

    /** The connection has no thread meanwhile, and nobody knows of it but who closes the transport. */
    private void moveTo(EventLoop home, Reception.Guest guest) {
        var unused = home.register(channel).addListener(moved -> {
            if (!moved.isSuccess() || ended) {
                close("it could not be given to its thread: cause=" + moved.cause());
                return;
            }
            try {
                admit(guest);
                brake.byMove(false);
            } catch (RuntimeException | Error e) {
                exceptionCaught(e);
            }
        });
    }

    private void admit(Reception.Guest guest) {
        Identity who = guest.greeting().identity();
        principal = guest.principal();
        maxFrameBytes = guest.greeting().maxFrameBytes();
        reader.admit(engine.settings.limits().maxFrameBytes());
        identity = who;
        onAdmitted.accept(this);
        engine.observe(who);
        writeNow(reception.welcome(guest));
        engine.counters.accepted.increment();
        engine.tell(listener -> listener.accepted(this));
        pulse.start();
    }

    private void writeNow(ByteBuf frame) {
        engine.write(channel, frame);
        channel.flush();
    }

    @Override
    public void onBadFrame(BadFrameException bad) {
        close(bad.getMessage());
    }

    /** Writes the answers that wait, as many as the connection takes; reads no more requests meanwhile. */
    private void drain() {
        replies.draining();
        boolean wrote = false;
        while (channel.isWritable()) {
            ByteBuf frame = replies.poll();
            if (frame == null) {
                break;
            }
            engine.write(channel, frame);
            wrote = true;
        }
        if (wrote) {
            channel.flush();
        }
        if (closing && channel.isWritable()) {
            closeWhenWritten();
        } else {
            brake.byReplies(!channel.isWritable());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        drain(); // and if it is not writable any more, this reads nothing until it is: answers to pings wait for nobody
    }

    @Override
    public void pause() {
        brake.byHandler(true);
    }

    @Override
    public void resume() {
        brake.byHandler(false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        exceptionCaught(cause);
    }

    private void exceptionCaught(Throwable cause) {
        close(String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        pulse.end();
        replies.close();
        desk.cancelAll();
        if (identity != null) {
            engine.tell(listener -> listener.ended(this));
        }
    }

    /** On the connection's thread; from the one that it was on before, later. */
    void close(@Nullable String why) {
        if (!channel.eventLoop().inEventLoop()) {
            channel.eventLoop().execute(() -> close(why));
        } else if (!ended) {
            ended = true;
            pulse.end();
            log.debug("Closed a connection: address={}, identity={}, cause={}", channel.remoteAddress(), identity, why);
            reader.end();
            var unused = channel.close();
        }
    }

    /** Any thread: ends the connection of a process whose disk {@code seen} uses now. */
    void endIfOlderThan(Identity seen) {
        Identity who = identity;
        if (who != null && who.node().equals(seen.node()) && who.session() < seen.session()) {
            channel.eventLoop().execute(() -> close("a newer process uses the same disk: session=" + seen.session()));
        }
    }

    /**
     * Any thread: ends the connection once the answers that are there are written, or their time is over.
     *
     * @return completed when it has ended
     */
    CompletableFuture<Void> closeGracefully() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        var unused = channel.closeFuture().addListener(closed -> done.complete(null));
        channel.eventLoop().execute(() -> {
            Engine.later(channel, engine.settings.times().closeGrace().toNanos(), () -> close("closed"));
            reader.end();
            closing = true;
            drain();
        });
        return done;
    }

    private void closeWhenWritten() {
        var unused = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> close("closed"));
    }
}
