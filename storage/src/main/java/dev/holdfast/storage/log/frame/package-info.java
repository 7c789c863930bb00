/**
 * The bytes of a log: frames, record bodies, and the guarded scan that reads them back from a file that may be damaged.
 *
 * <p>A frame is what a file holds as one document ({@link dev.holdfast.storage.log.frame.Frame} draws it). A record is one
 * frame, or a run of chunk frames where it is larger than the record limit. Nothing here opens a file or owns a thread:
 * encoders and scans belong to one thread at a time, everything else is stateless.
 */
@NullMarked
package dev.holdfast.storage.log.frame;

import org.jspecify.annotations.NullMarked;
