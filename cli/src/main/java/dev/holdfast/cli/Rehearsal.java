package dev.holdfast.cli;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskOptions;
import dev.holdfast.config.Config;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Does what the usual commands do, on a directory of its own, while the launcher has the JVM write down which classes that
 * takes: from them it makes the archive that later starts read in place of the jars. What fails here is only not archived.
 */
final class Rehearsal {

    private static final List<String> LOOKING = List.of(
            "tasks list",
            "tasks list --state FAILED -o ids",
            "tasks list -o json",
            "tasks list -o yaml",
            "tasks list --color always",
            "executors list",
            "doctor");

    private final String data;

    private Rehearsal(String data) {
        this.data = data;
    }

    /** @param arguments a directory that does not exist yet */
    public static void main(String[] arguments) throws Exception {
        new Rehearsal(arguments[0]).run();
        System.exit(0);
    }

    private void run() throws InterruptedException {
        run("--help");
        run("--version");
        run("help");
        run("tassks");
        for (CommandTree.Entry entry : CommandTree.ENTRIES) {
            run(entry.path() + " --help");
        }
        Config config = new Config().setPartitionCount(1).setNodeName("rehearsal");
        config.getStorageConfig().setDirectory(Path.of(data));
        long taskId;
        long streamed;
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            DurableExecutorService executor = node.getDurableExecutorService("rehearsal");
            taskId =
                    ended(executor.submit(new Part("done"), TaskOptions.create().label("rehearsal")));
            ended(executor.submit(new Part("fail"), TaskOptions.create()));
            streamed = ended(executor.submit((DurableCallable<List<Integer>>) () -> List.of(1)));
            look(taskId);
        }
        look(taskId);
        run("tasks show " + streamed + " --data " + data); // a record and this one are stored in different forms
        run("storage verify --data " + data);
    }

    private void look(long taskId) {
        Stream.concat(LOOKING.stream(), Stream.of("tasks show " + taskId, "tasks result " + taskId))
                .forEach(command -> run(command + " --data " + data));
    }

    private static void run(String command) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Main.run(nowhere, nowhere, command.split(" "));
    }

    private static long ended(DurableExecutorServiceFuture<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException onPurpose) {
            // one of the tasks fails
        }
        return future.getTaskId();
    }

    private record Part(String what) implements Callable<String>, Serializable {
        @Override
        public String call() {
            if (what.equals("fail")) {
                throw new IllegalStateException("rehearsed");
            }
            return what;
        }
    }
}
