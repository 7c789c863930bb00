package dev.holdfast.node.service;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.service.TaskOutcome.Kind;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Actions on tasks by their ids alone, whatever their executors, many at a time: each is an ordinary command of its executor,
 * posted before the first answer is waited for, so that a force serves many. Any thread; blocks as the calls of an executor do.
 */
public final class TaskActions {

    /** In flight at once: enough for a group commit, few enough for the inbox. */
    private static final int AT_ONCE = 256;

    private final NodeContext context;
    private final Function<String, DurableExecutorServiceImpl> services;

    /** @param services by the name of an executor */
    public TaskActions(NodeContext context, Function<String, DurableExecutorServiceImpl> services) {
        this.context = context;
        this.services = services;
    }

    /**
     * One outcome for each id, in their order; of an id that is there twice, the second finds what the first left. A partition
     * that nobody answers for is waited for once, for {@code submit-timeout}: all its tasks have failed then.
     */
    public List<TaskOutcome> perform(TaskAction action, List<Long> taskIds) {
        List<TaskOutcome> outcomes = new ArrayList<>(taskIds.size());
        Map<PartitionId, String> silent = new HashMap<>();
        for (int from = 0; from < taskIds.size(); from += AT_ONCE) {
            List<Supplier<TaskOutcome>> begun = new ArrayList<>();
            for (long taskId : taskIds.subList(from, Math.min(from + AT_ONCE, taskIds.size()))) {
                begun.add(begin(action, taskId, silent));
            }
            begun.forEach(outcome -> outcomes.add(outcome.get()));
        }
        return outcomes;
    }

    private Supplier<TaskOutcome> begin(TaskAction action, long taskId, Map<PartitionId, String> silent) {
        PartitionAccess partition = partition(taskId);
        if (partition == null) {
            return told(taskId, Kind.NOT_FOUND, "reason=UNKNOWN (it was never issued here)");
        }
        String problem = partition.problem();
        if (problem != null) {
            return told(taskId, Kind.FAILED, "its partition refuses: partition=" + partition.id() + ", " + problem);
        }
        String silence = silent.get(partition.id());
        if (silence != null) {
            return told(taskId, Kind.FAILED, silence);
        }
        TaskEntry entry;
        try {
            entry = partition.find(TaskControl.sequence(taskId));
            if (entry == null) {
                return told(taskId, Kind.NOT_FOUND, staleness(partition, taskId));
            }
        } catch (RuntimeException e) {
            String why = String.valueOf(e.getMessage());
            silent.put(partition.id(), why);
            return told(taskId, Kind.FAILED, why);
        }
        try {
            return guarded(taskId, services.apply(entry.executor()).control().begin(action, partition, entry, taskId));
        } catch (RuntimeException e) {
            return told(taskId, Kind.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private static Supplier<TaskOutcome> guarded(long taskId, Supplier<TaskOutcome> outcome) {
        return () -> {
            try {
                return outcome.get();
            } catch (RuntimeException e) {
                return new TaskOutcome(taskId, Kind.FAILED, String.valueOf(e.getMessage()));
            }
        };
    }

    private static Supplier<TaskOutcome> told(long taskId, Kind kind, String detail) {
        return () -> new TaskOutcome(taskId, kind, detail);
    }

    private @org.jspecify.annotations.Nullable PartitionAccess partition(long taskId) {
        long number = taskId >>> TaskId.SEQUENCE_BITS;
        boolean isId = taskId > 0 && (taskId & TaskId.MAX_SEQUENCE) >= TaskId.FIRST_SEQUENCE;
        return isId && number < context.partitions().size()
                ? context.partitions().get((int) number)
                : null;
    }

    /** The first of the executors that knows something of the id tells it. */
    private static String staleness(PartitionAccess partition, long taskId) {
        Reply.Staleness why = partition.executors().stream()
                .map(executor -> partition.staleness(executor, TaskControl.sequence(taskId)))
                .filter(staleness -> staleness != Reply.Staleness.UNKNOWN)
                .findFirst()
                .orElse(Reply.Staleness.UNKNOWN);
        return describe(why);
    }

    /** Why there is no such task, for people. */
    public static String describe(Reply.Staleness why) {
        return switch (why) {
            case DISPOSED -> ErrorCode.RESULT_DISPOSED.says("reason=DISPOSED (its result was disposed of)");
            case EVICTED ->
                ErrorCode.RESULT_EVICTED.says(
                        "reason=EVICTED (its result was removed by the executor's result-retention)");
            case LOST ->
                ErrorCode.TASK_ID_LOST.says("reason=LOST (it was, or may have been, issued before a power loss)");
            case UNKNOWN -> ErrorCode.TASK_ID_UNKNOWN.says("reason=UNKNOWN (it was never issued here)");
        };
    }
}
