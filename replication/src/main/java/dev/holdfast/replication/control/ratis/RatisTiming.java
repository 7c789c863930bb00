package dev.holdfast.replication.control.ratis;

import java.time.Duration;

/**
 * How patient a member is. All members of a group have the same.
 *
 * @param electionMin least time without a leader after which a follower asks for votes
 * @param electionMax most such time; the difference is what keeps two from asking at once
 * @param firstElectionMin as {@code electionMin}, for the first time after a start
 * @param firstElectionMax as {@code electionMax}, for the first time after a start
 * @param stepDownWait after it a leader that hears of no majority gives up
 * @param request how long one request to a peer may take
 * @param proposal how long a proposal is tried
 * @param lostAfter silence after which the leader takes a member for lost
 * @param tick how often a member looks at itself, and a leader at the others
 * @param snapshotAfter entries of the log after which a snapshot is taken
 */
public record RatisTiming(
        Duration electionMin,
        Duration electionMax,
        Duration firstElectionMin,
        Duration firstElectionMax,
        Duration stepDownWait,
        Duration request,
        Duration proposal,
        Duration lostAfter,
        Duration tick,
        int snapshotAfter) {

    /** What was measured to be calm and still quick; an idle server then uses a few percent of a core. */
    public static final RatisTiming PRODUCTION = new RatisTiming(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofMillis(50),
            Duration.ofMillis(150),
            Duration.ofSeconds(2), // the default of 10 s was seen to be an outage of 10 s
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(4),
            Duration.ofMillis(500),
            10_000);
}
