/**
 * Puts a node together and takes it apart: the only package that sees every implementation. The threads that a node has
 * beside its workers are made here; {@code docs/concurrency.md} lists them.
 */
@NullMarked
package dev.holdfast.node.assembly;

import org.jspecify.annotations.NullMarked;
