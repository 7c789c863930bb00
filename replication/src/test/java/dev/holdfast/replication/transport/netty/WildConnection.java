package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.TransportSettings.Versions;
import dev.holdfast.replication.transport.wire.BadFrameException;
import dev.holdfast.replication.transport.wire.Frame;
import dev.holdfast.replication.transport.wire.FrameType;
import dev.holdfast.replication.transport.wire.Greeting;
import dev.holdfast.replication.transport.wire.HandshakeCodec;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** A socket on which a test says what it wants. */
final class WildConnection implements AutoCloseable {

    private static final int PATIENCE_MS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    WildConnection(PeerAddress address) throws IOException {
        this(new Socket(address.host(), address.port()));
    }

    WildConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        in = new DataInputStream(socket.getInputStream());
    }

    static byte[] frame(FrameType type, int kind, long correlation, Body body) {
        ByteBuffer frame = ByteBuffer.allocate(Frame.HEADER_BYTES + body.sizeBytes());
        body.writeTo(frame.duplicate().position(Frame.HEADER_BYTES).slice());
        Frame.seal(frame, type, kind, correlation);
        return frame.array();
    }

    static byte[] hello(Identity identity) {
        return greeting(FrameType.HELLO, identity);
    }

    static byte[] welcome(Identity identity) {
        return greeting(FrameType.WELCOME, identity);
    }

    private static byte[] greeting(FrameType type, Identity identity) {
        return frame(type, 0, 0, HandshakeCodec.encode(new Greeting(new Versions(1, 1), identity, 1 << 20)));
    }

    void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    void write(byte[] bytes, int from, int count) throws IOException {
        try {
            socket.getOutputStream().write(bytes, from, count);
        } catch (SocketException e) {
            // The other side had enough already, as the test expects when it reads.
            socket.shutdownInput();
        }
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** The next frame, header included; empty at the end of the connection. */
    Optional<ByteBuffer> read() throws IOException, BadFrameException {
        byte[] header = new byte[Frame.HEADER_BYTES];
        try {
            in.readFully(header);
            int total = Frame.totalBytes(ByteBuffer.wrap(header), 1 << 24);
            byte[] frame = Arrays.copyOf(header, total);
            in.readFully(frame, Frame.HEADER_BYTES, total - Frame.HEADER_BYTES);
            Frame.verify(ByteBuffer.wrap(frame));
            return Optional.of(ByteBuffer.wrap(frame));
        } catch (EOFException | SocketException e) {
            return Optional.empty();
        }
    }

    /** Greets and is admitted. */
    WildConnection admitted(Identity identity) throws IOException, BadFrameException {
        write(hello(identity));
        Optional<ByteBuffer> welcome = read();
        if (welcome.map(Frame::knownType).orElse(FrameType.REFUSAL) != FrameType.WELCOME) {
            throw new IllegalStateException("Not admitted: answer=" + welcome);
        }
        return this;
    }

    /** The next frame, which has to be a refusal. */
    Refusal readRefusal() throws IOException, BadFrameException {
        ByteBuffer frame = read().orElseThrow();
        if (Frame.knownType(frame) != FrameType.REFUSAL) {
            throw new IllegalStateException("Not refused: type=" + Frame.knownType(frame));
        }
        return HandshakeCodec.decodeRefusal(frame.position(Frame.HEADER_BYTES).slice());
    }

    /** Waits until the other side has ended the connection; what comes before is read and dropped. */
    void awaitEnd() throws IOException, BadFrameException {
        while (read().isPresent()) {
            // not what is waited for
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
