package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Output;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.storage.directory.DirectoryInUseException;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.verify.RecordDump;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code holdfast storage dump}. */
@Command(
        name = "dump",
        description = {
            "Print records as YAML, one document each: the newest checkpoint of each partition, then its log.",
            "Of a running node up to what it had committed when it was asked, beside its work."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "-o table and yaml print YAML, json one array, ids the log sequence numbers.",
            "",
            "Exit codes:",
            "  0  printed",
            "  1  damage was met: it is a document of its own, and told on the standard error",
            "  2  wrong usage",
            "  3  refused: another process holds the directory",
            "  4  no such directory or partition, or not a Holdfast data directory",
            "  5  the node that holds the directory does not answer"
        })
final class StorageDumpCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Option(names = "--partition", paramLabel = "N", description = "Only this partition; default: all.")
    private @Nullable Integer partition;

    @Option(names = "--from-lsn", paramLabel = "N", description = "Leave out what is before this log sequence number.")
    private long fromLsn;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many documents.")
    private long limit = Long.MAX_VALUE;

    @Override
    public Integer call() throws IOException {
        if (fromLsn < 0 || limit < 0) {
            throw new ParameterException(spec.commandLine(), "--from-lsn and --limit: allowed are 0 and more");
        }
        Path path = target.directory();
        DumpPrinter documents = new DumpPrinter(output);
        try (StoppedDirectory directory = StoppedDirectory.open(path, "holdfast storage dump")) {
            return dump(
                    path,
                    (each, left) -> RecordDump.dump(directory, each, new Lsn(fromLsn), left, documents),
                    documents);
        } catch (DirectoryInUseException inUse) {
            return dumpLive(path, inUse, documents);
        } catch (DumpPrinter.NobodyReads headOrLess) {
            return ExitCodes.OK;
        }
    }

    private int dumpLive(Path path, DirectoryInUseException inUse, DumpPrinter documents) throws IOException {
        try (AdminClient node = Target.live(path, inUse)) {
            return dump(
                    path,
                    (each, left) ->
                            RecordDump.dumpLive(path, node::writtenEnd, each, new Lsn(fromLsn), left, documents),
                    documents);
        } catch (DumpPrinter.NobodyReads headOrLess) {
            return ExitCodes.OK;
        }
    }

    /** Prints a partition, and tells the first damage. */
    private interface Dump {
        Optional<LogDamage> of(PartitionId partition, long limit) throws IOException;
    }

    private int dump(Path directory, Dump dump, DumpPrinter documents) throws IOException {
        boolean sound = true;
        for (PartitionId each : partitions(directory)) {
            long left = limit - documents.count();
            if (left > 0) {
                Optional<LogDamage> damage = dump.of(each, left);
                output.out().flush();
                damage.ifPresent(found -> spec.commandLine().getErr().println("holdfast: " + found));
                sound &= damage.isEmpty();
            }
        }
        documents.finish();
        return sound ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private List<PartitionId> partitions(Path directory) throws IOException {
        List<PartitionId> all = DirectoryLayout.partitions(directory);
        Integer one = partition;
        if (one == null) {
            return all;
        }
        List<PartitionId> chosen =
                all.stream().filter(each -> each.value() == one).toList();
        if (chosen.isEmpty()) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    "No such partition: --partition=" + one + ", directory=" + directory + ", it has " + all.size()
                            + " partitions, from 0");
        }
        return chosen;
    }
}
