package dev.holdfast.cli;

import dev.holdfast.cli.console.Cell;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Style;
import dev.holdfast.cli.console.Table;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.storage.directory.DirectoryInUseException;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.verify.Finding;
import dev.holdfast.storage.verify.LiveVerifier;
import dev.holdfast.storage.verify.PartitionTotals;
import dev.holdfast.storage.verify.Severity;
import dev.holdfast.storage.verify.Verifier;
import dev.holdfast.storage.verify.VerifyReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code holdfast storage verify}. */
@Command(
        name = "verify",
        description = {
            "Read every record of every partition, check it, and change nothing.",
            "Of a running node up to what it had committed when it was asked, beside its work."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "A NOTE is as it has to be after what happened, such as a torn tail after a kill; after a WARNING the"
                    + " partition serves, but something was lost; DAMAGE makes it refuse.",
            "",
            "Exit codes:",
            "  0  sound, maybe with notes and warnings",
            "  1  damaged: file and offset are printed",
            "  2  wrong usage",
            "  3  refused: another process holds the directory",
            "  4  no such directory, or not a Holdfast data directory",
            "  5  the node that holds the directory does not answer"
        })
final class StorageVerifyCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    private boolean live;

    @Override
    public Integer call() throws IOException {
        VerifyReport report = verify(target.directory());
        output.document(
                document(report),
                report.partitions().stream().map(PartitionTotals::partition),
                () -> print(report, output.out()));
        return report.isSound() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private VerifyReport verify(Path path) throws IOException {
        try (StoppedDirectory directory = StoppedDirectory.open(path, "holdfast storage verify")) {
            return new Verifier(directory).verify();
        } catch (DirectoryInUseException inUse) {
            try (AdminClient node = Target.live(path, inUse)) {
                live = true;
                return new LiveVerifier(path, node::writtenEnd).verify();
            }
        }
    }

    private void print(VerifyReport report, PrintWriter out) {
        output.table(report.partitions().stream(), partitions(report));
        for (Finding finding : report.findings()) {
            out.println(Table.printable(finding.toString()));
        }
        long records =
                report.partitions().stream().mapToLong(PartitionTotals::records).sum();
        out.println((report.isSound() ? "Sound" : "DAMAGED") + ": directory=" + report.directory() + ", partitions="
                + report.partitions().size() + ", records=" + records + ", damage="
                + count(report, Severity.DAMAGE) + ", warnings=" + count(report, Severity.WARNING) + ", notes="
                + count(report, Severity.NOTE));
    }

    private Listing<PartitionTotals> partitions(VerifyReport report) {
        return new Listing<PartitionTotals>("No partitions", PartitionTotals::partition, StorageVerifyCommand::document)
                .column("PARTITION", PartitionTotals::partition)
                .detail("RECORDS", PartitionTotals::records)
                .detail("BYTES", PartitionTotals::bytes)
                .detail("SEGMENTS", PartitionTotals::segments)
                .detail(
                        "CHECKPOINT",
                        partition -> checkpoint(partition.checkpoint().value()))
                .detail("END", partition -> partition.end().lsn().value())
                .detail("HIGH-WATER", partition -> partition.highWaterMark().value())
                .column("CLOSED", this::closed)
                .column("STATE", partition -> state(report, partition));
    }

    private static Object checkpoint(long lsn) {
        return lsn == 0 ? "-" : lsn;
    }

    private static long count(VerifyReport report, Severity severity) {
        return report.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private String closed(PartitionTotals partition) {
        if (live) {
            return "in use";
        }
        if (partition.session() == 0) {
            return "never written";
        }
        return partition.clean() ? "in order" : "no";
    }

    /** The worst finding about the partition. */
    private static Cell state(VerifyReport report, PartitionTotals partition) {
        return report.findings().stream()
                .filter(finding -> partition.partition().equals(finding.partition()))
                .map(Finding::severity)
                .max(Severity::compareTo)
                .map(worst -> switch (worst) {
                    case NOTE -> new Cell("ok, see note", Style.GOOD);
                    case WARNING -> new Cell("WARNING", Style.WARNING);
                    case DAMAGE -> new Cell("DAMAGED", Style.BAD);
                })
                .orElse(new Cell("ok", Style.GOOD));
    }

    private Map<String, Object> document(VerifyReport report) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("directory", report.directory().toString());
        document.put("live", live);
        document.put("sound", report.isSound());
        document.put(
                "partitions",
                report.partitions().stream().map(StorageVerifyCommand::document).toList());
        document.put(
                "findings",
                report.findings().stream().map(StorageVerifyCommand::document).toList());
        return document;
    }

    private static Map<String, Object> document(PartitionTotals partition) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("partition", partition.partition().value());
        document.put("records", partition.records());
        document.put("bytes", partition.bytes());
        document.put("segments", partition.segments());
        document.put("checkpointLsn", partition.checkpoint().value());
        document.put("checkpointItems", partition.checkpointItems());
        document.put("endLsn", partition.end().lsn().value());
        document.put("epoch", partition.end().epoch().value());
        document.put("highWaterMark", partition.highWaterMark().value());
        document.put("reservedSequenceEnd", partition.reservedEndExclusive());
        document.put("session", partition.session());
        document.put("closedInOrder", partition.clean());
        return document;
    }

    private static Map<String, Object> document(Finding finding) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("severity", finding.severity().name());
        if (finding.partition() != null) {
            document.put("partition", finding.partition().value());
        }
        document.put("file", finding.file().toString());
        if (finding.offset() >= 0) {
            document.put("offset", finding.offset());
        }
        document.put("expected", finding.expected());
        document.put("found", finding.found());
        return document;
    }
}
