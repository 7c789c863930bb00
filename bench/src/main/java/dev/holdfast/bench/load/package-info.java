/** How it is measured: each class is one kind of load, run in a JVM of its own, on threads that it owns. */
@NullMarked
package dev.holdfast.bench.load;

import org.jspecify.annotations.NullMarked;
