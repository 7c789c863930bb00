package dev.holdfast.storage.verify;

import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a segment holds, read for itself: from where its first record says that it begins.
 *
 * @param opened its first record; null where it has none that is whole
 * @param records whole replicated records
 * @param bytes up to the last whole one
 * @param end of the last whole one
 * @param damage where reading stopped before the end; null where nothing was wrong
 */
record SegmentFacts(
        long number,
        Path file,
        LogRecord.@Nullable SegmentOpened opened,
        long records,
        long bytes,
        LogEnd end,
        @Nullable LogDamage damage) {}
