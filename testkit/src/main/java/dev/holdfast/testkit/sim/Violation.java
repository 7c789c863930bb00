package dev.holdfast.testkit.sim;

import java.util.function.Supplier;

/** Something happened that must not. */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String rule;

    /** @param rule an invariant's number, or the name of what is checked */
    Violation(String rule, String message) {
        super(rule + ": " + message);
        this.rule = rule;
    }

    String rule() {
        return rule;
    }

    /** @param message only put together when it is needed: there is a check or more for every event */
    static void check(boolean holds, String rule, Supplier<String> message) {
        if (!holds) {
            throw new Violation(rule, message.get());
        }
    }
}
