package dev.holdfast.node.execution;

import dev.holdfast.TaskContext;
import dev.holdfast.node.codec.ResultNotEncodableException;
import dev.holdfast.node.codec.TaskCodec;
import dev.holdfast.node.codec.UndecodableTaskException;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.BodyGoneException;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.LogDamagedException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * An attempt on the calling thread, from the task's bytes to the command that says what came of it. Whatever the task's code
 * throws, Errors included, is the failure of the task and not of its worker.
 */
final class Attempt {

    private static final Body NO_BYTES = new Body.Inline(new byte[0]);
    /** Codec of a result that is not kept. */
    private static final String NO_CODEC = "none";

    private final TaskEnvironment environment;

    Attempt(TaskEnvironment environment) {
        this.environment = environment;
    }

    /** Null if the task was removed or cancelled before its code began. */
    @Nullable
    Command run(Partition partition, TaskEntry entry, RunningTask running) {
        Body payload = entry.payload();
        if (payload == null) {
            return null;
        }
        Thread worker = Thread.currentThread();
        worker.setContextClassLoader(environment.classLoader());
        MDC.put("taskId", Long.toString(running.task().value()));
        MDC.put("attempt", Integer.toString(running.attempt()));
        MDC.put("executor", running.executor());
        try {
            TaskCodec.Decoded task = environment.codec().decodeTask(entry.spec(), partition.read(payload));
            return running.isCancelled() ? null : execute(partition, entry, running, task);
        } catch (UndecodableTaskException e) {
            return park(entry, running, String.valueOf(e.getMessage()));
        } catch (LogDamagedException e) {
            // where there are other copies, whoever leads next has the bytes, and runs it
            return partition.isGivenUp() ? null : park(entry, running, "its bytes are damaged: " + e.getMessage());
        } catch (BodyGoneException e) {
            return null; // removed in between
        } catch (RuntimeException | Error e) {
            return park(entry, running, "decoding it failed: " + e);
        } finally {
            MDC.clear();
        }
    }

    private static Command park(TaskEntry entry, RunningTask running, String reason) {
        return new Command.Park(entry.sequence(), running.attempt(), reason);
    }

    private Command execute(Partition partition, TaskEntry entry, RunningTask running, TaskCodec.Decoded task) {
        AttemptContext context = new AttemptContext(running, partition.epoch(), environment.userContext());
        Callable<Command> body = () -> {
            environment.inject(task.target());
            return completed(entry, running, task.call());
        };
        long startNanos = System.nanoTime();
        running.enter();
        try {
            return TaskContext.callWith(context, body);
        } catch (Throwable e) { // an Error too: the task's, not the worker's
            return failed(entry, running, e);
        } finally {
            running.leave();
            environment.onExecuted().accept(running.executor(), System.nanoTime() - startNanos);
        }
    }

    private Command completed(TaskEntry entry, RunningTask running, @Nullable Object result)
            throws ResultNotEncodableException {
        String codec = NO_CODEC;
        Body body = NO_BYTES;
        if (entry.spec().keepResult()) {
            TaskCodec.EncodedResult encoded = environment.codec().encodeResult(result);
            codec = encoded.codec();
            body = new Body.Inline(encoded.bytes());
        }
        return new Command.Complete(entry.sequence(), running.attempt(), running.startedAtMillis(), codec, body);
    }

    private Command failed(TaskEntry entry, RunningTask running, Throwable failure) {
        FailureInfo info;
        Body body;
        try {
            TaskCodec.EncodedFailure encoded = environment.codec().encodeFailure(failure);
            info = encoded.info();
            body = new Body.Inline(encoded.bytes());
        } catch (RuntimeException | Error e) { // no memory left to describe it with
            info = new FailureInfo(failure.getClass().getName(), null);
            body = NO_BYTES;
        }
        return new Command.Fail(entry.sequence(), running.attempt(), running.startedAtMillis(), info, body);
    }
}
