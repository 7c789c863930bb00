package dev.holdfast.storage.log;

import java.util.UUID;

/**
 * Names one call of a remote caller, so that a call that is sent again is known for what it is. Stands in the record that the
 * call caused.
 *
 * @param caller who calls: one process, as long as it lives
 * @param number of the call, from {@value #FIRST_NUMBER}; a caller gives no number to two calls
 * @param lowestUnanswered every call of this caller with a lower number has its answer, or the caller waits for it no more:
 *     it will not come again, and what is remembered of it can go
 */
public record RequestId(UUID caller, long number, long lowestUnanswered) {

    public static final long FIRST_NUMBER = 1;

    /** @throws IllegalArgumentException numbers that no caller can have given */
    public RequestId {
        if (lowestUnanswered < FIRST_NUMBER || number < lowestUnanswered) {
            throw new IllegalArgumentException("Not a request id: number=" + number + ", lowestUnanswered="
                    + lowestUnanswered + ", needed is " + FIRST_NUMBER + " <= lowestUnanswered <= number");
        }
    }
}
