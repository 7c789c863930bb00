package dev.holdfast.replication.control;

/** A proposal got no outcome. */
public final class ControlPlaneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean mayHaveTakenEffect;

    public ControlPlaneException(String message, boolean mayHaveTakenEffect) {
        super(message);
        this.mayHaveTakenEffect = mayHaveTakenEffect;
    }

    public ControlPlaneException(String message, boolean mayHaveTakenEffect, Throwable cause) {
        super(message, cause);
        this.mayHaveTakenEffect = mayHaveTakenEffect;
    }

    /** False: it was not sent anywhere. True: nobody here knows; the same proposal again tells. */
    public boolean mayHaveTakenEffect() {
        return mayHaveTakenEffect;
    }
}
