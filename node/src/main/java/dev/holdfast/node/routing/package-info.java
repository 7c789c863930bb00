/** Which partition a task goes to, and which one an id belongs to. No thread of its own; called on the caller's. */
@NullMarked
package dev.holdfast.node.routing;

import org.jspecify.annotations.NullMarked;
