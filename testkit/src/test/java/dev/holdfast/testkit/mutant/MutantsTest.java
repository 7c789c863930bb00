package dev.holdfast.testkit.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.testkit.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every planted mistake is caught by the test that is named beside it, which passes without the mistake. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MutantsTest {

    private static final Logger LOG = LoggerFactory.getLogger(MutantsTest.class);

    @RegisterExtension
    static final Figures FIGURES = new Figures("mutants");

    @ParameterizedTest
    @EnumSource
    void everyMistakeIsCaughtByTheTestThatIsNamed(Mutant mutant) throws Exception {
        Optional<Throwable> failure = run(mutant.caughtBy(), mutant.type(), mutant.bytes());
        LOG.info(
                "mutant={}, caught by {}: {}",
                mutant,
                mutant.caughtBy(),
                failure.map(Throwable::toString).orElse("not caught"));
        assertThat(failure).as("%s, with %s", mutant.caughtBy(), mutant).hasValueSatisfying(MutantsTest::isCaught);
    }

    /** By an assertion, or by the log, which ends rather than do it. The test's classes are of another loader. */
    private static void isCaught(Throwable what) {
        if (!(what instanceof AssertionError)) {
            assertThat(what.getClass().getName()).isEqualTo(LogFailedException.class.getName());
        }
    }

    @ParameterizedTest
    @MethodSource("tests")
    void withoutAMistakeTheyPass(NamedTest test) throws Exception {
        FIGURES.noTrial();
        assertThat(run(test, "", new byte[0])).as("%s", test).isEmpty();
    }

    @Test
    void thePageNamesTheTestOfEachMistake() throws Exception {
        FIGURES.noTrial();
        Path checkout = Path.of(System.getProperty("holdfast.checkout", ".."));
        String page = Files.readString(checkout.resolve("docs/verification.md"));
        assertThat(tests())
                .hasSizeGreaterThan(9)
                .allSatisfy(test -> assertThat(page).contains("#" + test.method() + "`"));
    }

    static Stream<NamedTest> tests() {
        return EnumSet.allOf(Mutant.class).stream().map(Mutant::caughtBy).distinct();
    }

    private static Optional<Throwable> run(NamedTest test, String changed, byte[] bytes) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (MutantLoader loader = new MutantLoader(changed, bytes)) {
            thread.setContextClassLoader(loader);
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(DiscoverySelectors.selectMethod(loader.loadClass(test.type()), test.method()))
                    .build();
            Outcome outcome = new Outcome();
            Launcher launcher = LauncherFactory.create();
            launcher.execute(request, outcome);
            assertThat(outcome.tests).as("tests that ran: %s", test).hasSize(1);
            return Optional.ofNullable(outcome.failures.peek());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static final class Outcome implements TestExecutionListener {

        private final ConcurrentLinkedQueue<String> tests = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

        @Override
        public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
            if (identifier.isTest()) {
                tests.add(identifier.getDisplayName());
            }
            result.getThrowable().ifPresent(failures::add);
        }
    }
}
