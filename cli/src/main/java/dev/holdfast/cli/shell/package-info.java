/**
 * {@code holdfast shell}: many commands in one process, from a person or from a script. Everything runs on the thread of the
 * command. JLine is only loaded when there is a terminal.
 */
@NullMarked
package dev.holdfast.cli.shell;

import org.jspecify.annotations.NullMarked;
