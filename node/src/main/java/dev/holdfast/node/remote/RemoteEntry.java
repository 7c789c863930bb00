package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskSpec;
import org.jspecify.annotations.Nullable;

/** An entry as another node told it. Its bodies are {@link Body.Inline} where they came along, else {@link Body.Elsewhere}. */
record RemoteEntry(
        long sequence,
        String executor,
        TaskSpec spec,
        SnapshotItem.State state,
        @Nullable Body payload,
        int attempt,
        int crashes,
        long submittedAtMillis,
        long startedAtMillis,
        long finishedAtMillis,
        @Nullable String heldReason,
        @Nullable String resultCodec,
        @Nullable FailureInfo failure,
        @Nullable Body result,
        boolean disposeAtEnd,
        boolean attemptOpen,
        boolean logsNextStart)
        implements TaskEntry {}
