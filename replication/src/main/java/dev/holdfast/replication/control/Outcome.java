package dev.holdfast.replication.control;

/**
 * What became of a command; the same for every repetition of it.
 *
 * @param revision of the table after the command: once a listener has seen it, it has seen what the outcome speaks of
 * @param message what happened, with values, and what to do; empty when applied
 */
public record Outcome(Verdict verdict, Revision revision, String message) {

    static final int MAX_MESSAGE_LENGTH = 1024;

    public Outcome {
        if (message.length() > MAX_MESSAGE_LENGTH) {
            message = message.substring(0, MAX_MESSAGE_LENGTH);
        }
    }

    /** The three ends of a command. */
    public enum Verdict {
        /** The table says so now. */
        APPLIED,
        /** What the command compared with has changed: nothing was done; look again and decide again. */
        CONFLICT,
        /** It breaks a rule: nothing was done, and a repetition would not do better. */
        REFUSED
    }

    public boolean applied() {
        return verdict == Verdict.APPLIED;
    }
}
