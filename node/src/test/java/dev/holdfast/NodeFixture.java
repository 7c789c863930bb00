package dev.holdfast;

import dev.holdfast.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that a test starts, restarts and forgets. Everything is asked of it through the public API. */
@Timeout(60)
abstract class NodeFixture {

    static final int PARTITIONS = 2;
    static final String NAME = "jobs";

    @TempDir
    Path data;

    private @Nullable HoldfastInstance node;
    private @Nullable HoldfastInstance user;

    /** The running node; started with the defaults where no other was. */
    final HoldfastInstance node() {
        return node == null ? start(config -> {}) : node;
    }

    /** Starts, or closes and starts again, with these changes to the configuration. */
    final HoldfastInstance start(Consumer<Config> changes) {
        stop();
        Config config = new Config().setPartitionCount(PARTITIONS).setShutdownGrace(Duration.ofMillis(100));
        config.getStorageConfig().setDirectory(data.resolve("node"));
        changes.accept(config);
        HoldfastInstance started = Holdfast.newInstance(config);
        node = started;
        user = userOf(started, config);
        return started;
    }

    /** Through whom tests use the node: itself, or a client of it. Asked at each start, and to close at each stop. */
    HoldfastInstance userOf(HoldfastInstance started, Config config) {
        return started;
    }

    /** As the tests see it. */
    final HoldfastInstance user() {
        HoldfastInstance started = node();
        return user == null ? started : user;
    }

    final DurableExecutorService service() {
        return user().getDurableExecutorService(NAME);
    }

    final void stop() {
        if (user != null && user != node) {
            user.close();
        }
        user = null;
        if (node != null) {
            node.close();
            node = null;
        }
    }

    @AfterEach
    final void tearDown() {
        Gate.openAll();
        stop();
    }
}
