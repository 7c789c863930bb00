package dev.holdfast;

import org.jspecify.annotations.Nullable;

/** The context of the task that a thread runs. */
final class CurrentTaskContext {

    static final ThreadLocal<@Nullable TaskContext> HOLDER = new ThreadLocal<>();

    private CurrentTaskContext() {}
}
