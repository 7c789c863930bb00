package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.LogRecord;
import java.util.ArrayList;
import java.util.List;

/** One command while it is decided: what it logs is in the overlay at once, so that the next step of it sees that. */
final class Turn {

    private final InFlight state;
    private final long nowMillis;
    private List<LogRecord.Replicated> records = List.of();

    Turn(InFlight state, long nowMillis) {
        this.state = state;
        this.nowMillis = nowMillis;
    }

    void log(LogRecord.Replicated record) {
        state.add(record);
        if (records.isEmpty()) {
            records = List.of(record);
        } else {
            if (records.size() == 1) {
                records = new ArrayList<>(records);
            }
            records.add(record);
        }
    }

    InFlight state() {
        return state;
    }

    long nowMillis() {
        return nowMillis;
    }

    Decision decide(Reply reply) {
        return new Decision(records, reply);
    }
}
