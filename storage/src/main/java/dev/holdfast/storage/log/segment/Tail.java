package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.RecordDecoder;
import dev.holdfast.storage.log.frame.RecordType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Decides what it means that the highest segment ends where it does:
 *
 * <ul>
 *   <li>nothing valid follows and nothing acknowledged is missing: a torn tail, the log ends there;
 *   <li>the page cache was lost and the segment was written under {@code os} or {@code interval} by the incarnation that
 *       crashed: the log goes on from the prefix, what may have been acknowledged behind it is lost;
 *   <li>the same under {@code always}: what was acknowledged was forced, and the next append said so in a {@code Forced}
 *       record. Where neither mark nor such a record speaks of the bad place, it was under way and nobody was told: the log
 *       ends there. (Pages of one force reach the medium in any order: valid ones behind a hole are no sign of damage.)
 *   <li>anything else is damage.
 * </ul>
 */
final class Tail {

    private final PartitionId partition;
    private final LogMarks marks;
    private final RecordDecoder decoder;
    private final SegmentList.@Nullable Unused unused;

    /**
     * What was decided.
     *
     * @param lost whether records that may have been acknowledged are gone
     * @param torn whether something was there that is cut off
     */
    record Verdict(boolean lost, boolean torn) {}

    /** @param unused a segment without a whole record, behind the one that is judged */
    Tail(PartitionId partition, LogMarks marks, RecordDecoder decoder, SegmentList.@Nullable Unused unused) {
        this.partition = partition;
        this.marks = marks;
        this.decoder = decoder;
        this.unused = unused;
    }

    /**
     * @param scan where it stopped
     * @param step on what
     * @throws LogDamagedException it is damage
     */
    Verdict judge(FrameScan scan, FrameScan.Step step, FrameSource source, LogRecord.SegmentOpened opened, LogEnd end)
            throws IOException {
        long offset = scan.offset();
        LogDamage damage = step == FrameScan.Step.BAD
                ? scan.damage()
                : new LogDamage(
                        partition,
                        source.file(),
                        offset,
                        "the record of lsn=" + end.lsn().next().value() + ", high-water mark="
                                + marks.mark().value(),
                        "the end of the log, lsn=" + end.lsn().value());
        boolean missing = end.lsn().compareTo(marks.mark()) < 0;
        boolean validAfter = false;
        boolean forcedAfter = false;
        long at = scan.resync();
        while (at >= 0) {
            validAfter = true;
            if (scan.image().type() == RecordType.FORCED) {
                forcedAfter |= decoder.decodeForced(scan.image()).lsn().compareTo(end.lsn()) > 0;
            }
            at = scan.resync(at + 8);
        }
        boolean torn = step == FrameScan.Step.BAD || validAfter;
        if (!missing && !validAfter) {
            return new Verdict(false, torn);
        }
        if (marks.pageCacheLost() && opened.session() >= marks.previousSession()) {
            if (opened.sync().equals("os") || opened.sync().equals("interval")) {
                return new Verdict(true, torn);
            }
            if (opened.sync().equals("always") && !missing && !forcedAfter) {
                return new Verdict(false, torn);
            }
        }
        SegmentList.Unused behind = unused;
        // a later incarnation found this segment good: what it acknowledged was in one of its own
        boolean later = !torn && opened.session() < marks.previousSession();
        throw new LogDamagedException(
                behind == null || !later
                        ? damage
                        : new LogDamage(
                                partition, behind.file(), behind.offset(), damage.expected(), "no whole record"));
    }
}
