package dev.holdfast.testkit.sim;

/** A seed that broke a rule: says which one, how to see it again, and what happened last. */
public final class SimulationFailure extends AssertionError {

    private static final long serialVersionUID = 1;

    /** What broke is no rule of the simulator: something threw. */
    static final String ERROR = "error";

    /** The seed is too small to show anything. */
    static final String SIZE = "size";

    /** What broke. */
    private final String rule;

    /** Of the run until then. */
    private final long digest;

    SimulationFailure(SimWorld world, Throwable cause) {
        super(
                cause + "\nseed=" + world.settings.seed() + ", " + world.settings + ", digest=" + world.trail()
                        + "\nagain: " + command(world.settings) + "\nthe last events:\n"
                        + String.join("\n", world.trace.lines()),
                cause);
        digest = world.trail();
        rule = cause instanceof Violation violation ? violation.rule() : ERROR;
    }

    /**
     * Which rule is broken.
     *
     * @return an invariant's number or another name of what is checked; {@code size} if too little happened; {@code error} if core,
     *     ledger or simulator threw
     */
    public String rule() {
        return rule;
    }

    /**
     * Of all that replicas were given and wanted until then.
     *
     * @return the same in every run of the seed
     */
    public long digest() {
        return digest;
    }

    private static String command(SimSettings settings) {
        String mutation = settings.is(Mutation.NONE) ? "" : " -Dholdfast.mutation=" + settings.mutation();
        return "./mvnw test -pl testkit -am -Dtest=SimulationTest#oneSeed -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dholdfast.seed=" + settings.seed() + mutation;
    }
}
