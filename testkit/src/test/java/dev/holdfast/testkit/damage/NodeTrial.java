package dev.holdfast.testkit.damage;

import dev.holdfast.Cluster;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastException;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** As {@link Trial}, with a whole node on the copy, asked for every task that is known. */
final class NodeTrial {

    private static final int SECONDS = 30;

    private final Fixture fixture;
    private final Damage damage;
    private final Path directory;
    private final List<String> violations = new ArrayList<>();

    /** @param directory does not exist yet */
    NodeTrial(Fixture fixture, Damage damage, Path directory) {
        this.fixture = fixture;
        this.damage = damage;
        this.directory = directory;
    }

    List<String> violations() {
        return violations;
    }

    void run() throws IOException, InterruptedException {
        Files.createDirectory(directory);
        fixture.image().writeTo(directory);
        damage.change().on(directory);
        try (HoldfastInstance node = Holdfast.newInstance(Fixtures.config(directory, fixture.sync()))) {
            Cluster.Partition target = node.getCluster().partitions().get(0);
            String problem = target.serving() ? null : String.valueOf(target.problem());
            if (problem != null && !problem.contains("partition-0000")) {
                violations.add("refused without a file: " + problem);
            }
            String file = damage.file();
            if (problem != null && file != null && !problem.contains(file)) {
                violations.add("refused, and another file is named: " + problem);
            }
            for (Fixture.Known known : fixture.known()) {
                if (known.partition() == 0 || damage.sparesOther()) {
                    ask(node, known, known.partition() == 0 ? problem : null);
                }
            }
            if (problem == null) {
                goOn(node, 0);
            }
            if (damage.sparesOther()) {
                goOn(node, 1);
            }
        } catch (HoldfastException e) {
            if (!damage.ofNode() || !String.valueOf(e.getMessage()).contains("node.")) {
                violations.add("the node does not start: " + e);
            }
        }
    }

    private void ask(HoldfastInstance node, Fixture.Known known, @Nullable String problem) throws InterruptedException {
        String answer = answer(node, known.id());
        if (problem != null) {
            if (!answer.contains("[HF-0401]") || !answer.contains("partition-0000")) {
                violations.add("a partition that refuses answers: " + known + ": " + answer);
            }
            return;
        }
        if (!expected(known).contains(answer)) {
            violations.add("wrong: " + known + ": " + answer);
        }
    }

    private List<String> expected(Fixture.Known known) {
        String result = (known.fate() == Fixture.Fate.FAILED ? "failed " : "returned ")
                + known.work().value();
        boolean lossy = fixture.mayLoseTail() && known.partition() == 0;
        if (known.fate() == Fixture.Fate.DISPOSED) {
            return lossy ? List.of("stale DISPOSED", "stale LOST", result) : List.of("stale DISPOSED");
        }
        return lossy ? List.of(result, "stale LOST") : List.of(result);
    }

    private static String answer(HoldfastInstance node, long id) throws InterruptedException {
        try {
            return "returned "
                    + node.getDurableExecutorService(Fixtures.EXECUTOR)
                            .<String>retrieveResult(id)
                            .get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StaleTaskIdException stale) {
                return "stale " + stale.reason();
            }
            return e.getCause() instanceof IllegalStateException thrown
                    ? "failed " + thrown.getMessage()
                    : "error " + e.getCause();
        } catch (java.util.concurrent.TimeoutException e) {
            return "no answer";
        }
    }

    /** New tasks run, under ids that nobody has. */
    private void goOn(HoldfastInstance node, int partition) throws InterruptedException {
        DurableExecutorService service = node.getDurableExecutorService(Fixtures.EXECUTOR);
        Work work = new Work(777, Work.Kind.SMALL);
        try {
            var future = service.submit(work, TaskOptions.create().key(Fixtures.keyOf(node, partition)));
            long id = future.getTaskId();
            if (fixture.known().stream().anyMatch(known -> known.id() == id)) {
                violations.add("an id is issued twice: " + id);
            }
            String value = future.get(SECONDS, TimeUnit.SECONDS);
            if (!value.equals(work.value())) {
                violations.add("a new task returned " + value);
            }
        } catch (ExecutionException | java.util.concurrent.TimeoutException | RuntimeException e) {
            violations.add("partition " + partition + " does not go on: " + e);
        }
    }
}
