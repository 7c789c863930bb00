package dev.holdfast;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tasks to show. Immutable: each method returns a changed copy; conditions add up. */
public final class TaskQuery {

    private static final TaskQuery ALL = new TaskQuery(EnumSet.noneOf(TaskState.class), null, null, Long.MAX_VALUE);

    private final EnumSet<TaskState> states;
    private final @Nullable String label;
    private final @Nullable String type;
    private final long limit;

    private TaskQuery(EnumSet<TaskState> states, @Nullable String label, @Nullable String type, long limit) {
        this.states = states;
        this.label = label;
        this.type = type;
        this.limit = limit;
    }

    /**
     * Every task and every result.
     *
     * @return to be narrowed
     */
    public static TaskQuery all() {
        return ALL;
    }

    /**
     * Tasks in this state; called again: or in that one.
     *
     * @param state one more
     * @return a changed copy
     */
    public TaskQuery state(TaskState state) {
        EnumSet<TaskState> more = EnumSet.copyOf(states);
        more.add(state);
        return new TaskQuery(more, label, type, limit);
    }

    /**
     * Tasks with exactly this label.
     *
     * @param label as it was given to {@link TaskOptions#label}
     * @return a changed copy
     */
    public TaskQuery label(String label) {
        return new TaskQuery(states, label, type, limit);
    }

    /**
     * Tasks whose class has this name.
     *
     * @param type with or without its package
     * @return a changed copy
     */
    public TaskQuery type(String type) {
        return new TaskQuery(states, label, type, limit);
    }

    /**
     * At most this many.
     *
     * @param limit from 0
     * @return a changed copy
     * @throws IllegalArgumentException it is negative
     */
    public TaskQuery limit(long limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit=" + limit + ", allowed are 0 and more");
        }
        return new TaskQuery(states, label, type, limit);
    }

    /**
     * The states.
     *
     * @return empty for any
     */
    public Set<TaskState> getStates() {
        return Set.copyOf(states);
    }

    /**
     * The label.
     *
     * @return empty for any
     */
    public Optional<String> getLabel() {
        return Optional.ofNullable(label);
    }

    /**
     * The name of the class.
     *
     * @return empty for any
     */
    public Optional<String> getType() {
        return Optional.ofNullable(type);
    }

    /**
     * The limit.
     *
     * @return {@link Long#MAX_VALUE} for none
     */
    public long getLimit() {
        return limit;
    }

    /**
     * Whether a task meets the conditions, the limit aside.
     *
     * @param task any
     * @return true if it meets all of them
     */
    public boolean matches(TaskInfo task) {
        return (states.isEmpty() || states.contains(task.state()))
                && (label == null || label.equals(task.label()))
                && (type == null
                        || type.equals(task.typeName())
                        || task.typeName().endsWith("." + type));
    }
}
