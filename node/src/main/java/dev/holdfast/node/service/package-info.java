/** The public executor service over a node's partitions: routing, futures, bulk calls, statistics, inspection. Thread-safe. */
@NullMarked
package dev.holdfast.node.service;

import org.jspecify.annotations.NullMarked;
