package dev.holdfast.storage.log;

/** A checkpoint has taken the place of the records that were asked for. They never come back: ask for the checkpoint. */
public final class RecordsGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RecordsGoneException(String message) {
        super(message);
    }
}
