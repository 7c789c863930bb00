package dev.holdfast.cli;

import dev.holdfast.TaskState;
import dev.holdfast.cli.console.Style;

/** The colours of task states. */
final class StateStyle {

    private StateStyle() {}

    static Style of(TaskState state) {
        return switch (state) {
            case COMPLETED -> Style.GOOD;
            case RUNNING -> Style.ACTIVE;
            case PENDING, SCHEDULED -> Style.PLAIN;
            case FAILED -> Style.BAD;
            case PARKED, QUARANTINED -> Style.HELD;
            case CANCELLED -> Style.QUIET;
        };
    }
}
