package dev.holdfast.replication.protocol;

/**
 * A piece of a checkpoint.
 *
 * @param last whether the checkpoint ends with it
 */
public record CheckpointChunk(CheckpointPlace place, boolean last, Content content) {

    /** Where the next one begins. */
    public CheckpointPlace next() {
        return new CheckpointPlace(place.at(), place.offsetBytes() + content.bytes());
    }
}
