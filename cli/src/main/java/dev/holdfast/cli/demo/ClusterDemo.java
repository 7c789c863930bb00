package dev.holdfast.cli.demo;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskQuery;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.demo.ChildEvent.Kind;
import dev.holdfast.cli.demo.DemoCluster.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The job on a cluster: a client of it, this process, stores a task for each file; a member that has tasks in hand is killed; one more
 * joins, and gets the last third of the tasks to share. Then another client asks for everything again. One thread, but for the ends of
 * tasks.
 */
final class ClusterDemo {

    /** The member that joins is to lead a partition by then; the demo goes on without that, and says so. */
    private static final Duration SHARE = Duration.ofSeconds(60);

    private static final long LOOK_MILLIS = 100;

    private final DemoDirectory directory;
    private final DemoPlan plan;
    private final Sightings seen;
    private final Progress progress;
    private final Duration patience;
    private final int count;
    private final BlockingQueue<ChildEvent> ends = new LinkedBlockingQueue<>();
    private final Map<String, Object> about = new LinkedHashMap<>();

    ClusterDemo(
            DemoDirectory directory, DemoPlan plan, Sightings seen, Progress progress, Duration patience, int count) {
        this.directory = directory;
        this.plan = plan;
        this.seen = seen;
        this.progress = progress;
        this.patience = patience;
        this.count = count;
    }

    /** Fewest files for so many members: one of them has to have a task in hand when its places are used up. */
    static int fewestFiles(int nodes) {
        return 4 * nodes;
    }

    /** Those that are stored before the kill. */
    static int stored(int files) {
        return files * 2 / 3;
    }

    /** Of each member: half of what is stored gets through, at most, so that one stands at its gate. */
    private long places() {
        return Math.max(1, stored(plan.files().size()) / (2L * count));
    }

    /** Runs it all; what there is to say beside the report. */
    Map<String, Object> run() throws IOException, InterruptedException {
        try (DemoCluster cluster = new DemoCluster(directory, patience, count, places())) {
            cluster.start();
            progress.line(count + " nodes, each in a process of its own, are a cluster: "
                    + cluster.nodes().stream()
                            .map(node -> node.name() + " pid=" + node.pid())
                            .collect(Collectors.joining(", ")));
            try (HoldfastInstance client = cluster.client()) {
                work(cluster, client.getDurableExecutorService(DemoPlan.EXECUTOR));
            }
            progress.line("Asking for every task and result again, as another client");
            try (HoldfastInstance client = cluster.client()) {
                askAgain(client.getDurableExecutorService(DemoPlan.EXECUTOR));
            }
            Map<String, Integer> executedBy = executedBy(cluster);
            about.put("executedBy", executedBy);
            progress.line("  executed by: " + executedBy.toString().replaceAll("[{}]", ""));
            progress.line("Stopping the others in order");
            cluster.stop();
        }
        return about;
    }

    private void work(DemoCluster cluster, DurableExecutorService executor) throws IOException, InterruptedException {
        int files = plan.files().size();
        int first = stored(files);
        seen.record(ChildEvent.of(Kind.READY, "before the kill", 0));
        progress.line("This process, a client of it, stores " + first + " tasks");
        for (int file = 0; file < first; file++) {
            store(executor, file);
        }
        Node victim = untilOneIsHeld(cluster);
        progress.line("  " + seen.ended() + " tasks finished, " + (first - seen.ended()) + " running or waiting, "
                + victim.name() + " has some in hand");
        progress.line("Killing " + victim.name() + " with SIGKILL: kill -9 " + victim.pid());
        boolean killed = cluster.kill(victim);
        if (killed) {
            seen.record(ChildEvent.of(Kind.KILLED, victim.pid()));
        }
        takeEnds(); // what was told before was promised
        about.put("nodes", count);
        about.put("killedNode", victim.name());
        int before = seen.ended();
        about.put("finishedAtKill", before);
        seen.record(ChildEvent.of(Kind.READY, "after the kill", 0));
        cluster.openGates();
        Node added = cluster.add();
        about.put("joinedNode", added.name());
        progress.line("Starting one more: " + added.name() + " pid=" + added.pid() + " is a member");
        boolean leads = cluster.comesToBe(
                report -> report.partitions().stream()
                        .anyMatch(copies -> report.nameOf(copies.primary()).equals(added.name())),
                SHARE);
        about.put("joinedLeads", leads);
        progress.line("Storing the other " + (files - first) + " tasks: " + added.name()
                + (leads ? " leads partitions by now" : " leads no partition after " + SHARE.toSeconds() + " s"));
        for (int file = first; file < files; file++) {
            store(executor, file);
        }
        untilFinished(cluster, files - before);
    }

    private void store(DurableExecutorService executor, int file) throws IOException {
        String path = plan.files().get(file).path();
        DurableExecutorServiceFuture<FileDigest> future =
                executor.submit(new FileDigestTask(plan.folder(), path), DemoPlan.options(path));
        seen.record(ChildEvent.ofTask(Kind.STORED, file, future.getTaskId()));
        future.whenComplete((digest, failure) -> ends.add(
                failure == null
                        ? ChildEvent.result(Kind.FINISHED, file, future.getTaskId(), digest)
                        : ChildEvent.failed(file, future.getTaskId(), DemoPlan.describe(failure))));
        takeEnds();
    }

    private void takeEnds() throws IOException {
        for (ChildEvent end = ends.poll(); end != null; end = ends.poll()) {
            seen.record(end);
        }
    }

    /** A member that has tasks in hand and will not finish them; something is finished by then. */
    private Node untilOneIsHeld(DemoCluster cluster) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - end < 0) {
            cluster.look();
            takeEnds();
            for (Node node : cluster.nodes()) {
                if (node.isHeld() && seen.ended() > 0) {
                    return node;
                }
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        throw stuck("no member came to have tasks in hand");
    }

    private void untilFinished(DemoCluster cluster, int left) throws IOException, InterruptedException {
        progress.begin();
        int done = seen.ended();
        progress.show("finished", done, left);
        while (done < left) {
            ChildEvent event = ends.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            cluster.look();
            if (event == null) {
                throw stuck("no task has ended");
            }
            seen.record(event);
            done = seen.ended();
            progress.show("finished", done, left);
        }
    }

    private CommandFailure stuck(String what) {
        return new CommandFailure(
                ExitCodes.FAILED,
                "The demo's cluster is stuck: " + what + " for " + patience.toSeconds() + " s, logs="
                        + directory.own("node-*.log"));
    }

    /** Every task once more: the same ids and the same results, and no task beside them. */
    private void askAgain(DurableExecutorService executor) throws IOException, InterruptedException {
        for (int file = 0; file < plan.files().size(); file++) {
            String path = plan.files().get(file).path();
            long id = executor.submit(new FileDigestTask(plan.folder(), path), DemoPlan.options(path))
                    .getTaskId();
            seen.record(ChildEvent.ofTask(Kind.STORED, file, id));
            seen.record(result(executor, file, id));
        }
        try (Stream<TaskInfo> tasks = executor.tasks(TaskQuery.all())) {
            seen.record(ChildEvent.of(Kind.TASKS, tasks.count()));
        }
    }

    private static ChildEvent result(DurableExecutorService executor, int file, long id) throws InterruptedException {
        try {
            FileDigest digest = executor.<FileDigest>retrieveResult(id).get();
            return ChildEvent.result(Kind.SERVED, file, id, digest);
        } catch (ExecutionException failed) {
            return ChildEvent.failed(file, id, DemoPlan.describe(failed));
        }
    }

    private Map<String, Integer> executedBy(DemoCluster cluster) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Node node : cluster.nodes()) {
            counts.put(node.name(), countOf(node.identity()));
        }
        return counts;
    }

    private int countOf(@Nullable String process) {
        int found = 0;
        for (int file = 0; file < plan.files().size(); file++) {
            found += seen.digest(file)
                            .filter(digest -> digest.process().equals(process))
                            .isPresent()
                    ? 1
                    : 0;
        }
        return found;
    }
}
