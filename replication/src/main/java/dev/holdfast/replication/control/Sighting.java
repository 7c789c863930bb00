package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;

/** Whether a member, in that life, is seen; says nothing of a later life. */
public record Sighting(NodeId node, Session session, boolean present) {}
