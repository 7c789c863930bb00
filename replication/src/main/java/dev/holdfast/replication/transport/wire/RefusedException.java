package dev.holdfast.replication.transport.wire;

import dev.holdfast.replication.transport.Refusal;
import java.io.Serial;

/** A handshake that ends here; it carries what the other side is told. */
public final class RefusedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    /** With the refusal's message. */
    public RefusedException(Refusal refusal) {
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
