package dev.holdfast.replication.transport;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Who takes what comes in, by kind. Any thread, at any time; what nobody takes yet is refused. */
public final class Inbound {

    private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(MessageKind.MAX_CODE + 1);

    /** Has {@code handler} take the messages of {@code kind}, instead of who took them before. */
    public void onMessage(MessageKind kind, MessageHandler handler) {
        entries.set(kind.code(), new Entry(kind, handler, null));
    }

    /** Has {@code handler} answer the requests of {@code kind}, instead of who answered them before. */
    public void onRequest(MessageKind kind, RequestHandler handler) {
        entries.set(kind.code(), new Entry(kind, null, handler));
    }

    /** Has nobody take {@code kind}. */
    public void remove(MessageKind kind) {
        entries.set(kind.code(), null);
    }

    /** For implementations: who takes the kind of this code, if somebody does. */
    public @Nullable Entry entry(int code) {
        return code < 0 || code > MessageKind.MAX_CODE ? null : entries.get(code);
    }

    /**
     * For implementations: one kind with who takes it.
     *
     * @param messages null where requests are answered
     * @param requests null where messages are taken
     */
    public record Entry(
            MessageKind kind,
            @Nullable MessageHandler messages,
            @Nullable RequestHandler requests) {}
}
