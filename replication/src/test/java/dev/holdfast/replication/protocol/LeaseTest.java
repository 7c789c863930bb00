package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseTest {

    private static final NodeId B = new NodeId("b");
    private static final NodeId C = new NodeId("c");
    private static final long LEASE_NANOS = TestCluster.TIMING.leaseNanos();

    private final Lease lease = new Lease(TestCluster.TIMING);

    @Test
    void theMemberThatAnsweredTheOldestBeaconDecides() {
        assertThat(lease.term(List.of(B, C))).isEqualTo(LeaseTerm.NONE);
        lease.answered(B, new BeaconStamp(100), 150);
        assertThat(lease.term(List.of(B, C))).isEqualTo(LeaseTerm.NONE);
        lease.answered(C, new BeaconStamp(130), 150);
        assertThat(lease.term(List.of(B, C))).isEqualTo(LeaseTerm.until(100 + LEASE_NANOS));
        assertThat(lease.term(List.of(C))).isEqualTo(LeaseTerm.until(130 + LEASE_NANOS));
        assertThat(lease.term(List.of())).isEqualTo(LeaseTerm.UNLIMITED);
    }

    @Test
    void anAnswerThatComesLateTakesNothingBack() {
        lease.answered(B, new BeaconStamp(100), 150);
        lease.answered(B, new BeaconStamp(50), 160);
        assertThat(lease.term(List.of(B))).isEqualTo(LeaseTerm.until(100 + LEASE_NANOS));
    }

    @Test
    void aBeaconOfTheFutureIsNobodysAnswer() {
        lease.answered(B, new BeaconStamp(200), 150);
        assertThat(lease.term(List.of(B))).isEqualTo(LeaseTerm.NONE);
    }

    @Test
    void afterASurrenderOnlyLaterBeaconsCount() {
        lease.answered(B, new BeaconStamp(100), 150);
        lease.surrender(200);
        assertThat(lease.term(List.of(B))).isEqualTo(LeaseTerm.NONE);
        lease.answered(B, new BeaconStamp(199), 220);
        assertThat(lease.term(List.of(B))).isEqualTo(LeaseTerm.NONE);
        lease.answered(B, new BeaconStamp(201), 220);
        assertThat(lease.term(List.of(B)).covers(220)).isTrue();
    }

    @Test
    void theClockMayBeginAnywhere() {
        long nowNanos = Long.MAX_VALUE - 10;
        lease.answered(B, new BeaconStamp(nowNanos), nowNanos);
        LeaseTerm term = lease.term(List.of(B));
        assertThat(term.covers(nowNanos)).isTrue();
        assertThat(term.covers(nowNanos + LEASE_NANOS - 1)).isTrue();
        assertThat(term.covers(nowNanos + LEASE_NANOS)).isFalse();
    }
}
