package dev.holdfast.node.partition;

import dev.holdfast.storage.log.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The attempts that run on a node, as its partitions tell of them. Thread-safe; nothing blocks. */
public interface Execution {

    /** Of a node that executes nothing. */
    Execution NONE = new Execution() {
        @Override
        public String node() {
            return "";
        }

        @Override
        public @Nullable Running find(TaskId task) {
            return null;
        }

        @Override
        public List<Running> of(String executor) {
            return List.of();
        }

        @Override
        public void interrupt(TaskId task) {}
    };

    /** Name of the node. */
    String node();

    /** The attempt of {@code task} that runs here, or null. */
    @Nullable
    Running find(TaskId task);

    /** What runs here of {@code executor}, of all partitions. */
    List<Running> of(String executor);

    /** Interrupts the attempt of {@code task} if it runs here; durable effects are the caller's. */
    void interrupt(TaskId task);

    /** An attempt that runs. */
    record Running(TaskId task, int attempt, long startedAtMillis) {}
}
