package dev.holdfast.cli;

import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Watch;
import dev.holdfast.node.remote.ClusterReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that shows the cluster as a node sees it, once or with {@code --watch}. */
abstract class ClusterView implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Watch watch;

    @Override
    public final Integer call() throws IOException {
        return watch.show(output, () -> true, () -> show(target.report(), output));
    }

    /**
     * Says so where what is shown may be of before: the table does not reach a member that hears no leader.
     *
     * @return whether that is so
     */
    static boolean noteWithoutLeader(ClusterReport report, Output out) {
        boolean leaderless = report.leader() == null && !report.cluster().isEmpty();
        if (leaderless) {
            out.note("No leader of the control plane is known: this is what the table said when there was one.");
        }
        return leaderless;
    }

    /** Prints it; the exit code. */
    abstract int show(ClusterReport report, Output out) throws IOException;
}
