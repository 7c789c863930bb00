package dev.holdfast.replication.transport;

import dev.holdfast.replication.transport.FrameProxy.Faults;
import dev.holdfast.replication.transport.wire.Frame;
import dev.holdfast.replication.transport.wire.FrameType;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One direction of one connection of a {@link FrameProxy}: one thread reads and decides, another writes when it is time. */
final class FramePump {

    private static final int LENGTH_BYTES = 4;
    private static final int MOST_WAITING = 10_000;
    /** How long a frame that lets the next one pass waits for one. */
    private static final int HELD_MS = 20;

    /** Empty, as no frame is. */
    private static final Due END = new Due(new byte[0], 0);

    private final Socket from;
    private final Socket to;
    private final Supplier<Faults> faults;
    private final SplittableRandom random;
    private final LinkedBlockingQueue<Due> due = new LinkedBlockingQueue<>(MOST_WAITING);

    private record Due(byte[] frame, long atNanos) {}

    FramePump(Socket from, Socket to, Supplier<Faults> faults, SplittableRandom random) {
        this.from = from;
        this.to = to;
        this.faults = faults;
        this.random = random;
    }

    void start() {
        FrameProxy.start("read", this::read);
        FrameProxy.start("write", this::write);
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            byte[] held = null;
            while (true) {
                byte[] frame = next(in, held != null);
                Faults now = faults.get();
                if (held != null && frame != null && mayPass(frame, held)) {
                    pass(frame, now);
                    frame = null;
                }
                if (held != null) {
                    pass(held, now);
                    held = null;
                }
                if (frame == null) {
                    continue;
                }
                if (!isHandshake(frame) && random.nextDouble() < now.reordered()) {
                    held = frame;
                } else {
                    pass(frame, now);
                }
            }
        } catch (IOException e) {
            due.add(END); // the connection has ended, and so does the other half when all before is written
        }
    }

    /** Null if {@code impatient} and nothing comes. */
    private byte @Nullable [] next(DataInputStream in, boolean impatient) throws IOException {
        byte[] length = new byte[LENGTH_BYTES];
        from.setSoTimeout(impatient ? HELD_MS : 0);
        try {
            length[0] = in.readByte();
        } catch (SocketTimeoutException e) {
            return null;
        }
        from.setSoTimeout(0);
        in.readFully(length, 1, LENGTH_BYTES - 1);
        byte[] frame =
                Arrays.copyOf(length, LENGTH_BYTES + ByteBuffer.wrap(length).getInt());
        in.readFully(frame, LENGTH_BYTES, frame.length - LENGTH_BYTES);
        return frame;
    }

    private static boolean isHandshake(byte[] frame) {
        FrameType type = Frame.knownType(ByteBuffer.wrap(frame));
        return type == FrameType.HELLO || type == FrameType.WELCOME || type == FrameType.REFUSAL;
    }

    /** Where the transport promises no order: between kinds, and between answers. */
    private static boolean mayPass(byte[] later, byte[] earlier) {
        ByteBuffer one = ByteBuffer.wrap(later);
        ByteBuffer other = ByteBuffer.wrap(earlier);
        FrameType type = Frame.knownType(one);
        boolean answers = type == FrameType.ANSWER || type == FrameType.FAILURE;
        return !isHandshake(later) && (answers || Frame.kind(one) != Frame.kind(other));
    }

    private void pass(byte[] frame, Faults now) {
        if (now.silent()) {
            return;
        }
        if (isHandshake(frame)) {
            due.add(new Due(frame, System.nanoTime()));
            return;
        }
        if (random.nextDouble() < now.lost()) {
            return;
        }
        if (random.nextDouble() < now.damaged()) {
            int bit = random.nextInt(frame.length * 8);
            frame[bit / 8] ^= (byte) (1 << (bit % 8));
        }
        Due one = new Due(frame, System.nanoTime() + now.delay().toNanos());
        due.add(one);
        if (random.nextDouble() < now.repeated()) {
            due.add(one);
        }
    }

    private void write() {
        try {
            OutputStream out = to.getOutputStream();
            for (Due next = due.take(); next.frame.length > 0; next = due.take()) {
                long leftNanos = next.atNanos - System.nanoTime();
                while (leftNanos > 0) {
                    LockSupport.parkNanos(leftNanos);
                    leftNanos = next.atNanos - System.nanoTime();
                }
                out.write(next.frame);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            FrameProxy.quietly(from); // nobody takes it any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
