package dev.holdfast.cli.demo;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Quoting;
import dev.holdfast.cli.demo.DemoPlan.DemoFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "One durable task per file of FOLDER: size, lines, SHA-256. The node runs in a process of its own, which is"
                    + " killed with SIGKILL half way and started again on the same directory: it serves what was stored,"
                    + " executes what was not, and every digest is checked against an independent computation.",
            "With --nodes 3 three processes are a cluster, one of them is killed while it works, one more joins, and the others go on.",
            "Left out: .git, Maven's target folders, data directories of Holdfast, symbolic links."
        },
        footer = {
            "",
            "Exit codes:",
            "  0  nothing lost, nothing twice, every digest right, something served and something executed",
            "  1  any of that is not so, or the node failed; the directory is kept",
            "  2  wrong usage",
            "  3  refused: unreadable files in FOLDER, or the data directory is in use, kept, or not a demo's",
            "  4  FOLDER does not exist, is no folder, or has fewer than two files; nothing to resume"
        })
public final class DemoCommand implements Callable<Integer> {

    private static final int FEWEST_FILES = 2;
    private static final int MOST_FILES = 1_000_000;
    private static final int MOST_THREADS = 1_024;
    private static final int FEWEST_NODES = 3;
    private static final int MOST_NODES = 7;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            description =
                    "Folder to read; default: the checkout that the launcher lies in, else the working directory.")
    private @Nullable Path folder;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "On a cluster of N nodes, 3 to " + MOST_NODES
                    + ", on this machine: one is killed, and one more joins."
                    + " Default: 1, killed and started again.")
    private int nodes = 1;

    @Option(
            names = "--kill-after",
            paramLabel = "N",
            description = "Kill after N finished tasks; default: half of them. At least 1, fewer than there are files.")
    private @Nullable Integer killAfter;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory, new or of an earlier demo, which is replaced; default: "
                    + DemoDirectory.DEFAULT + ".")
    private @Nullable Path data;

    @Option(names = "--keep", description = "Keep the data directory for good: without it the next demo replaces it.")
    private boolean keep;

    @Option(
            names = "--digests",
            paramLabel = "FILE",
            description = "Write the digests; check them with: cd FOLDER && sha256sum -c FILE.")
    private @Nullable Path digests;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Option(names = "--interactive", description = "Print the pid and wait for your own kill -9; then: demo --resume.")
    private boolean interactive;

    @Option(names = "--resume", description = "Finish a demo whose node was killed.")
    private boolean resume;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Size of the executor's pool; default: the processors, at least 2.")
    private int threads = Math.max(2, Runtime.getRuntime().availableProcessors());

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            hidden = true,
            description = "Kill a node that shows no sign of life for so long.")
    private int patienceSeconds = 120;

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkOptions();
        boolean table = output.isTable();
        Progress progress =
                new Progress(table ? output.out() : spec.commandLine().getErr(), output.terminal(), table);
        if (resume) {
            Path path = data == null ? Path.of(DemoDirectory.DEFAULT) : data;
            try (DemoDirectory directory = DemoDirectory.existing(path)) {
                return resume(directory, progress);
            }
        }
        if (nodes > 1) {
            return onCluster(progress);
        }
        Path source = folder().toAbsolutePath().normalize();
        List<DemoFile> files = list(source);
        try (DemoDirectory directory = DemoDirectory.fresh(data)) {
            int finishing = killAfter == null ? files.size() / 2 : killAfter;
            int pool = Math.min(threads, Math.max(1, files.size() - finishing - 1));
            DemoPlan plan = new DemoPlan(source.toString(), finishing, pool, keep, files);
            directory.write(plan);
            return run(directory, plan, progress);
        }
    }

    private int onCluster(Progress progress) throws IOException, InterruptedException {
        Path source = folder().toAbsolutePath().normalize();
        List<DemoFile> files = list(source);
        int fewest = ClusterDemo.fewestFiles(nodes);
        if (files.size() < fewest) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    "Too few files: folder=" + source + ", files=" + files.size() + "; on " + nodes + " nodes it takes "
                            + fewest + " or more");
        }
        try (DemoDirectory directory = DemoDirectory.fresh(data)) {
            DemoPlan plan = new DemoPlan(source.toString(), 0, threads, keep, files);
            directory.write(plan);
            sayWhat(plan, progress);
            try (Sightings seen = Sightings.open(directory.own("seen.jsonl"), files.size())) {
                seen.ofSeveral();
                Map<String, Object> about = new ClusterDemo(
                                directory, plan, seen, progress, Duration.ofSeconds(patienceSeconds), nodes)
                        .run();
                DemoReport report = check(directory, plan, seen, progress);
                Map<String, Object> document = report.document();
                document.put("directory", directory.path().toString());
                document.put("folder", plan.folder());
                document.putAll(about);
                print(directory, plan, seen, report, document, progress);
                return report.isGood() ? ExitCodes.OK : ExitCodes.FAILED;
            }
        }
    }

    private void checkOptions() throws IOException {
        check(
                nodes == 1 || (nodes >= FEWEST_NODES && nodes <= MOST_NODES),
                "--nodes=" + nodes + ": allowed are 1, and " + FEWEST_NODES + " to " + MOST_NODES
                        + ": of two nodes none can go on without the other");
        check(
                nodes == 1 || (!resume && !interactive && killAfter == null),
                "--nodes goes without --interactive, --resume and --kill-after");
        check(!resume || (folder == null && killAfter == null), "--resume goes on with the folder that the demo had");
        check(!resume || !interactive, "--resume and --interactive exclude each other");
        check(!interactive || output.isTable(), "--interactive talks to a person: no -o");
        check(!interactive || digests == null, "--interactive ends at the kill: give --digests to demo --resume");
        check(threads >= 1 && threads <= MOST_THREADS, "--threads=" + threads + ": allowed are 1 to " + MOST_THREADS);
        check(patienceSeconds >= 1, "--patience=" + patienceSeconds + ": allowed are 1 and more");
        if (digests != null) {
            Path parent = digests.toAbsolutePath().getParent();
            check(
                    parent != null && Files.isDirectory(parent) && !Files.isDirectory(digests),
                    "--digests=" + digests + ": must be a file in a folder that exists");
        }
    }

    private void check(boolean good, String otherwise) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private Path folder() {
        String home = System.getProperty("holdfast.home", "");
        return folder == null ? Path.of(home) : folder;
    }

    private List<DemoFile> list(Path source) throws IOException {
        Set<Path> excluded = new HashSet<>();
        excluded.add((data == null ? Path.of(DemoDirectory.DEFAULT) : data)
                .toAbsolutePath()
                .normalize());
        if (digests != null) {
            excluded.add(digests.toAbsolutePath().normalize());
        }
        List<DemoFile> files = FolderListing.of(source, excluded);
        if (files.size() < FEWEST_FILES) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    "Too few files: folder=" + source + ", files=" + files.size()
                            + "; the demo kills half way, so it takes 2 or more");
        }
        if (files.size() > MOST_FILES) {
            throw new CommandFailure(
                    ExitCodes.REFUSED,
                    "Too many files: folder=" + source + ", files=" + files.size() + ", allowed are up to " + MOST_FILES
                            + "; name a smaller folder");
        }
        check(
                killAfter == null || (killAfter >= 1 && killAfter < files.size()),
                "--kill-after=" + killAfter + ": allowed are 1 to " + (files.size() - 1) + ", the folder has "
                        + files.size() + " files");
        return files;
    }

    private int run(DemoDirectory directory, DemoPlan plan, Progress progress)
            throws IOException, InterruptedException {
        sayWhat(plan, progress);
        try (Sightings seen =
                Sightings.open(directory.own("seen.jsonl"), plan.files().size())) {
            DemoJob job = job(directory, plan, seen, progress);
            if (interactive) {
                return job.letTheUserKill(resumeCommand(directory)) ? ExitCodes.OK : ExitCodes.FAILED;
            }
            job.killHalfWay();
            return finish(directory, plan, seen, job, progress);
        }
    }

    private static void sayWhat(DemoPlan plan, Progress progress) {
        long bytes = plan.files().stream().mapToLong(DemoFile::size).sum();
        progress.line(String.format(
                Locale.ROOT,
                "Demo: %d files, %.1f MB, in %s",
                plan.files().size(),
                bytes / 1e6,
                Quoting.path(Path.of(plan.folder()))));
    }

    private int resume(DemoDirectory directory, Progress progress) throws IOException, InterruptedException {
        if (directory.isFinished()) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    "This demo is finished, there is nothing to resume: directory=" + directory.path()
                            + "; start another one with `demo --interactive`");
        }
        DemoPlan plan = directory.plan();
        try (Sightings seen =
                Sightings.open(directory.own("seen.jsonl"), plan.files().size())) {
            return finish(directory, plan, seen, job(directory, plan, seen, progress), progress);
        }
    }

    private DemoJob job(DemoDirectory directory, DemoPlan plan, Sightings seen, Progress progress) {
        return new DemoJob(directory, plan, seen, progress, Duration.ofSeconds(patienceSeconds));
    }

    private int finish(DemoDirectory directory, DemoPlan plan, Sightings seen, DemoJob job, Progress progress)
            throws IOException, InterruptedException {
        job.finish();
        DemoReport report = check(directory, plan, seen, progress);
        Map<String, Object> document = report.document();
        document.put("directory", directory.path().toString());
        document.put("folder", plan.folder());
        document.put("killAfter", plan.killAfter());
        document.put("runningAtKill", plan.runningAtKill());
        print(directory, plan, seen, report, document, progress);
        return report.isGood() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private DemoReport check(DemoDirectory directory, DemoPlan plan, Sightings seen, Progress progress)
            throws IOException {
        progress.line("Checking every digest against an independent computation");
        DemoReport report = DigestCheck.of(plan, seen);
        directory.markFinished();
        if (digests != null) {
            DigestsFile.write(digests, report.digests());
        }
        return report;
    }

    private void print(
            DemoDirectory directory,
            DemoPlan plan,
            Sightings seen,
            DemoReport report,
            Map<String, Object> document,
            Progress progress) {
        report.shortcomings().forEach(shortcoming -> progress.line("  " + shortcoming));
        LongStream ids = IntStream.range(0, plan.files().size()).mapToLong(seen::taskId);
        output.document(document, ids.boxed(), () -> printFacts(directory, seen, report, progress));
    }

    private void printFacts(DemoDirectory directory, Sightings seen, DemoReport report, Progress progress) {
        progress.line(report.facts());
        String command = Quoting.command();
        // of a cluster, one that has lived on: it has the copies of its own partitions
        Path of = nodes == 1 ? directory.path() : directory.path().resolve("node-" + (nodes + 1));
        String where = " --data " + Quoting.path(of);
        progress.line(command + " tasks list" + where);
        if (nodes == 1) {
            progress.line(command + " tasks show " + seen.taskId(0) + where);
        }
        progress.line(command + " storage verify" + where);
    }

    private String resumeCommand(DemoDirectory directory) {
        boolean usual = directory
                .path()
                .equals(Path.of(DemoDirectory.DEFAULT).toAbsolutePath().normalize());
        return Quoting.command() + " demo --resume" + (usual ? "" : " --data " + Quoting.path(directory.path()));
    }
}
