package dev.holdfast.testkit;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The test's end of the line to a member in a process of its own. Calls are answered in their order; a thread reads the answers, so that
 * one that nobody waits for any more is not taken for that of the next call. Thread-safe.
 */
final class MemberLine implements AutoCloseable {

    private final Socket socket;
    private final DataOutputStream out;

    /** Of those that were not answered yet, in the order of the calls. Under this, as is writing. */
    private final Queue<CompletableFuture<List<String>>> waiting = new ArrayDeque<>();

    /** Why there will be no more answers. Under this. */
    private @Nullable IOException ended;

    /** @param name of the member */
    MemberLine(Socket socket, String name) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        Thread reader = new Thread(() -> read(in), "holdfast-member-line-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * The answer is of the member; it fails when the line ends.
     *
     * @throws IOException the line has ended
     */
    synchronized CompletableFuture<List<String>> ask(MemberCall call, List<String> texts) throws IOException {
        IOException why = ended;
        if (why != null) {
            throw new IOException("The line has ended: " + why.getMessage(), why);
        }
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        waiting.add(answer);
        call.write(out, texts);
        return answer;
    }

    private void read(DataInputStream in) {
        try {
            while (true) {
                List<String> texts = MemberCall.readTexts(in);
                CompletableFuture<List<String>> next;
                synchronized (this) {
                    next = waiting.remove();
                }
                next.complete(texts);
            }
        } catch (IOException e) {
            end(e);
        }
    }

    private synchronized void end(IOException why) {
        ended = why;
        waiting.forEach(each -> each.completeExceptionally(why));
        waiting.clear();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
