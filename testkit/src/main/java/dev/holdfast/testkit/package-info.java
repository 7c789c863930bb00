/**
 * Tools to test Holdfast, and what is built on it, with real processes: child JVMs that can be killed, and a history of what
 * they said that outlives them. Each class says which threads may use it.
 */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
