package dev.holdfast.cli.demo;

import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.demo.ChildEvent.Kind;
import dev.holdfast.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The process of one member of the demo's cluster. Its tasks stop at the {@link Gate} when its places are used up, until the parent says
 * {@value #OPEN}; it closes in order when the parent says {@value #CLOSE}.
 */
public final class DemoMember {

    static final String OPEN = "open";
    static final String CLOSE = "close";
    static final String CLUSTER = "demo";

    private static final Duration REPLACE_AFTER = Duration.ofSeconds(3);
    private static final CountDownLatch CLOSED = new CountDownLatch(1);

    private DemoMember() {}

    /**
     * What a member is told.
     *
     * @param directory the demo's, with the plan
     * @param members the list that all have, separated by commas
     * @param places of its gate
     */
    record Role(Path directory, String name, int port, String members, long places) {

        List<String> arguments() {
            return List.of(directory.toString(), name, String.valueOf(port), members, String.valueOf(places));
        }

        static Role of(String... arguments) {
            return new Role(
                    Path.of(arguments[0]),
                    arguments[1],
                    Integer.parseInt(arguments[2]),
                    arguments[3],
                    Long.parseLong(arguments[4]));
        }
    }

    /** Arguments: those of a role. */
    public static void main(String[] arguments) {
        ParentLink.run(DemoMember::heard, parent -> live(Role.of(arguments), parent));
    }

    private static void heard(String word) {
        if (word.equals(OPEN)) {
            Gate.limit(Long.MAX_VALUE);
        } else if (word.equals(CLOSE)) {
            CLOSED.countDown();
        }
    }

    private static void live(Role role, ParentLink parent) throws Exception {
        Gate.limit(role.places());
        try (HoldfastInstance node = Holdfast.newInstance(config(role))) {
            parent.emit(ChildEvent.of(
                    Kind.READY, Gate.process(), ProcessHandle.current().pid()));
            Thread gate = new Thread(() -> tellHeld(parent), "demo-gate");
            gate.setDaemon(true);
            gate.start();
            CLOSED.await();
        }
        parent.emit(ChildEvent.of(Kind.DONE, 0));
    }

    private static void tellHeld(ParentLink parent) {
        try {
            Gate.awaitHeld(1);
            parent.emit(ChildEvent.held(0, 1));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static Config config(Role role) throws Exception {
        Config config = new Config().setClusterName(CLUSTER).setNodeName(role.name());
        config.getStorageConfig().setDirectory(role.directory().resolve(role.name()));
        config.getNetworkConfig()
                .setEnabled(true)
                .setHost("127.0.0.1")
                .setPort(role.port())
                .setMembers(List.of(role.members().split(",")));
        config.getReplicationConfig().setReplaceAfter(REPLACE_AFTER); // a demo has no minute
        config.getSerializationConfig().addAllowedClasses(DemoMember.class.getPackageName() + ".*");
        DemoDirectory.readPlan(role.directory()).applyTo(config);
        return config;
    }
}
