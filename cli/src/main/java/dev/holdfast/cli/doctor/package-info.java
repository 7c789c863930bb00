/**
 * {@code holdfast doctor}: what of the JVM, the disk, the file system, the clock, the limits, the directory and the
 * configuration would get in a node's way, and what to do about it. Changes nothing but a file that it makes and removes to
 * measure the disk. One thread, the one that runs the command.
 */
@NullMarked
package dev.holdfast.cli.doctor;

import org.jspecify.annotations.NullMarked;
