package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import java.util.Optional;
import org.assertj.core.api.Condition;

/** Says what code a failure is to carry: in its message, and by {@code code()} where it is one of this library's. */
final class CodeOf {

    private CodeOf() {}

    static Condition<Throwable> code(ErrorCode code) {
        return new Condition<>(failure -> carries(failure, code), "the code %s", code.id());
    }

    private static boolean carries(Throwable failure, ErrorCode code) {
        boolean inMethod = !(failure instanceof HoldfastException ours) || ours.code() == code;
        boolean inProtection = !(failure instanceof SplitBrainProtectionException split) || split.code() == code;
        return inMethod && inProtection && ErrorCode.in(failure.getMessage()).equals(Optional.of(code));
    }
}
