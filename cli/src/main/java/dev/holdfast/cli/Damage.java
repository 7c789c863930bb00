package dev.holdfast.cli;

import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Output;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.admin.TaskView;
import java.util.Optional;

/** Partitions that could not be read. */
final class Damage {

    private static final Optional<ErrorCode> SILENT = Optional.of(ErrorCode.PARTITION_WITHOUT_LEADER);

    private Damage() {}

    /**
     * Says which partitions are missing from an answer.
     *
     * @return the exit code: UNREACHABLE if nobody leads one of them, else FAILED if there is one
     */
    static int report(TaskView view, Output output) {
        view.problems()
                .forEach((partition, problem) -> output.note("holdfast: partition " + partition
                        + " can not be read, its tasks are missing here: " + problem));
        boolean silent = view.problems().values().stream().map(ErrorCode::in).anyMatch(SILENT::equals);
        if (silent) {
            return ExitCodes.UNREACHABLE;
        }
        return view.problems().isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
    }
}
