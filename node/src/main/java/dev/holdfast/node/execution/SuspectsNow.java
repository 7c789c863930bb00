package dev.holdfast.node.execution;

import dev.holdfast.storage.log.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a node with a counted crash, at a moment.
 *
 * @param running the one that runs, or null
 * @param waiting how many a worker has taken that wait for it
 */
public record SuspectsNow(@Nullable TaskId running, int waiting) {}
