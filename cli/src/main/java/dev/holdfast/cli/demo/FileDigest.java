package dev.holdfast.cli.demo;

import java.io.Serializable;

/**
 * What a {@link FileDigestTask} found, and where it was made.
 *
 * @param size bytes
 * @param lines newline characters, as {@code wc -l} counts them
 * @param sha256 in lower-case hexadecimal
 * @param process the process that executed the task
 * @param execution drawn at random at the execution: a task that is executed twice shows
 */
public record FileDigest(long size, long lines, String sha256, String process, String execution)
        implements Serializable {}
