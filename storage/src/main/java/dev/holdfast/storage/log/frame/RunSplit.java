package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplicatedRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a run into smaller ones that follow on each other. Any thread. */
public final class RunSplit {

    private RunSplit() {}

    /**
     * Runs of whole records with at most {@code maxBytes} each, or one record.
     *
     * @throws IllegalArgumentException it is no run of this partition
     */
    public static List<ReplicatedRun> split(ReplicatedRun run, PartitionId partition, int maxBytes) {
        List<RunParser.Part> parts = new RunParser(partition, 0).parse(run);
        List<ReplicatedRun> runs = new ArrayList<>();
        LogEnd before = run.before();
        LogEnd reached = before;
        int from = 0;
        int end = 0;
        for (RunParser.Part part : parts) {
            if (end > from && part.end() - from > maxBytes) {
                runs.add(new ReplicatedRun(before, reached, Arrays.copyOfRange(run.documents(), from, end)));
                before = reached;
                from = end;
            }
            reached = part.reached();
            end = part.end();
        }
        runs.add(new ReplicatedRun(before, reached, Arrays.copyOfRange(run.documents(), from, end)));
        return runs;
    }
}
