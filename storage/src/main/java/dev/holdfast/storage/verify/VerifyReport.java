package dev.holdfast.storage.verify;

import dev.holdfast.storage.directory.NodeProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a look through a data directory came to.
 *
 * @param properties empty where {@code node.properties} cannot be read
 * @param partitions in order; one that has no directory is not in it
 * @param findings the node's first, then by partition
 */
public record VerifyReport(
        Path directory, Optional<NodeProperties> properties, List<PartitionTotals> partitions, List<Finding> findings) {

    public VerifyReport {
        partitions = List.copyOf(partitions);
        findings = List.copyOf(findings);
    }

    /** Whether every partition would serve: nothing was found that makes one refuse. */
    public boolean isSound() {
        return findings.stream().noneMatch(finding -> finding.severity() == Severity.DAMAGE);
    }
}
