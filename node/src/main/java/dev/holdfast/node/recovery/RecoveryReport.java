package dev.holdfast.node.recovery;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/** What the start of a node found in its partitions, and how long that took. */
public record RecoveryReport(List<PartitionReport> partitions, boolean crashed, Duration duration) {

    public RecoveryReport {
        partitions = List.copyOf(partitions);
    }

    public long records() {
        return sum(PartitionReport::records);
    }

    public long results() {
        return sum(PartitionReport::results);
    }

    public long unfinished() {
        return sum(PartitionReport::unfinished);
    }

    public long parked() {
        return sum(PartitionReport::parked);
    }

    public long quarantined() {
        return sum(partition -> partition.quarantined().size());
    }

    public long refusing() {
        return sum(partition -> partition.problem().isPresent() ? 1 : 0);
    }

    /** Ids that may have been issued and are gone. */
    public long lost() {
        return sum(partition -> partition
                .lost()
                .map(range -> range.endExclusive() - range.first())
                .orElse(0L));
    }

    private long sum(ToLongFunction<PartitionReport> number) {
        return partitions.stream().mapToLong(number).sum();
    }

    /** One line for the log. */
    @Override
    public String toString() {
        return "records=" + records() + ", resultsServed=" + results() + ", unfinished=" + unfinished() + ", parked="
                + parked() + ", quarantined=" + quarantined() + ", lostIds=" + lost() + ", refusingPartitions="
                + refusing() + ", crashed=" + crashed + ", millis=" + duration.toMillis();
    }
}
