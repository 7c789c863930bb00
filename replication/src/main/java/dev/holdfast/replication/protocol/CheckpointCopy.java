package dev.holdfast.replication.protocol;

import java.util.Optional;

/**
 * A checkpoint on its way from the primary to this learner (R14): one part at a time, asked for by place, so that it goes on
 * where it was after a lost message or under another primary that has the same one.
 */
final class CheckpointCopy {

    private final ReplicaState state;
    private CheckpointPlace next = CheckpointPlace.START;
    private Optional<CheckpointChunk> storing = Optional.empty();
    private long askedNanos;

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
        if (state.now() - askedNanos >= 4 * state.timing().beaconNanos()) {
            ask();
        }
    }

    void received(CheckpointChunk chunk) {
        boolean isNext = chunk.place().equals(next);
        boolean isAnother =
                chunk.place().offsetBytes() == 0 && !chunk.place().at().equals(next.at());
        // a primary whose log does not go back to what is committed here has a newer one: this is the answer to an
        // earlier request
        boolean isOld = chunk.place().at().lsn().compareTo(state.committed()) < 0;
        if (storing.isPresent() || isOld || !(isNext || isAnother)) {
            return;
        }
        storing = Optional.of(chunk);
        state.outputs.add(new Output.StoreCheckpoint(chunk));
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
