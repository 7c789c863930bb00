package dev.holdfast.node.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.node.admin.AdminFailure.Reason;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever is told that nobody writes a partition reads its last bytes as final: silence must not say so. */
class LiveTasksTest {

    private static PartitionAccess partition(@Nullable String problem) {
        return (PartitionAccess) Proxy.newProxyInstance(
                PartitionAccess.class.getClassLoader(),
                new Class<?>[] {PartitionAccess.class},
                (self, method, args) -> switch (method.getName()) {
                    case "problem" -> problem;
                    case "id" -> new PartitionId(3);
                    default -> throw new AssertionError("Not asked here: " + method);
                });
    }

    @Test
    void aPartitionThatDoesNotTellItsEndInTimeIsNotTakenForOneThatRefuses() {
        assertThatThrownBy(() -> LiveTasks.within(1, partition(null), new CompletableFuture<>()))
                .isInstanceOf(AdminFailure.class)
                .hasMessageContaining("partition=3, millis=1; try again")
                .satisfies(
                        failure -> assertThat(((AdminFailure) failure).reason()).isEqualTo(Reason.FAILED));
    }

    @Test
    void onlyItsProblemSaysThatAPartitionIsNotWritten() {
        assertThat(LiveTasks.within(1, partition("disk"), new CompletableFuture<>()))
                .isEmpty();
        CompletableFuture<LogEnd> told = CompletableFuture.completedFuture(LogEnd.EMPTY);
        assertThat(LiveTasks.within(1, partition("disk"), told)).isEmpty();
        assertThat(LiveTasks.within(1, partition(null), told)).contains(LogEnd.EMPTY);
    }
}
