package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Execution.Running;
import dev.holdfast.node.partition.PartitionAccess.ExecutorView;
import dev.holdfast.node.partition.PartitionAccess.TaskStatus;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.SnapshotItem.Counters;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.TaskSpec;
import org.jspecify.annotations.Nullable;

/** Tasks and executors as bytes, as {@code docs/wire-protocol.md} draws them. */
final class EntryCodec {

    private static final int NO_BODY = 0;
    private static final int BODY_HERE = 1;
    private static final int BODY_ELSEWHERE = 2;

    private EntryCodec() {}

    static void writeSpec(WireWriter out, TaskSpec spec) {
        out.text(spec.codec())
                .text(spec.typeName())
                .text(spec.fingerprint())
                .text(spec.label())
                .text(spec.key())
                .text(spec.idempotencyKey())
                .i32(spec.maxCrashes())
                .i64(spec.resultTtlMillis())
                .flag(spec.keepResult());
    }

    static TaskSpec readSpec(WireReader in) {
        return new TaskSpec(
                in.requiredText(),
                in.requiredText(),
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                in.i32(),
                in.i64(),
                in.flag());
    }

    /** Of {@code body} its length, and, if {@code bytes} are given, those. */
    private static void writeBody(WireWriter out, @Nullable Body body, byte @Nullable [] bytes) {
        if (body == null) {
            out.u8(NO_BODY);
        } else if (bytes == null) {
            out.u8(BODY_ELSEWHERE).i32(body.length());
        } else {
            out.u8(BODY_HERE).bytes(bytes);
        }
    }

    private static @Nullable Body readBody(WireReader in) {
        int form = in.u8();
        return switch (form) {
            case NO_BODY -> null;
            case BODY_HERE -> new Body.Inline(in.bytes());
            case BODY_ELSEWHERE -> new Body.Elsewhere(in.count());
            default -> throw new MalformedMessageException("An unknown form of a body: form=" + form);
        };
    }

    /** @param result the bytes of the result if they are to go along, else null */
    static void writeEntry(WireWriter out, TaskEntry entry, byte @Nullable [] result) {
        out.i64(entry.sequence()).text(entry.executor());
        writeSpec(out, entry.spec());
        out.u8(entry.state().ordinal());
        writeBody(out, entry.payload(), null);
        out.i32(entry.attempt())
                .i32(entry.crashes())
                .i64(entry.submittedAtMillis())
                .i64(entry.startedAtMillis())
                .i64(entry.finishedAtMillis())
                .text(entry.heldReason())
                .text(entry.resultCodec());
        FailureInfo failure = entry.failure();
        out.text(failure == null ? null : failure.className()).text(failure == null ? null : failure.message());
        writeBody(out, entry.result(), result);
        out.flag(entry.disposeAtEnd()).flag(entry.attemptOpen()).flag(entry.logsNextStart());
    }

    static TaskEntry readEntry(WireReader in) {
        return new RemoteEntry(
                in.i64(),
                in.requiredText(),
                readSpec(in),
                in.constant(State.values()),
                readBody(in),
                in.i32(),
                in.i32(),
                in.i64(),
                in.i64(),
                in.i64(),
                in.text(),
                in.text(),
                readFailure(in),
                readBody(in),
                in.flag(),
                in.flag(),
                in.flag());
    }

    private static @Nullable FailureInfo readFailure(WireReader in) {
        String className = in.text();
        String message = in.text();
        return className == null ? null : new FailureInfo(className, message);
    }

    static void writeRunning(WireWriter out, Running running) {
        out.i64(running.task().value()).i32(running.attempt()).i64(running.startedAtMillis());
    }

    static Running readRunning(WireReader in) {
        return new Running(new TaskId(in.i64()), in.i32(), in.i64());
    }

    static void writeStatus(WireWriter out, TaskStatus status) {
        writeEntry(out, status.entry(), null);
        Running running = status.running();
        out.flag(running != null);
        if (running != null) {
            writeRunning(out, running);
        }
    }

    static TaskStatus readStatus(WireReader in) {
        TaskEntry entry = readEntry(in);
        return new TaskStatus(entry, in.flag() ? readRunning(in) : null);
    }

    static void writeView(WireWriter out, ExecutorView view) {
        Counters counters = view.counters();
        out.text(view.name())
                .i64(view.operation())
                .flag(view.shutdown())
                .flag(view.paused())
                .i32(view.unfinished())
                .i32(view.held())
                .i64(view.results())
                .i64(counters.completed())
                .i64(counters.failed())
                .i64(counters.cancelled())
                .i64(counters.recovered())
                .i64(counters.evicted())
                .i64(counters.quarantined())
                .i64(counters.parked())
                .i64(counters.retried());
    }

    static ExecutorView readView(WireReader in) {
        return new ExecutorView(
                in.requiredText(),
                in.i64(),
                in.flag(),
                in.flag(),
                in.i32(),
                in.i32(),
                in.i64(),
                new Counters(in.i64(), in.i64(), in.i64(), in.i64(), in.i64(), in.i64(), in.i64(), in.i64()));
    }
}
