package dev.holdfast.node.service;

/** What an operator does to a task by its id. Append only: the ordinals are spoken on {@code admin.sock}. */
public enum TaskAction {
    /** A waiting task never starts, a running one is interrupted. */
    CANCEL,
    /** A held or failed task runs again. */
    RETRY,
    /** As {@link #RETRY}, under the code that this node has now. */
    RETRY_CHANGED_CODE,
    /** Removes a held or failed task. */
    DISCARD,
    /** Removes a result, of an unfinished task when it ends. */
    DISPOSE
}
