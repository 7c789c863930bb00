package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.storage.log.RequestId;

/**
 * The one place where the name of a call meets its command, at the node that leads the partition. An operation on a whole
 * executor needs none: its number says already whether it is done.
 */
final class Identified {

    private Identified() {}

    static Command command(Command command, RequestId request) {
        return command instanceof Command.Repeatable repeatable ? repeatable.requestedBy(request) : command;
    }
}
