package dev.holdfast.replication.protocol;

/** Carries what ends a replica from where it was found to where its step ends. Never leaves the package. */
final class ViolationException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final transient ProtocolViolation violation;

    ViolationException(ProtocolViolation violation) {
        super(violation.toString());
        this.violation = violation;
    }

    ProtocolViolation violation() {
        return violation;
    }
}
