package dev.holdfast.replication.protocol;

/** Bytes of a checkpoint that the protocol carries and never looks into. Immutable. */
public interface Content {

    long bytes();
}
