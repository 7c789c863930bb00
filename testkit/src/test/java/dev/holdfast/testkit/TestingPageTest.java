package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/testing.md}: what stands there stands here, compiles, and passes. */
class TestingPageTest {

    private static final Pattern CODE = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    @HoldfastTest(nodes = 3)
    void anOrderSurvivesItsNode(HoldfastCluster cluster, @Named("orders") DurableExecutorService orders)
            throws Exception {
        long id = orders.submit((DurableCallable<String>) () -> "shipped").getTaskId();
        assertThat(orders.retrieveResult(id).get()).isEqualTo("shipped");

        int primary = cluster.primaryOf(id);
        cluster.kill(primary);

        int other = primary == 0 ? 1 : 0;
        assertThat(cluster.node(other)
                        .getDurableExecutorService("orders")
                        .retrieveResult(id)
                        .get())
                .isEqualTo("shipped");
    }

    @Test
    void aClusterThatIsKilledServesItsResultsAgain() throws Exception {
        try (HoldfastCluster cluster = HoldfastCluster.of(3)
                .durability(2)
                .config(config -> config.getDurableExecutorConfig("orders").setPoolSize(2))
                .start()) {
            DurableExecutorService orders = cluster.client().getDurableExecutorService("orders");
            long id = orders.submit((DurableCallable<String>) () -> "shipped").getTaskId();

            cluster.killAll();
            cluster.restart(0, 1, 2);

            assertThat(orders.retrieveResult(id).get()).isEqualTo("shipped");
        }
    }

    @Test
    void theCodeOfThePageIsThisCode() {
        String here = withoutSpace(textOf("testkit/src/test/java/dev/holdfast/testkit/TestingPageTest.java"));
        List<String> code = CODE.matcher(textOf("docs/testing.md"))
                .results()
                .map(match -> withoutSpace(match.group(1)))
                .toList();
        assertThat(code).hasSize(2).allSatisfy(each -> assertThat(here).contains(each));
    }

    private static String textOf(String path) {
        return Checkout.sources().stream()
                .filter(source -> source.path().equals(path))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
