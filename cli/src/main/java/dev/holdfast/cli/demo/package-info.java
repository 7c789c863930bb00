/**
 * {@code holdfast demo}: one durable task per file of a folder, in a process that is killed half way and started again.
 *
 * <p>The console's process is the parent: it lists the files, starts, watches and kills the child, and checks every digest
 * by its own computation. The child ({@link dev.holdfast.cli.demo.DemoChild}) holds the node; it reports events as lines
 * on its standard output. One thread of the parent reads them, the main thread acts on them.
 *
 * <p>On a cluster ({@link dev.holdfast.cli.demo.ClusterDemo}) the children are members ({@link dev.holdfast.cli.demo.DemoMember}), and the
 * parent is a client of theirs.
 */
@NullMarked
package dev.holdfast.cli.demo;

import org.jspecify.annotations.NullMarked;
