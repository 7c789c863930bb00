package dev.holdfast.node.remote;

import dev.holdfast.replication.transport.Backoff;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before an owner is looked for again: a change of owners ends the wait. */
final class Retries {

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(40), Duration.ofMillis(250));

    private Retries() {}

    /** @param failures before this one; from 0 */
    static Duration pause(int failures) {
        return BACKOFF.before(failures + 1, () -> ThreadLocalRandom.current().nextLong());
    }
}
