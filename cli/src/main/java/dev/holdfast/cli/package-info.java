/**
 * The console, {@code holdfast}: one class per command. A command runs on the main thread; what it changes it says.
 */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
