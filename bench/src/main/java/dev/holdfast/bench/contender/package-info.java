/**
 * What is measured: Holdfast and those it is compared with, behind one interface. A contender's own threads are its own
 * business; {@code dev.holdfast.bench.load} calls it from the submitting threads.
 */
@NullMarked
package dev.holdfast.bench.contender;

import org.jspecify.annotations.NullMarked;
