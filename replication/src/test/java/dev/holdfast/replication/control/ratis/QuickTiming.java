package dev.holdfast.replication.control.ratis;

import java.time.Duration;

/** Elections within a second, snapshots after forty commands: for tests. */
public final class QuickTiming {

    public static final RatisTiming TIMING = new RatisTiming(
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            Duration.ofMillis(20),
            Duration.ofMillis(60),
            Duration.ofMillis(500),
            Duration.ofMillis(600),
            Duration.ofSeconds(5),
            Duration.ofMillis(1_200),
            Duration.ofMillis(50),
            40);

    private QuickTiming() {}
}
