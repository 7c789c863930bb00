package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Command.Operation;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RequestId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Commands that a caller may send, as bytes. Those of attempts and of the partition itself never leave a node. */
final class CommandCodec {

    private static final int SUBMIT = 1;
    private static final int CANCEL = 2;
    private static final int DISPOSE = 3;
    private static final int RETRIEVE_AND_DISPOSE = 4;
    private static final int RETRY = 5;
    private static final int DISCARD = 6;
    private static final int OPERATE = 7;

    private CommandCodec() {}

    /** A command for one partition, with the name of the call. */
    record Call(PartitionId partition, RequestId request, Command command) {}

    /** @throws IllegalArgumentException a command that is not for others */
    static WireWriter write(Call call) {
        Command command = call.command();
        WireWriter out = new WireWriter(
                command instanceof Command.Submit submit ? submit.payload().length() : 0);
        RequestId request = call.request();
        out.u16(call.partition().value())
                .i64(request.caller().getMostSignificantBits())
                .i64(request.caller().getLeastSignificantBits())
                .i64(request.number())
                .i64(request.lowestUnanswered());
        writeCommand(out, command);
        return out;
    }

    private static void writeCommand(WireWriter out, Command command) {
        if (command instanceof Command.Submit submit) {
            out.u8(SUBMIT).text(submit.executor());
            EntryCodec.writeSpec(out, submit.spec());
            out.bytes(((Body.Inline) submit.payload()).bytes());
        } else if (command instanceof Command.Cancel cancel) {
            out.u8(CANCEL).text(cancel.executor()).i64(cancel.sequence());
        } else if (command instanceof Command.Dispose dispose) {
            out.u8(DISPOSE).text(dispose.executor()).i64(dispose.sequence());
        } else if (command instanceof Command.RetrieveAndDispose taking) {
            out.u8(RETRIEVE_AND_DISPOSE).text(taking.executor()).i64(taking.sequence());
        } else if (command instanceof Command.Retry retry) {
            out.u8(RETRY)
                    .text(retry.executor())
                    .i64(retry.sequence())
                    .text(retry.acceptedFingerprint())
                    .flag(retry.byUser());
        } else if (command instanceof Command.Discard discard) {
            out.u8(DISCARD).text(discard.executor()).i64(discard.sequence());
        } else if (command instanceof Command.Operate operate) {
            out.u8(OPERATE)
                    .text(operate.executor())
                    .u8(operate.operation().ordinal())
                    .i64(operate.number());
        } else {
            throw new IllegalArgumentException(
                    "Not a command for another node: type=" + command.getClass().getSimpleName());
        }
    }

    /** The executor that a command of a caller is for; null of others. */
    static @Nullable String executor(Command command) {
        if (command instanceof Command.Submit submit) {
            return submit.executor();
        } else if (command instanceof Command.Cancel cancel) {
            return cancel.executor();
        } else if (command instanceof Command.Dispose dispose) {
            return dispose.executor();
        } else if (command instanceof Command.RetrieveAndDispose taking) {
            return taking.executor();
        } else if (command instanceof Command.Retry retry) {
            return retry.executor();
        } else if (command instanceof Command.Discard discard) {
            return discard.executor();
        }
        return command instanceof Command.Operate operate ? operate.executor() : null;
    }

    static Call read(WireReader in) {
        PartitionId partition = new PartitionId(in.u16());
        RequestId request = new RequestId(new UUID(in.i64(), in.i64()), in.i64(), in.i64());
        return new Call(partition, request, readCommand(in));
    }

    private static Command readCommand(WireReader in) {
        int type = in.u8();
        String executor = in.requiredText();
        return switch (type) {
            case SUBMIT -> new Command.Submit(executor, EntryCodec.readSpec(in), new Body.Inline(in.bytes()));
            case CANCEL -> new Command.Cancel(executor, in.i64());
            case DISPOSE -> new Command.Dispose(executor, in.i64());
            case RETRIEVE_AND_DISPOSE -> new Command.RetrieveAndDispose(executor, in.i64());
            case RETRY -> new Command.Retry(executor, in.i64(), in.text(), in.flag());
            case DISCARD -> new Command.Discard(executor, in.i64());
            case OPERATE -> new Command.Operate(executor, in.constant(Operation.values()), in.i64());
            default -> throw new MalformedMessageException("An unknown command: type=" + type);
        };
    }
}
