package dev.holdfast.testkit.sim;

/** A fault that was asked for: counted when it first changes what happens, and only once. */
final class Effect {

    /** Of nothing that anybody asked for. */
    static final Effect NONE = new Effect(new Totals(), "none");

    private final Totals totals;
    private final String kind;
    private boolean counted;

    Effect(Totals totals, String kind) {
        this.totals = totals;
        this.kind = kind;
    }

    void happened() {
        if (!counted) {
            counted = true;
            totals.fault(kind);
        }
    }

    void happenedIf(boolean really) {
        if (really) {
            happened();
        }
    }
}
