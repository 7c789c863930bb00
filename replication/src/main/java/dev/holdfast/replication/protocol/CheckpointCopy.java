package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Lsn;
import java.util.Optional;

/**
 * A checkpoint on its way from the primary to this learner (R14): one part at a time, asked for by place, so that it goes on
 * where it was after a lost message or under another primary that has the same one.
 */
final class CheckpointCopy {

    private static final int ASKED_AGAIN_BEACONS = 4;

    private final ReplicaState state;
    private CheckpointPlace next = CheckpointPlace.START;
    private Optional<CheckpointChunk> storing = Optional.empty();
    private long askedNanos;
    private Optional<TooLow> tooLow = Optional.empty();

    /** A checkpoint that ends before what is known to be committed, first seen then. */
    private record TooLow(Lsn at, long sinceNanos) {}

    CheckpointCopy(ReplicaState state) {
        this.state = state;
    }

    void ask() {
        if (storing.isEmpty()) {
            askedNanos = state.now();
            state.leader().ifPresent(leader -> state.send(leader, new Message.CheckpointWanted(state.seen(), next)));
        }
    }

    /** The last question, or its answer, may be lost. */
    void tick() {
        if (state.now() - askedNanos >= ASKED_AGAIN_BEACONS * state.timing().beaconNanos()) {
            ask();
        }
    }

    void received(CheckpointChunk chunk) {
        boolean isNext = chunk.place().equals(next);
        boolean isAnother =
                chunk.place().offsetBytes() == 0 && !chunk.place().at().equals(next.at());
        if (storing.isPresent() || !(isNext || isAnother)) {
            return;
        }
        Lsn at = chunk.place().at().lsn();
        if (at.compareTo(state.committed()) < 0) {
            belowCommit(at);
            return;
        }
        tooLow = Optional.empty();
        storing = Optional.of(chunk);
        state.outputs.add(new Output.StoreCheckpoint(chunk));
    }

    /**
     * Once, it may be the answer to an earlier request, late or doubled. The primary has been asked again when as much time is over as
     * between two questions, and says then what it has now.
     */
    private void belowCommit(Lsn at) {
        Optional<TooLow> before = tooLow.filter(seen -> seen.at().equals(at));
        long sinceNanos = before.map(TooLow::sinceNanos).orElse(state.now());
        if (state.now() - sinceNanos >= ASKED_AGAIN_BEACONS * state.timing().beaconNanos()) {
            throw new ViolationException(new ProtocolViolation(
                    ProtocolViolation.Kind.CHECKPOINT_BELOW_COMMIT,
                    "checkpoint=" + at + ", committed=" + state.committed()));
        }
        tooLow = Optional.of(new TooLow(at, sinceNanos));
    }

    /** @return whether it is complete, and to be put in place of the log */
    boolean stored(CheckpointPlace place) {
        Optional<CheckpointChunk> stored = storing.filter(chunk -> chunk.next().equals(place));
        if (stored.isEmpty()) {
            return false;
        }
        storing = Optional.empty();
        next = place;
        if (stored.get().last()) {
            next = CheckpointPlace.START;
            return true;
        }
        return false;
    }
}
