package dev.holdfast.testkit.damage;

import dev.holdfast.config.SyncPolicy;
import java.util.List;

/**
 * A directory of two partitions with tasks of known results, as a node left it: what is damaged is the first one, or what
 * belongs to both.
 *
 * @param name for messages
 * @param known every task, what became of it, and where it is
 * @param target what the first partition's log holds
 * @param other what the second one's holds
 */
record Fixture(
        String name,
        SyncPolicy sync,
        End end,
        Image image,
        List<Known> known,
        List<String> target,
        List<String> other) {

    static final String TARGET = "partition-0000/";
    static final String OTHER = "partition-0001/";

    /** How the node ended. */
    enum End {
        /** In order. */
        CLOSED,
        /** Killed, the page cache still there. */
        KILLED,
        /** As killed, and the page cache is another one now. */
        POWER_LOST
    }

    /** What is known of a task. */
    enum Fate {
        COMPLETED,
        FAILED,
        DISPOSED,
        /** It was running: another run gives the same. */
        UNFINISHED
    }

    record Known(long id, Work work, Fate fate) {
        int partition() {
            return (int) (id >>> 48);
        }
    }

    /** Whether a loss of the page cache may take the end of the newest segment: then the log goes on from before. */
    boolean mayLoseTail() {
        return end == End.POWER_LOST && sync != SyncPolicy.ALWAYS;
    }

    List<String> segments() {
        return image.files(TARGET + "segment-").stream()
                .filter(name -> name.endsWith(".cq4"))
                .toList();
    }

    List<String> checkpoints() {
        return image.files(TARGET + "checkpoint-");
    }

    @Override
    public String toString() {
        return name;
    }
}
