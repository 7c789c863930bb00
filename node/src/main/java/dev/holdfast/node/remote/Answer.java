package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.Reply.Refusal;
import dev.holdfast.replication.transport.Body;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Function;

/** How every answer begins: whether the question was taken up. */
sealed interface Answer<T> {

    int HERE = 0;
    int NOT_HERE = 1;
    int REFUSES = 2;
    int MALFORMED = 3;

    /** It was, and this is what it was asked for. */
    record Here<T>(T content) implements Answer<T> {}

    /** Another node leads the partition; nothing was done. */
    record Elsewhere<T>(NotHere said) implements Answer<T> {}

    /** Nothing was done. */
    record Refuses<T>(Refusal refusal, String message) implements Answer<T> {}

    /** The question was not understood; nothing was done. */
    record NotUnderstood<T>(String problem) implements Answer<T> {}

    static Body here(int expectedBytes, Consumer<WireWriter> content) {
        WireWriter out = new WireWriter(expectedBytes).u8(HERE);
        content.accept(out);
        return out.body();
    }

    static Body notHere(NotHere said) {
        WireWriter out = new WireWriter().u8(NOT_HERE);
        NotHere.write(out, said);
        return out.body();
    }

    static Body refuses(Refusal refusal, String message) {
        return new WireWriter().u8(REFUSES).u8(refusal.ordinal()).text(message).body();
    }

    static Body malformed(String problem) {
        return new WireWriter().u8(MALFORMED).text(problem).body();
    }

    /** @throws MalformedMessageException it is no answer */
    static <T> Answer<T> read(ByteBuffer bytes, Function<WireReader, T> content) {
        return WireReader.read(bytes, in -> {
            int status = in.u8();
            return switch (status) {
                case HERE -> new Here<>(content.apply(in));
                case NOT_HERE -> new Elsewhere<>(NotHere.read(in));
                case REFUSES -> new Refuses<>(in.constant(Refusal.values()), in.requiredText());
                case MALFORMED -> new NotUnderstood<>(in.requiredText());
                default -> throw new MalformedMessageException("An unknown answer: status=" + status);
            };
        });
    }
}
