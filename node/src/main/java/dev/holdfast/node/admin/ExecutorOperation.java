package dev.holdfast.node.admin;

/** What an operator does to an executor. Append only: the ordinals are spoken on {@code admin.sock}. */
public enum ExecutorOperation {
    PAUSE,
    RESUME,
    SHUTDOWN,
    REOPEN
}
