package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Reply;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether a partition serves, and what whoever asks or waits is told when it does not: it has failed, it is sealed, or this node
 * leads it no more. Of failures the first stays, and counts more than having been deposed. Thread-safe.
 */
final class Standing {

    /**
     * What is told while nothing is served.
     *
     * @param begun to whom may have a part of the log
     * @param unbegun to everybody else
     */
    record Refusal(Reply begun, Reply unbegun) {}

    /**
     * Why it serves no more.
     *
     * @param isOurs only this node's: whoever leads next serves
     */
    private record Failure(String why, boolean isOurs) {}

    private static final Refusal ELSEWHERE = new Refusal(new Reply.Elsewhere(true), new Reply.Elsewhere(false));

    private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
    private volatile boolean closing;
    private volatile @Nullable String seal;
    private volatile boolean deposed;

    /** Nothing is served any more, anywhere; false: it has failed before. */
    boolean fail(String why) {
        return failure.compareAndSet(null, new Failure(why, false));
    }

    /** This node serves it no more, whoever leads next does; false: it has failed before. */
    boolean failOver(String why) {
        return failure.compareAndSet(null, new Failure(why, true));
    }

    /** This node leads it no more. */
    void depose() {
        deposed = true;
    }

    boolean isDeposed() {
        return deposed;
    }

    /** What is posted from here on is refused, what was posted is served. */
    void beginToClose() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }

    /** It is to serve nothing any more, from the next round on. */
    void askForSeal(String why) {
        seal = why;
    }

    /** Seals it, if that was asked for; by the holder of the partition's lock, before it touches the log. */
    boolean sealIfAsked() {
        String why = seal;
        if (why == null) {
            return false;
        }
        boolean unused = fail(why);
        return true;
    }

    /** Why it has failed or was sealed. */
    @Nullable
    String problem() {
        Failure now = failure.get();
        return now == null ? null : now.why;
    }

    /** Whether a command need not even be posted. Where another node leads it is: the answer tells so. */
    boolean refusesPosts() {
        Failure now = failure.get();
        return closing || (now != null && !now.isOurs);
    }

    /** What is told; null: it serves. */
    @Nullable
    Refusal refusal() {
        Failure now = failure.get();
        if (now != null && !now.isOurs) {
            Reply why = new Reply.Unanswered(now.why);
            return new Refusal(why, why);
        }
        return now != null || deposed ? ELSEWHERE : null;
    }
}
