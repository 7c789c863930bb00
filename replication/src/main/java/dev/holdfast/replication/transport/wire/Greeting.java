package dev.holdfast.replication.transport.wire;

import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.TransportSettings.Versions;

/**
 * What both sides say first.
 *
 * @param versions of the protocol that are understood; in the answer, the one that is spoken from here on
 * @param maxFrameBytes largest frame that is taken once both are admitted
 */
public record Greeting(Versions versions, Identity identity, int maxFrameBytes) {}
