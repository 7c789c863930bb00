package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.LogRecord;
import java.util.List;

/** Records to append, and the reply to release once they, and all before them, are committed. */
public record Decision(List<LogRecord.Replicated> records, Reply reply) {}
