/**
 * What every command of the console uses: exit codes, failures that are one line, the terminal, tables and documents. One
 * thread, the one that runs the command.
 */
@NullMarked
package dev.holdfast.cli.console;

import org.jspecify.annotations.NullMarked;
