package dev.holdfast.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableCallable;
import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.config.Config;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.SplitBrainProtectionOn;
import org.junit.jupiter.api.Test;

class CalledExecutorsTest {

    private static DurableCallable<String> task() {
        return () -> "x";
    }

    @Test
    void whatIsProtectedDependsOnTheMembersThatAreSeen() {
        Config config = new Config();
        config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig("two")
                .setMinimumClusterSize(2)
                .setProtectOn(SplitBrainProtectionOn.WRITE));
        config.getDurableExecutorConfig("guarded").setSplitBrainProtectionName("two");
        try (FakeNode node = new FakeNode(config, 2, 10)) {
            DurableExecutorServiceImpl guarded = new DurableExecutorServiceImpl("guarded", node);
            CalledExecutors ofClients = new CalledExecutors(node);
            assertThat(ofClients.refuses("guarded", true))
                    .hasValueSatisfying(why -> assertThat(why).contains("members=1", "minimum-cluster-size=2"));
            assertThat(ofClients.refuses("guarded", false)).isEmpty();
            assertThat(ofClients.refuses("other", true)).isEmpty();
            assertThatThrownBy(() -> guarded.submit(task())).isInstanceOf(SplitBrainProtectionException.class);

            node.members = 2;
            assertThat(guarded.submit(task()).getTaskId()).isPositive();
            assertThat(ofClients.refuses("guarded", true)).isEmpty();
        }
    }

    @Test
    void anExecutorIsLookedUpOnceHoweverManyCallsThereAre() {
        Config config = new Config();
        config.getDurableExecutorConfig("careful-*").setMaxCrashes(1);
        try (FakeNode node = new FakeNode(config, 2, 10)) {
            CalledExecutors called = new CalledExecutors(node);
            assertThat(called.maxCrashes("careful-one")).isEqualTo(1);
            config.getDurableExecutorConfig("careful-*").setMaxCrashes(5);
            assertThat(called.maxCrashes("careful-one")).as("is known").isEqualTo(1);
            assertThat(called.maxCrashes("careful-two")).as("is not").isEqualTo(5);
        }
    }
}
