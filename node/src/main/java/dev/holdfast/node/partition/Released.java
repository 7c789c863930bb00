package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * What committed batches cause: noted under the partition's lock, carried out after it by the thread that held it, in the
 * order of the log.
 */
final class Released {

    /** What happened to a task, or to an executor. */
    enum Kind {
        RUNNABLE,
        ENDED,
        CANCELLED,
        HELD,
        DISPOSED,
        EVICTED,
        LOST,
        EXECUTOR
    }

    private final List<Kind> kinds = new ArrayList<>();
    private final List<Object> subjects = new ArrayList<>();
    private final List<Item> replies = new ArrayList<>();

    void note(Kind kind, Object subject) {
        kinds.add(kind);
        subjects.add(subject);
    }

    void reply(Item item) {
        replies.add(item);
    }

    void reply(List<Item> items) {
        replies.addAll(items);
    }

    boolean isEmpty() {
        return kinds.isEmpty() && replies.isEmpty();
    }

    /** Takes over what {@code later} holds. */
    void add(Released later) {
        kinds.addAll(later.kinds);
        subjects.addAll(later.subjects);
        replies.addAll(later.replies);
        later.kinds.clear();
        later.subjects.clear();
        later.replies.clear();
    }

    /** Tells everybody; starts first, since waking a worker takes longest. */
    void tell(Partition partition) {
        for (int i = 0; i < kinds.size(); i++) {
            tell(partition, kinds.get(i), subjects.get(i));
        }
        int submits = 0;
        for (int i = 0; i < replies.size(); i++) {
            submits += replies.get(i).isSubmit() ? 1 : 0;
        }
        if (submits > 0) {
            partition.inbox().submitsAnswered(submits);
        }
        for (int i = 0; i < replies.size(); i++) {
            replies.get(i).release();
        }
    }

    private static void tell(Partition partition, Kind kind, Object subject) {
        PartitionEvents events = partition.events();
        switch (kind) {
            case RUNNABLE -> events.onRunnable(partition, (TaskEntry) subject);
            case ENDED -> partition.tellEnded((TaskEntry) subject);
            case CANCELLED -> events.onCancelled(partition, (TaskEntry) subject);
            case HELD -> events.onHeld(partition, (TaskEntry) subject);
            case DISPOSED -> partition.tellRemoved((TaskEntry) subject, Reply.Staleness.DISPOSED);
            case EVICTED -> partition.tellRemoved((TaskEntry) subject, Reply.Staleness.EVICTED);
            case LOST -> partition.tellRemoved((TaskEntry) subject, Reply.Staleness.LOST);
            case EXECUTOR -> events.onExecutorChanged(partition, (String) subject);
        }
    }
}
