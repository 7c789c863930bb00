package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Output;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.AdminFailure;
import dev.holdfast.node.admin.ClusterOrder;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast cluster leave}. */
@Command(
        name = "leave",
        description = {
            "Have the node of a data directory hand its copies over to others, and be a member no more.",
            "It goes on working until then; stop it afterwards. It comes back with an empty directory only."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  it is a member no more",
            "  1  not in time; it goes on leaving, and the command may be repeated",
            "  2  wrong usage",
            "  3  refused: the node is in no cluster",
            "  4  no such directory",
            "  5  no node runs there, or it does not answer"
        })
final class ClusterLeaveCommand implements Callable<Integer> {

    /** Of one request: admin.sock is not silent for longer. */
    private static final long SLICE_MILLIS = 10_000;

    private static final long PAUSE_MILLIS = 500;

    /** As good as for ever. */
    private static final Duration LONGEST = Duration.ofDays(365);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "For how long others may take to copy what it has: 30s, 10m; default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private String wait;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Duration longest = TaskFilter.duration(spec, "--wait", wait);
        long end = System.nanoTime() + (longest.compareTo(LONGEST) > 0 ? LONGEST : longest).toNanos();
        try (AdminClient member = target.member()) {
            while (true) {
                long slice = TimeUnit.NANOSECONDS.toMillis(Math.max(0, end - System.nanoTime()));
                try {
                    int millis = Math.toIntExact(Math.min(SLICE_MILLIS, slice));
                    print(member.order(ClusterOrder.leave(Target.operator(), millis)));
                    return ExitCodes.OK;
                } catch (AdminFailure failure) {
                    boolean mayCome = failure.reason() == AdminFailure.Reason.FAILED;
                    if (!mayCome || System.nanoTime() - end >= 0) {
                        throw new CommandFailure(
                                mayCome ? ExitCodes.FAILED : ExitCodes.REFUSED,
                                String.valueOf(failure.getMessage()),
                                failure);
                    }
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // it may have failed at once
                }
            }
        }
    }

    private void print(String done) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("outcome", done);
        output.document(document, Stream.of(), () -> output.out().println(done));
    }
}
