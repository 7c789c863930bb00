package dev.holdfast.replication.protocol;

import java.util.Optional;

/** A primary's signs of life. */
final class Beacons {

    private final ReplicaState state;
    private final Followers followers;
    private Optional<Long> sentNanos = Optional.empty();
    private long tickNanos;

    Beacons(ReplicaState state, Followers followers) {
        this.state = state;
        this.followers = followers;
        tickNanos = state.now();
    }

    /** @return whether a beacon was due */
    boolean tick() {
        excuseFollowersAfterOwnPause();
        boolean due = sentNanos.isEmpty()
                || state.now() - sentNanos.get() >= state.timing().beaconNanos();
        if (due) {
            send();
        }
        return due;
    }

    /** What was not heard while this process stood still is nobody's silence. */
    private void excuseFollowersAfterOwnPause() {
        if (state.now() - tickNanos > state.timing().shrinkNanos() / 2) {
            followers.all().forEach(each -> each.excuse(state.now()));
        }
        tickNanos = state.now();
    }

    /** A writer that stands still lets its lease run out, so that a primary with a dead disk does not stay one. */
    private void send() {
        if (state.log.isStuck(state.timing().leaseNanos() / 2)) {
            return;
        }
        sentNanos = Optional.of(state.now());
        Message.Beacon beacon = new Message.Beacon(state.seen(), new BeaconStamp(state.now()));
        followers.all().forEach(each -> state.send(each.node, beacon));
    }
}
