package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.Nodes.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.control.SessionClaim.Step;
import dev.holdfast.replication.protocol.Session;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SessionClaimTest {

    private static Step next(int disk, int pending, int table) {
        return SessionClaim.next(new Session(disk), new Session(pending), Optional.of(new Session(table)));
    }

    @Test
    void aClaimIsForcedAsPendingFirst() {
        assertThat(next(4, 4, 4)).isEqualTo(Step.FORCE_PENDING);
        assertThat(next(4, 5, 4)).isEqualTo(Step.CLAIM);
    }

    @Test
    void aClaimThatWasNotHeardOfIsOnesOwn() {
        assertThat(next(4, 5, 5)).isEqualTo(Step.ADOPT_PENDING);
    }

    @Test
    void whoeverFindsAnotherSessionIsStale() {
        assertThat(next(4, 4, 5)).as("somebody else's claim").isEqualTo(Step.CLAIM_STALE);
        assertThat(next(4, 5, 6)).isEqualTo(Step.CLAIM_STALE);
        assertThat(next(4, 5, 3)).as("the table went back").isEqualTo(Step.CLAIM_STALE);
    }

    @Test
    void whoIsNoMemberJoins() {
        assertThat(SessionClaim.next(new Session(4), new Session(4), Optional.empty()))
                .isEqualTo(Step.FORCE_PENDING);
        assertThat(SessionClaim.next(new Session(4), new Session(5), Optional.empty()))
                .isEqualTo(Step.JOIN);
    }

    /** Lives that end anywhere between two steps, and sometimes an older disk: no session is ever lived twice. */
    @Test
    void noSessionIsLivedTwice() {
        int stale = 0;
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TableUnderTest test = TableUnderTest.founded(1, A);
            Disk disk = new Disk(Nodes.S1, Nodes.S1);
            Disk copy = disk;
            Session lastLived = Nodes.S1;
            for (int life = 0; life < 30; life++) {
                Start start = new Start(test, disk);
                boolean whole = start.run(random.nextInt(8));
                disk = start.disk;
                stale += start.stale ? 1 : 0;
                if (whole) {
                    assertThat(disk.session()).as("seed=%d", seed).isGreaterThan(lastLived);
                    lastLived = disk.session();
                }
                if (random.nextInt(6) == 0) {
                    copy = disk;
                } else if (random.nextInt(10) == 0) {
                    disk = copy;
                }
            }
        }
        assertThat(stale).isGreaterThan(50);
    }

    private record Disk(Session session, Session pending) {}

    private static final class Start {

        private final TableUnderTest test;
        private Disk disk;
        private boolean stale;

        Start(TableUnderTest test, Disk disk) {
            this.test = test;
            this.disk = disk;
        }

        /** Whether it got through before the process died. */
        boolean run(int stepsUntilDeath) {
            for (int step = 0; step < stepsUntilDeath; step++) {
                Session table = test.member(A).session();
                switch (SessionClaim.next(disk.session(), disk.pending(), Optional.of(table))) {
                    case FORCE_PENDING ->
                        disk = new Disk(disk.session(), disk.session().next());
                    case ADOPT_PENDING -> disk = new Disk(disk.pending(), disk.pending());
                    case CLAIM -> {
                        test.applies(new ClusterCommand.ClaimSession(A, Nodes.details(A), disk.session(), 1));
                        if (++step < stepsUntilDeath) {
                            disk = new Disk(disk.pending(), disk.pending());
                            return true;
                        }
                    }
                    case CLAIM_STALE -> {
                        stale = true;
                        test.applies(new ClusterCommand.ClaimStale(A, Nodes.details(A), table, 1));
                        if (++step < stepsUntilDeath) {
                            disk = new Disk(table.next(), table.next());
                            return true;
                        }
                    }
                    case JOIN -> throw new AssertionError("A member has not to join");
                }
            }
            return false;
        }
    }
}
