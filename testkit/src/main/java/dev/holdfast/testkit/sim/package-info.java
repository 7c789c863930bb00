/**
 * The deterministic simulator: the real replication core, control table and task ledger over a simulated network, disk, clock
 * and control plane. One seed decides everything that happens; {@code docs/simulation.md} says what is simulated and what is
 * not.
 *
 * <p>One thread: everything happens in the events of one {@code Timeline}.
 */
@NullMarked
package dev.holdfast.testkit.sim;

import org.jspecify.annotations.NullMarked;
