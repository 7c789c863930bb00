package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.BodyGoneException;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where the bodies are that stay in the log: by the log sequence number that names them. Grows with the bodies in the log
 * since the last checkpoint, and shrinks to the live ones with each. Reads from any thread.
 */
final class BodyIndex {

    /**
     * A body's place.
     *
     * @param offset of the document of its record's first frame
     * @param firstPosition position of that frame
     * @param lastPosition position of its record's last frame
     * @param skip bytes of other bodies before it in the record
     */
    record Place(FileHandle file, long offset, long firstPosition, long lastPosition, int skip) {}

    private final PartitionId partition;
    private final Map<Long, Place> places = new ConcurrentHashMap<>();
    private volatile @Nullable LogHealth health;

    BodyIndex(PartitionId partition) {
        this.partition = partition;
    }

    void put(long lsn, Place place) {
        places.put(lsn, place);
    }

    /**
     * After a checkpoint at {@code atLsn}: what it holds is read there, what it does not hold is gone.
     *
     * @param inCheckpoint the places in it
     */
    void switchTo(Map<Long, Place> inCheckpoint, long atLsn) {
        places.putAll(inCheckpoint);
        places.keySet().removeIf(lsn -> lsn <= atLsn && !inCheckpoint.containsKey(lsn));
    }

    /** After a checkpoint took the place of the whole log. */
    void replaceBy(Map<Long, Place> inCheckpoint) {
        places.putAll(inCheckpoint);
        places.keySet().removeIf(lsn -> !inCheckpoint.containsKey(lsn));
    }

    /** What is above {@code lsn} was voided. */
    void truncate(long lsn) {
        places.keySet().removeIf(each -> each > lsn);
    }

    /** From now on files may be let go for good: by a log that {@code health} then says to be closed, or to have failed. */
    void dependOn(LogHealth log) {
        health = log;
    }

    Map<Long, Place> places() {
        return places;
    }

    /** As {@link dev.holdfast.storage.log.PartitionLog#read}. */
    byte[] read(Body.Stored body) {
        while (true) {
            Place place = places.get(body.lsn().value());
            if (place == null) {
                throw new BodyGoneException("The body is not in the log any more: partition=" + partition + ", lsn="
                        + body.lsn().value() + "; its task was removed and a checkpoint was written since");
            }
            try {
                FrameSource source = place.file().acquire();
                if (source != null) {
                    try {
                        return read(body, place, source);
                    } finally {
                        place.file().release();
                    }
                }
            } catch (IOException e) {
                throw new LogDamagedException(
                        new LogDamage(partition, place.file().file(), place.offset(), "a readable body", e.toString()));
            }
            LogHealth log = health;
            if (log != null) {
                log.check();
            }
            // retired between the look-up and here: the index says something else by now
            Thread.onSpinWait();
        }
    }

    private byte[] read(Body.Stored body, Place place, FrameSource source) throws IOException {
        FrameScan scan =
                FrameScan.ofRecord(source, partition, place.file().number(), place.offset(), place.firstPosition());
        FrameScan.Step step = scan.next();
        if (step == FrameScan.Step.BAD) {
            throw new LogDamagedException(scan.damage());
        }
        if (step == FrameScan.Step.END || scan.position() != place.lastPosition()) {
            throw damaged(source, place, "the record of lsn=" + body.lsn().value(), "another end of it");
        }
        if (!scan.image().holds(place.skip(), body.length())) {
            throw damaged(source, place, "a body of length=" + body.length(), "a record that is shorter");
        }
        byte[] bytes = scan.image().copy(place.skip(), body.length());
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        if ((int) crc.getValue() != body.crc()) {
            throw damaged(
                    source,
                    place,
                    "body crc=" + Integer.toHexString(body.crc()),
                    "body crc=" + Integer.toHexString((int) crc.getValue()));
        }
        return bytes;
    }

    private LogDamagedException damaged(FrameSource source, Place place, String expected, String found) {
        return new LogDamagedException(new LogDamage(partition, source.file(), place.offset(), expected, found));
    }
}
