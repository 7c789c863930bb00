package dev.holdfast.node.admin;

import dev.holdfast.node.service.TaskAction;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.storage.log.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A node to act on: one that runs, or a stopped one's directory that is open for a visit. What returns is committed. One
 * thread.
 *
 * <p>All calls throw {@link AdminFailure} if the node says no, and {@link java.io.UncheckedIOException} if it does not answer:
 * then nobody knows what was done.
 */
public interface NodeControl extends AutoCloseable {

    /** Tasks in one call of {@link #act}, at most. */
    int MAX_IDS = 4096;

    /** As it is afterwards; empty if no executor of that name was ever used or configured: nothing was done. */
    Optional<SeenExecutor> operate(String executor, ExecutorOperation operation);

    /** Tells one outcome for each id, in their order, as they come; at most {@value #MAX_IDS} ids. */
    void act(TaskAction action, List<TaskId> ids, Consumer<TaskOutcome> outcomes);

    /** The task is stored when this returns. */
    TaskId submit(SubmitRequest request);

    @Override
    void close();
}
