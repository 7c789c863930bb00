/**
 * Looks into streams of Java serialisation without loading a class: an operator sees what a task holds on a machine that has
 * none of its classes, and nothing of what is read runs. Follows the Object Serialization Stream Protocol, section 6 of the
 * Java Object Serialization Specification. Values only, no thread lives here; whoever asks owns what is read.
 */
@NullMarked
package dev.holdfast.node.codec.stream;

import org.jspecify.annotations.NullMarked;
