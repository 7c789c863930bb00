package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.LogRecord;
import java.util.List;

/** One command while it is decided: what it logs is in the overlay at once, so that the next step of it sees that. */
final class Turn {

    private final InFlight state;
    private final long nowMillis;
    private final List<LogRecord.Replicated> records;

    /** @param records gets what is logged */
    Turn(InFlight state, long nowMillis, List<LogRecord.Replicated> records) {
        this.state = state;
        this.nowMillis = nowMillis;
        this.records = records;
    }

    void log(LogRecord.Replicated record) {
        state.add(record);
        records.add(record);
    }

    InFlight state() {
        return state;
    }

    long nowMillis() {
        return nowMillis;
    }
}
