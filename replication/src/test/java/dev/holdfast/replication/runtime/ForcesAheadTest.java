package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ForcesAheadTest {

    private static final ReplayHandler NOTHING = new ReplayHandler() {
        @Override
        public void onSnapshot(SnapshotItem item) {}

        @Override
        public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {}
    };

    private final Trouble trouble = new Trouble();
    private final ReplicatedLog log =
            trouble.around(ShellDisk.memory(SyncPolicy.INTERVAL).open(NOTHING));
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final List<Throwable> failures = new ArrayList<>();
    private boolean closed;
    private boolean full;

    private final ForcesAhead ahead = new ForcesAhead(log, this::execute, () -> closed, failures::add);

    private void execute(Runnable force) {
        if (full) {
            throw new RejectedExecutionException("a test has no thread for it");
        }
        waiting.add(force);
    }

    private void append() {
        assertThat(log.appendOwn(new Epoch(1), List.of(ShellCluster.task(1)))).isNotNull();
    }

    @Test
    void howeverOftenItIsLookedAtOneForceWaitsAtATime() {
        append();
        ahead.look();
        ahead.look();
        ahead.look();
        assertThat(waiting).hasSize(1);
        waiting.remove().run();
        assertThat(log.forcedEnd()).isEqualTo(log.end());
        ahead.look();
        assertThat(waiting).as("nothing is to be forced").isEmpty();
    }

    @Test
    void whatIsAppendedWhileAForceIsUnderWayIsForcedByTheNext() {
        append();
        ahead.look();
        trouble.before("force", () -> {
            append();
            ahead.look();
        });
        waiting.remove().run();
        trouble.over();
        assertThat(waiting).as("asked for while the other was under way").hasSize(1);
        waiting.remove().run();
        assertThat(log.forcedEnd()).isEqualTo(log.end());
        assertThat(failures).isEmpty();
    }

    @Test
    void oneThatFindsNoThreadIsAskedForAgain() {
        append();
        full = true;
        assertThatThrownBy(ahead::look).isInstanceOf(RejectedExecutionException.class);
        full = false;
        ahead.look();
        assertThat(waiting).hasSize(1);
    }

    @Test
    void afterTheEndNothingIsForced() {
        append();
        ahead.look();
        closed = true;
        waiting.remove().run();
        assertThat(log.forcedEnd()).isNotEqualTo(log.end());
        ahead.look();
        assertThat(waiting).isEmpty();
    }
}
