package dev.holdfast.node.partition;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What lies in an inbox: a command with where its reply goes. */
final class Item {

    private static final Logger LOG = LoggerFactory.getLogger(Item.class);

    final Command command;
    private final Consumer<Reply> onReply;

    /** Of the partition's holder, then of the thread that releases it. */
    private @Nullable Reply reply;

    Item(Command command, Consumer<Reply> onReply) {
        this.command = command;
        this.onReply = onReply;
    }

    boolean isSubmit() {
        return command instanceof Command.Submit;
    }

    /** Bytes that the command adds to the log, its fixed fields aside. */
    long payloadBytes() {
        if (command instanceof Command.Submit submit) {
            return submit.payload().length();
        }
        if (command instanceof Command.Complete complete) {
            return complete.result().length();
        }
        return command instanceof Command.Fail fail ? fail.failure().length() : 0;
    }

    /** Notes the reply; nobody is told before {@link #release}. */
    void decided(Reply decided) {
        reply = decided;
    }

    /** Tells the asker; not under the partition's lock. */
    void release() {
        Reply answer = reply;
        if (answer == null) {
            throw new IllegalStateException("Released before it was decided: command=" + command);
        }
        try {
            onReply.accept(answer);
        } catch (RuntimeException | Error e) {
            // The others that this thread answers must get their answers all the same.
            LOG.error(
                    ErrorCode.INTERNAL_DEFECT.says("Could not hand over a reply: command={}"),
                    command.getClass().getSimpleName(),
                    e);
        }
    }
}
