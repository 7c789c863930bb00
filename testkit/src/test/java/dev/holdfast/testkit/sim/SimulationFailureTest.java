package dev.holdfast.testkit.sim;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SimulationFailureTest {

    private static final String AGAIN = "-Dtest=SimulationTest#oneSeed";

    private final SimWorld world = new SimWorld(SimSettings.of(77, Mutation.LEASE_IGNORED));

    @Test
    void anAssertionOfTheCoreSaysHowToRepeatIt() {
        assertThatThrownBy(() -> Simulation.repeatable(world, () -> {
                    throw new AssertionError("of the core");
                }))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("of the core")
                .hasMessageContaining(AGAIN)
                .hasMessageContaining("-Dholdfast.seed=77")
                .hasMessageContaining("-Dholdfast.mutation=LEASE_IGNORED")
                .extracting("rule")
                .isEqualTo(SimulationFailure.ERROR);
    }

    @Test
    void anExceptionOfTheLedgerSaysHowToRepeatItAndIsNoRuleOfTheSimulator() {
        assertThatThrownBy(() -> Simulation.repeatable(world, () -> {
                    throw new IllegalStateException("Invariant I7 does not hold");
                }))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("-Dholdfast.seed=77")
                .extracting("rule")
                .isEqualTo(SimulationFailure.ERROR);
    }

    @Test
    void aBrokenRuleIsNamed() {
        assertThatThrownBy(() -> Simulation.repeatable(world, () -> Violation.check(false, "I7", () -> "twice")))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("I7: twice")
                .extracting("rule")
                .isEqualTo("I7");
    }

    @Test
    void aSeedInWhichTooLittleHappensSaysHowToRepeatIt() {
        assertThatThrownBy(() -> Simulation.repeatable(world, () -> Simulation.checkSize(world)))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("size: too little happens: nodes=")
                .hasMessageContaining("events=0")
                .hasMessageContaining(AGAIN)
                .hasMessageContaining("-Dholdfast.seed=77")
                .extracting("rule")
                .isEqualTo(SimulationFailure.SIZE);
    }
}
