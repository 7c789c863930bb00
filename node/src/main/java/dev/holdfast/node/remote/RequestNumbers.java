package dev.holdfast.node.remote;

import dev.holdfast.storage.log.RequestId;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Numbers of one caller's calls to one partition, and the lowest that is not answered. Thread-safe: a number is unanswered from
 * the moment it is given, or a later call would tell the partition to forget it.
 */
final class RequestNumbers {

    private final UUID caller;
    private final TreeSet<Long> unanswered = new TreeSet<>();
    private long next = RequestId.FIRST_NUMBER;

    RequestNumbers(UUID caller) {
        this.caller = caller;
    }

    synchronized long take() {
        long number = next++;
        unanswered.add(number);
        return number;
    }

    /** How the call of {@code number} is named when it is sent now; it may have been answered a moment ago. */
    synchronized RequestId named(long number) {
        long lowest = unanswered.isEmpty() ? number : Math.min(unanswered.first(), number);
        return new RequestId(caller, number, lowest);
    }

    /** It is answered, or given up: it is not sent again. */
    synchronized void done(long number) {
        unanswered.remove(number);
    }

    synchronized int unanswered() {
        return unanswered.size();
    }
}
