/** One class for each invariant that a history of calls and runs can show to be broken. Pure; any thread. */
@NullMarked
package dev.holdfast.testkit.check;

import org.jspecify.annotations.NullMarked;
