package dev.holdfast.node.ledger;

import dev.holdfast.node.ledger.IdempotencyTable.Remembered;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency keys of one executor that are in flight, over those committed. Goes on counting where the committed table
 * is, so that it knows which keys those in flight push out, by count or by time.
 */
final class PendingKeys {

    private final ExecutorLimits limits;
    private final Map<String, Remembered> inFlight = new HashMap<>();
    private long nextOrdinal;
    private long lastAtMillis = Long.MIN_VALUE;

    PendingKeys(ExecutorLimits limits) {
        this.limits = limits;
    }

    /** Nothing is in flight: goes on where {@code committed} is. */
    void renew(@Nullable IdempotencyTable committed) {
        inFlight.clear();
        nextOrdinal = committed == null ? 0 : committed.nextOrdinal();
        lastAtMillis = committed == null ? Long.MIN_VALUE : committed.lastAtMillis();
    }

    /** The key if it is in force at {@code nowMillis}; {@code committed} is null while all of it is to be destroyed. */
    @Nullable
    Remembered find(String key, long nowMillis, @Nullable IdempotencyTable committed) {
        Remembered found = inFlight.get(key);
        if (found == null && committed != null) {
            found = committed.find(key);
        }
        long now = Math.max(nowMillis, lastAtMillis);
        return found != null && IdempotencyTable.inForce(found, now, nextOrdinal, limits) ? found : null;
    }

    void add(StoredEntry submitted) {
        String key = submitted.spec().idempotencyKey();
        if (key != null && limits.keys() > 0) {
            lastAtMillis = Math.max(lastAtMillis, submitted.submittedAtMillis());
            inFlight.put(key, new Remembered(key, submitted.sequence(), lastAtMillis, nextOrdinal++));
        }
    }

    /** The submission is committed: the table has its key now. */
    void committed(StoredEntry submitted) {
        String key = submitted.spec().idempotencyKey();
        Remembered pending = key == null ? null : inFlight.get(key);
        if (pending != null && pending.sequence() == submitted.sequence()) {
            inFlight.remove(key);
        }
    }

    void clear() {
        inFlight.clear();
        nextOrdinal = 0;
        lastAtMillis = Long.MIN_VALUE;
    }
}
