package dev.holdfast.node.ledger;

/** One method for each type of {@link Command}; see {@link Command#dispatchTo}. */
public interface CommandHandler<R> {

    R submit(Command.Submit command);

    R startAttempt(Command.StartAttempt command);

    R complete(Command.Complete command);

    R fail(Command.Fail command);

    R abandon(Command.Abandon command);

    R park(Command.Park command);

    R cancel(Command.Cancel command);

    R dispose(Command.Dispose command);

    R retrieveAndDispose(Command.RetrieveAndDispose command);

    R retry(Command.Retry command);

    R discard(Command.Discard command);

    R operate(Command.Operate command);

    R sweep(Command.Sweep command);

    R startEpoch(Command.StartEpoch command);
}
