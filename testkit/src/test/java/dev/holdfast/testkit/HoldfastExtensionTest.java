package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastInstance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class HoldfastExtensionTest {

    /** Where the cluster of a test that was run by one of these had its directories. */
    private static final AtomicReference<Path> SEEN = new AtomicReference<>();

    record WhichProcess() implements DurableCallable<Long> {
        @Override
        public Long call() {
            return ProcessHandle.current().pid();
        }
    }

    @Test
    @HoldfastTest(nodes = 1, partitions = 1, durability = 0, inProcesses = true)
    void aMemberInAProcessRunsWhatTheClientSubmits(
            HoldfastCluster cluster, HoldfastInstance instance, @Named("orders") DurableExecutorService orders)
            throws Exception {
        assertThat(cluster.isInProcesses()).isTrue();
        assertThat(instance).isSameAs(cluster.client());
        assertThat(orders.getName()).isEqualTo("orders");
        long process = orders.submit(new WhichProcess()).get(30, TimeUnit.SECONDS);
        assertThat(process).isNotEqualTo(ProcessHandle.current().pid());
        assertThat(ProcessHandle.of(process))
                .hasValueSatisfying(member -> assertThat(member.parent()).contains(ProcessHandle.current()));
    }

    @Nested
    @HoldfastTest(nodes = 1, partitions = 2, durability = 0)
    class OnAClass {

        @Test
        void itCountsForEachOfItsTests(HoldfastCluster cluster, DurableExecutorService executor) throws Exception {
            assertThat(cluster.size()).isOne();
            assertThat(cluster.node(0).getCluster().partitions()).hasSize(2);
            assertThat(executor.getName()).isEqualTo("default");
            assertThat(executor.submit(new WhichProcess()).get(30, TimeUnit.SECONDS))
                    .isEqualTo(ProcessHandle.current().pid());
        }

        @Test
        @HoldfastTest(nodes = 2, partitions = 1)
        void onAMethodItWins(HoldfastCluster cluster, @Named(value = "orders", node = 1) HoldfastInstance second) {
            assertThat(cluster.size()).isEqualTo(2);
            assertThat(cluster.node(0).getCluster().partitions()).hasSize(1);
            assertThat(second).isSameAs(cluster.node(1));
        }

        @Nested
        class WithinIt {

            @Test
            void itCountsToo(HoldfastCluster cluster) {
                assertThat(cluster.node(0).getCluster().partitions()).hasSize(2);
                cluster.pause(0);
                assertThat(cluster.isRunning(0)).isFalse();
                cluster.resume(0);
                assertThat(cluster.isRunning(0)).isTrue();
            }
        }
    }

    /** Not nested, so that it runs only where a test asks for it. */
    static final class Samples {

        @Test
        @HoldfastTest(nodes = 1, partitions = 1, durability = 0)
        void passes(HoldfastCluster cluster) {
            SEEN.set(cluster.directory());
            assertThat(cluster.directory(0)).isDirectory();
        }

        @Test
        @HoldfastTest(nodes = 1, partitions = 1, durability = 0)
        void fails(HoldfastCluster cluster) {
            SEEN.set(cluster.directory());
            throw new AssertionError("as the test wants it");
        }
    }

    private static final class Outcome implements TestExecutionListener {

        private final List<TestExecutionResult> results = new ArrayList<>();
        private final List<String> reported = new ArrayList<>();

        @Override
        public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
            if (identifier.isTest()) {
                results.add(result);
            }
        }

        @Override
        public void reportingEntryPublished(TestIdentifier identifier, ReportEntry entry) {
            reported.addAll(entry.getKeyValuePairs().values());
        }
    }

    private static Outcome run(String method) {
        Outcome outcome = new Outcome();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectMethod(
                                        Samples.class, method, HoldfastCluster.class.getName()))
                                .filters(EngineFilter.includeEngines("junit-jupiter"))
                                .build(),
                        outcome);
        assertThat(outcome.results).as("tests that ran").hasSize(1);
        return outcome;
    }

    @Test
    void afterAFailureTheDirectoriesStayAndTheReportSaysWhere() {
        Outcome outcome = run("fails");
        Path kept = Objects.requireNonNull(SEEN.get());
        try {
            Throwable failure = outcome.results.get(0).getThrowable().orElseThrow();
            assertThat(failure).hasMessage("as the test wants it");
            assertThat(failure.getSuppressed())
                    .singleElement()
                    .satisfies(below -> assertThat(below).hasMessageContaining(kept.toString()));
            assertThat(outcome.reported).contains(kept.toString());
            assertThat(kept.resolve("node-0")).isNotEmptyDirectory();
        } finally {
            Directories.delete(kept);
        }
    }

    @Test
    void afterASuccessTheyAreGone() {
        Outcome outcome = run("passes");
        assertThat(outcome.results.get(0).getStatus()).isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
        assertThat(SEEN.get()).doesNotExist();
    }
}
