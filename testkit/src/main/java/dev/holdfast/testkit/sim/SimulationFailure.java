package dev.holdfast.testkit.sim;

import java.util.List;

/** A seed that broke a rule: says which one, how to see it again, and what happened last. */
public final class SimulationFailure extends AssertionError {

    private static final long serialVersionUID = 1;

    SimulationFailure(SimSettings settings, Throwable cause, List<String> last) {
        super(
                cause + "\nseed=" + settings.seed() + ", " + settings + "\nagain: " + command(settings)
                        + "\nthe last events:\n" + String.join("\n", last),
                cause);
    }

    private static String command(SimSettings settings) {
        String mutation = settings.is(Mutation.NONE) ? "" : " -Dholdfast.mutation=" + settings.mutation();
        return "./mvnw test -pl testkit -am -Dtest=SimulationTest#oneSeed -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dholdfast.seed=" + settings.seed() + mutation;
    }
}
