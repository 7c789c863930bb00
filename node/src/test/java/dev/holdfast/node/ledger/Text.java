package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values as text that is equal exactly when they are: bodies and arrays by content. */
final class Text {

    private Text() {}

    static List<String> of(Stream<SnapshotItem> snapshot) {
        return snapshot.map(Text::of).toList();
    }

    static String of(SnapshotItem item) {
        if (item instanceof SnapshotItem.Tombstones run) {
            return "Tombstones " + run.executor() + " " + run.removal() + " " + Arrays.toString(run.sequences());
        }
        if (item instanceof SnapshotItem.OfTask task) {
            return "Task " + task.sequence() + " " + task.executor() + " " + task.state() + " submitted="
                    + task.submittedAtMillis() + " spec=" + task.spec() + " payload=" + of(task.payload()) + " attempt="
                    + task.attempt() + (task.attemptOpen() ? " open" : "") + " crashes=" + task.crashes()
                    + (task.disposeAtEnd() ? " disposeAtEnd" : "") + " started=" + task.startedAtMillis()
                    + " finished=" + task.finishedAtMillis() + " held=" + task.heldReason() + " codec="
                    + task.resultCodec() + " failure=" + task.failure() + " result=" + of(task.result());
        }
        return item.toString();
    }

    static String of(Reply reply) {
        return reply instanceof Reply.Ended ended
                ? "Ended " + of(((StoredEntry) ended.outcome()).toSnapshot())
                : reply.toString();
    }

    static String of(LogRecord.Replicated record) {
        if (record instanceof LogRecord.Submitted task) {
            return "Submitted " + task.sequence() + " " + task.executor() + " at=" + task.atMillis() + " " + task.spec()
                    + " " + of(task.payload()) + " " + task.request();
        }
        if (record instanceof LogRecord.Completed task) {
            return "Completed " + task.sequence() + " " + task.attempt() + " " + task.startedAtMillis() + " "
                    + task.atMillis() + " " + task.codec() + " " + of(task.result());
        }
        if (record instanceof LogRecord.Failed task) {
            return "Failed " + task.sequence() + " " + task.attempt() + " " + task.startedAtMillis() + " "
                    + task.atMillis() + " " + task.info() + " " + of(task.failure());
        }
        return record.toString();
    }

    static List<String> of(List<LogRecord.Replicated> records) {
        return records.stream().map(Text::of).toList();
    }

    static String of(@Nullable Body body) {
        if (body instanceof Body.Inline inline) {
            return Arrays.toString(inline.bytes());
        }
        return String.valueOf(body);
    }
}
