/**
 * The public API: what users write against. No thread is owned here; what a method may block on stands at the method.
 */
@NullMarked
package dev.holdfast;

import org.jspecify.annotations.NullMarked;
