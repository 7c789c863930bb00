package dev.holdfast.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link PartitionLog} does, whatever it keeps its records in. Long because it is one list of sentences. */
public abstract class PartitionLogContract {

    protected static final PartitionId PARTITION = new PartitionId(3);
    protected static final Epoch EPOCH = new Epoch(1);
    protected static final long SEGMENT_BYTES = 256 * 1024;
    protected static final int INLINE_LIMIT = 4096;

    private final List<LogRig> rigs = new ArrayList<>();

    @TempDir
    protected Path directory;

    /** A rig without a log yet; {@code name} tells it from others of the same test. */
    protected abstract LogRig newRig(String name, SyncPolicy sync) throws Exception;

    protected final LogRig rig() throws Exception {
        return rig(SyncPolicy.OS);
    }

    protected final LogRig rig(SyncPolicy sync) throws Exception {
        LogRig rig = newRig("rig-" + rigs.size(), sync);
        rigs.add(rig);
        return rig;
    }

    @AfterEach
    final void closeRigs() {
        rigs.forEach(LogRig::close);
    }

    @Test
    void aNewLogIsEmpty() throws Exception {
        Collected replayed = new Collected();
        RecoveredLog recovered = rig().open(replayed);
        assertThat(replayed.entries()).isEmpty();
        assertThat(recovered.log().end()).isEqualTo(LogEnd.EMPTY);
        assertThat(recovered.log().partition()).isEqualTo(PARTITION);
        assertThat(recovered.crashed()).isFalse();
        assertThat(recovered.nextSequence()).isEqualTo(TaskId.FIRST_SEQUENCE);
        assertThat(recovered.lost()).isEmpty();
    }

    @Test
    void everyTypeOfRecordComesBackAsItWas() throws Exception {
        LogRig rig = rig();
        Epoch epoch = new Epoch(41);
        List<LogRecord.Replicated> records = Samples.everyRecord(epoch);
        List<LogRecord.Replicated> kept = open(rig).append(epoch, records);
        assertSame(kept, records);
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertSame(replayed.records(), records);
        for (int i = 0; i < records.size(); i++) {
            assertThat(replayed.entries().get(i).lsn()).isEqualTo(new Lsn(i + 1));
            assertThat(replayed.entries().get(i).epoch()).isEqualTo(epoch);
        }
    }

    @Test
    void whereAMembersEpochBeginsToIssueComesBack() throws Exception {
        LogRig rig = rig();
        List<LogRecord.Replicated> records =
                List.of(new LogRecord.EpochStarted(EPOCH, 3, LogRecord.EpochCause.TAKEOVER, 1L << 33, 10));
        open(rig).append(EPOCH, records);
        rig.kill();
        Collected replayed = new Collected();
        assertThat(rig.open(replayed).nextSequence()).isGreaterThanOrEqualTo(1L << 33);
        assertSame(replayed.records(), records);
    }

    @Test
    void appendingMovesTheEndByOneForEachRecord() throws Exception {
        PartitionLog log = open(rig());
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        LogEnd first = log.end();
        assertThat(first.lsn()).isEqualTo(new Lsn(3));
        assertThat(first.epoch()).isEqualTo(EPOCH);
        log.append(EPOCH, Samples.submissions(4, 1, 100, 2));
        assertThat(log.end().lsn()).isEqualTo(new Lsn(4));
        assertThat(log.end().hash()).isNotEqualTo(first.hash());
        log.append(EPOCH, List.of());
        assertThat(log.end().lsn()).isEqualTo(new Lsn(4));
    }

    @Test
    void twoLogsWithTheSameRecordsEndWithTheSameHash() throws Exception {
        PartitionLog one = open(rig());
        PartitionLog other = open(rig());
        one.append(EPOCH, Samples.submissions(1, 20, 10_000, 5));
        for (LogRecord.Replicated single : Samples.submissions(1, 20, 10_000, 5)) {
            other.append(EPOCH, List.of(single));
        }
        assertThat(other.end()).isEqualTo(one.end());
    }

    @Test
    void duplicatesOfARecordAreRecordsOfTheirOwn() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        LogRecord.Replicated record = new LogRecord.Cancelled(1, 2);
        log.append(EPOCH, List.of(record, record));
        log.append(EPOCH, List.of(record));
        rig.kill();
        assertThat(replay(rig).records()).containsExactly(record, record, record);
    }

    @Test
    void anOlderEpochIsRefusedAndNothingIsAppended() throws Exception {
        PartitionLog log = open(rig());
        log.append(new Epoch(5), List.of(new LogRecord.Cancelled(1, 2)));
        assertThatThrownBy(() -> log.append(new Epoch(4), List.of(new LogRecord.Cancelled(1, 2))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(log.end().lsn()).isEqualTo(new Lsn(1));
        log.append(new Epoch(5), List.of(new LogRecord.Cancelled(1, 2)));
    }

    @Test
    void aRecordThatNamesABodyInsteadOfHavingItIsRefusedWithItsWholeBatch() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        LogRecord.Submitted named =
                new LogRecord.Submitted(2, "a", 3, Samples.spec(), new Body.Stored(new Lsn(1), 10, 0));
        assertThatThrownBy(() -> log.append(EPOCH, List.of(new LogRecord.Cancelled(1, 2), named)))
                .isInstanceOf(IllegalArgumentException.class);
        log.append(EPOCH, List.of(new LogRecord.Cancelled(7, 2)));
        rig.kill();
        assertThat(replay(rig).records()).containsExactly(new LogRecord.Cancelled(7, 2));
    }

    @Test
    void aLargeBodyStaysInTheLogAndReplayNamesItAsAppendDid() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        List<LogRecord.Replicated> records = List.of(
                Samples.submitted(1, INLINE_LIMIT),
                Samples.submitted(2, INLINE_LIMIT + 1),
                new LogRecord.Completed(2, 1, 3, 4, "java", new Body.Inline(Samples.bytes(9000, 99))),
                new LogRecord.Failed(
                        3, 1, 3, 4, new FailureInfo("x.Y", "z"), new Body.Inline(Samples.bytes(8000, 98))));
        List<LogRecord.Replicated> kept = log.append(EPOCH, records);
        assertThat(((LogRecord.Submitted) kept.get(0)).payload()).isInstanceOf(Body.Inline.class);
        Body.Stored stored = (Body.Stored) ((LogRecord.Submitted) kept.get(1)).payload();
        assertThat(stored.lsn()).isEqualTo(new Lsn(2));
        assertThat(log.read(stored)).isEqualTo(Samples.bytes(INLINE_LIMIT + 1, 2));
        rig.kill();
        Collected replayed = new Collected();
        PartitionLog reopened = rig.open(replayed).log();
        assertSame(replayed.records(), kept);
        assertThat(reopened.read(stored)).isEqualTo(Samples.bytes(INLINE_LIMIT + 1, 2));
        assertThat(reopened.read((Body.Stored) ((LogRecord.Failed) kept.get(3)).failure()))
                .isEqualTo(Samples.bytes(8000, 98));
    }

    @Test
    void aBodyThatWasNeverThereIsGone() throws Exception {
        PartitionLog log = open(rig());
        log.append(EPOCH, Samples.submissions(1, 3, 10, 1));
        assertThatThrownBy(() -> log.read(new Body.Stored(new Lsn(2), 10, 0))).isInstanceOf(BodyGoneException.class);
    }

    @Test
    void aPayloadOverTheRecordLimitIsAppendedInChunksAndComesBackWhole() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        LogRecord.Submitted large = Samples.submitted(1, 100_000);
        List<LogRecord.Replicated> kept =
                log.append(EPOCH, List.of(new LogRecord.Cancelled(9, 9), large, Samples.submitted(2, 10)));
        assertThat(log.end().lsn().value())
                .as("each chunk has a number of its own")
                .isGreaterThan(3);
        rig.kill();
        Collected replayed = new Collected();
        PartitionLog reopened = rig.open(replayed).log();
        assertSame(replayed.records(), kept);
        Body.Stored stored =
                (Body.Stored) ((LogRecord.Submitted) replayed.records().get(1)).payload();
        assertThat(reopened.read(stored)).isEqualTo(Samples.bytes(100_000, 1));
        assertThat(stored.lsn()).isEqualTo(replayed.entries().get(1).lsn());
    }

    @Test
    void aRunOfChunksThatARestartCutOffIsVoid() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, List.of(new LogRecord.Cancelled(9, 9)));
        rig.kill();
        log = open(rig);
        log.append(EPOCH, List.of(new LogRecord.Cancelled(8, 8)));
        LogEnd whole = log.end();
        log.append(EPOCH, List.of(Samples.submitted(1, 100_000)));
        rig.kill();
        long last = lastSegment(rig);
        byte[] content = rig.segmentContent(last);
        // the last chunk is gone, the ones before it are whole
        rig.replaceSegment(last, Arrays.copyOf(content, endOf(content) - 1000));
        Collected replayed = new Collected();
        RecoveredLog recovered = rig.open(replayed);
        PartitionLog reopened = recovered.log();
        assertThat(recovered.setAside()).isPresent();
        assertThat(replayed.records()).containsExactly(new LogRecord.Cancelled(9, 9), new LogRecord.Cancelled(8, 8));
        assertThat(reopened.end())
                .as("what is not whole can not go on in another file")
                .isEqualTo(whole);
        reopened.append(new Epoch(2), List.of(Samples.epochStarted(2), Samples.submitted(2, 5)));
        rig.kill();
        assertThat(replay(rig).records()).hasSize(4);
    }

    @Test
    void aLogThatIsReopenedGoesOnWhereItWas() throws Exception {
        LogRig rig = rig();
        List<LogRecord.Replicated> all = new ArrayList<>();
        LogEnd end = LogEnd.EMPTY;
        for (int round = 1; round <= 5; round++) {
            Collected replayed = new Collected();
            PartitionLog log = rig.open(replayed).log();
            assertThat(log.end()).isEqualTo(end);
            assertSame(replayed.records(), all);
            all.addAll(log.append(new Epoch(round), Samples.submissions(round * 100L, 10, 6000, round)));
            end = log.end();
            if (round % 2 == 0) {
                log.close();
            } else {
                rig.kill();
            }
        }
        assertThat(rig.segments()).hasSize(5);
    }

    @Test
    void whatAnEarlierProcessWroteIsNeverWrittenAgain() throws Exception {
        LogRig rig = rig();
        open(rig).append(EPOCH, Samples.submissions(1, 10, 6000, 1));
        rig.kill();
        long old = lastSegment(rig);
        byte[] content = rig.segmentContent(old);
        open(rig).append(new Epoch(2), Samples.submissions(100, 10, 6000, 2));
        rig.kill();
        assertThat(rig.segmentContent(old)).isEqualTo(content);
        assertThat(lastSegment(rig)).isGreaterThan(old);
    }

    @Test
    void aRestartWithoutAnAppendMakesNoSegment() throws Exception {
        LogRig rig = rig();
        open(rig).append(EPOCH, Samples.submissions(1, 1, 10, 1));
        for (int i = 0; i < 3; i++) {
            rig.kill();
            replay(rig);
        }
        rig.kill();
        assertThat(rig.segments()).hasSize(1);
    }

    @Test
    void aFullSegmentIsFollowedByAnother() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        List<LogRecord.Replicated> kept = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            kept.addAll(log.append(EPOCH, Samples.submissions(1 + 10L * i, 10, 2000, i)));
        }
        LogEnd end = log.end();
        rig.kill();
        assertThat(rig.segments().size()).isBetween(4, 8);
        Collected replayed = new Collected();
        assertThat(rig.open(replayed).log().end()).isEqualTo(end);
        assertSame(replayed.records(), kept);
    }

    @Test
    void aBatchLargerThanASegmentGoesOverSeveral() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        List<LogRecord.Replicated> kept = log.append(EPOCH, Samples.submissions(1, 60, 30_000, 12));
        LogEnd end = log.end();
        rig.kill();
        Collected replayed = new Collected();
        assertThat(rig.open(replayed).log().end()).isEqualTo(end);
        assertSame(replayed.records(), kept);
        assertThat(rig.segments().size()).isGreaterThan(2);
    }

    @Test
    void aRecordLargerThanASegmentIsRefusedAndNothingIsAppended() throws Exception {
        PartitionLog log = open(rig());
        LogRecord.Submitted large = Samples.submitted(2, (int) SEGMENT_BYTES + 1);
        assertThatThrownBy(() -> log.append(EPOCH, List.of(new LogRecord.Cancelled(1, 1), large)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("segment-size=" + SEGMENT_BYTES);
        assertThat(log.end()).isEqualTo(LogEnd.EMPTY);
    }

    @Test
    void forcingCoversWhatWasAppendedBefore() throws Exception {
        PartitionLog log = open(rig());
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        LogEnd end = log.end();
        assertThat(log.forcedEnd().lsn()).isLessThanOrEqualTo(end.lsn());
        assertThat(log.force()).isEqualTo(end);
        assertThat(log.forcedEnd()).isEqualTo(end);
        log.append(EPOCH, Samples.submissions(4, 1, 100, 1));
        assertThat(log.forcedEnd()).isEqualTo(end);
    }

    @Test
    void closingForcesAndIsIdempotentAndEndsTheLog() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        log.close();
        log.close();
        assertThat(log.forcedEnd()).isEqualTo(log.end());
        assertThatThrownBy(() -> log.append(EPOCH, Samples.submissions(4, 1, 100, 1)))
                .isInstanceOf(LogFailedException.class);
        assertThat(rig.open(new Collected()).crashed()).isFalse();
    }

    @Test
    void issuingGoesOnAtTheReservedEndAfterAKillAndBehindTheLogAfterAClose() throws Exception {
        LogRig rig = rig();
        RecoveredLog first = rig.open(new Collected());
        first.sequences().reserve(1 + SequenceLimits.STEP);
        first.log().append(EPOCH, Samples.submissions(1, 3, 100, 1));
        rig.kill();
        RecoveredLog second = rig.open(new Collected());
        assertThat(second.crashed()).isTrue();
        assertThat(second.nextSequence()).isEqualTo(1 + SequenceLimits.STEP);
        assertThat(second.lost()).isEmpty();
        second.sequences().reserve(1 + 2 * SequenceLimits.STEP);
        second.log().append(EPOCH, List.of(Samples.submitted(1 + SequenceLimits.STEP, 3)));
        second.log().close();
        assertThat(rig.open(new Collected()).nextSequence()).isEqualTo(2 + SequenceLimits.STEP);
    }

    @Test
    void sequencesThatMayBeGoneWithThePageCacheAreNamed() throws Exception {
        LogRig rig = rig();
        RecoveredLog first = rig.open(new Collected());
        first.sequences().reserve(1000);
        first.log().append(EPOCH, Samples.submissions(1, 3, 100, 1));
        rig.loseTrustInPageCache();
        RecoveredLog second = rig.open(new Collected());
        assertThat(second.lost()).contains(new SequenceRange(4, 1000));
        assertThat(second.nextSequence()).isEqualTo(1000);
    }

    // where a log ends

    @Test
    void aTornTailEndsTheLog() throws Exception {
        for (int missing : new int[] {1, 10, 60, 150}) {
            LogRig rig = rig();
            PartitionLog log = open(rig);
            log.append(EPOCH, Samples.submissions(1, 5, 100, 1));
            LogEnd acknowledged = log.end();
            log.acknowledge(acknowledged.lsn());
            log.append(EPOCH, List.of(Samples.submitted(6, 100)));
            rig.kill();
            long last = lastSegment(rig);
            byte[] content = rig.segmentContent(last);
            Arrays.fill(content, endOf(content) - missing, content.length, (byte) 0);
            rig.replaceSegment(last, content);
            Collected replayed = new Collected();
            RecoveredLog recovered = rig.open(replayed);
            assertThat(recovered.log().end()).as("missing=%d", missing).isEqualTo(acknowledged);
            assertThat(recovered.setAside()).isPresent();
            recovered.log().append(new Epoch(2), List.of(Samples.submitted(7, 10)));
            rig.kill();
            assertThat(replay(rig).records()).as("missing=%d", missing).hasSize(6);
        }
    }

    @Test
    void aRecordThatWasWrittenButForItsLengthEndsTheLogAndIsNoDamage() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 5, 100, 1));
        LogEnd acknowledged = log.end();
        log.acknowledge(acknowledged.lsn());
        log.append(EPOCH, List.of(Samples.submitted(6, 100)));
        rig.kill();
        long last = lastSegment(rig);
        byte[] content = rig.segmentContent(last);
        int document = startOfRecord(content, 6);
        Arrays.fill(content, document, document + 4, (byte) 0);
        rig.replaceSegment(last, content);
        RecoveredLog recovered = rig.open(new Collected());
        assertThat(recovered.log().end()).isEqualTo(acknowledged);
        recovered.log().append(new Epoch(2), List.of(Samples.submitted(7, 10)));
        rig.kill();
        assertThat(replay(rig).records()).hasSize(6);
    }

    @Test
    void anAcknowledgedRecordWhoseLengthIsGoneIsDamage() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 6, 100, 1));
        log.acknowledge(log.end().lsn());
        rig.kill();
        long last = lastSegment(rig);
        byte[] content = rig.segmentContent(last);
        int document = startOfRecord(content, 6);
        Arrays.fill(content, document, document + 4, (byte) 0);
        rig.replaceSegment(last, content);
        assertThatThrownBy(() -> rig.open(new Collected())).isInstanceOf(LogDamagedException.class);
    }

    @Test
    void aFileCutWithinAnUnacknowledgedRecordEndsTheLog() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 5, 100, 1));
        rig.kill();
        long last = lastSegment(rig);
        byte[] content = rig.segmentContent(last);
        rig.replaceSegment(last, Arrays.copyOf(content, endOf(content) - 7));
        assertThat(replay(rig).records()).hasSize(4);
    }

    @Test
    void anAcknowledgedRecordThatIsMissingIsDamage() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 5, 100, 1));
        log.acknowledge(log.end().lsn());
        rig.kill();
        long last = lastSegment(rig);
        byte[] content = rig.segmentContent(last);
        rig.replaceSegment(last, Arrays.copyOf(content, endOf(content) - 7));
        assertDamaged(rig, last);
    }

    @Test
    void aSegmentOfWhichNothingIsLeftIsNamed() throws Exception {
        LogRig rig = rig();
        for (int start = 0; start < 2; start++) {
            PartitionLog log = open(rig);
            log.append(EPOCH, Samples.submissions(1 + 5 * start, 5, 100, 1));
            log.acknowledge(log.end().lsn());
            rig.kill();
            long last = lastSegment(rig);
            byte[] content = rig.segmentContent(last);
            int begin = startOfRecord(content, 0);
            byte[] zeroed = content.clone();
            Arrays.fill(zeroed, begin, zeroed.length, (byte) 0);
            for (byte[] nothing : List.of(zeroed, Arrays.copyOf(content, begin), new byte[0])) {
                rig.replaceSegment(last, nothing);
                LogDamage damage = assertDamaged(rig, last, nothing.length + " bytes, start=" + start);
                assertThat(damage.file().toString()).matches(".*segment-0*" + last + "(/.*)?");
                assertThat(damage.offset()).isBetween(0L, (long) begin);
            }
            rig.replaceSegment(last, content);
        }
    }

    @Test
    void aFlippedBitInARecordIsDamageAndNamesItsPlace() throws Exception {
        LogRig rig = rig();
        open(rig).append(EPOCH, Samples.submissions(1, 5, 64, 1));
        rig.kill();
        long last = lastSegment(rig);
        byte[] content = rig.segmentContent(last);
        // others follow it; zeros between documents belong to none
        int start = startOfRecord(content, 2);
        int length = 4 + (content[start] & 0xFF) + ((content[start + 1] & 0xFF) << 8);
        // every byte of the headers, and some of the body
        for (int offset = 0; offset < length; offset += offset < 52 ? 1 : 9) {
            byte[] flipped = content.clone();
            flipped[start + offset] ^= (byte) (1 << (offset % 8));
            rig.replaceSegment(last, flipped);
            LogDamage damage = assertDamaged(rig, last, "flipped at offset " + offset + " of the document");
            assertThat(damage.offset())
                    .as("flipped at offset %d of the document", offset)
                    .isEqualTo(start);
        }
        rig.replaceSegment(last, content);
        assertThat(replay(rig).records()).hasSize(5);
    }

    /** Neither skipped nor taken for damage: a later version may have written it, and what it means is not known here. */
    @Test
    void aRecordOfAnotherVersionIsRefusedAndNothingIsChanged() throws Exception {
        LogRig rig = rig();
        open(rig).append(EPOCH, Samples.submissions(1, 5, 64, 1));
        rig.kill();
        long last = lastSegment(rig);
        byte[] content = rig.segmentContent(last);
        int frame = startOfRecord(content, 5) + 4;
        int typeOfLater = 40; // a number that is kept for timers and steps
        for (int[] change : new int[][] {{16, 2}, {17, typeOfLater}}) {
            byte[] newer = content.clone();
            newer[frame + change[0]] = (byte) change[1];
            ByteBuffer file = ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN);
            CRC32C crc = new CRC32C();
            crc.update(newer, frame + 16, 48 - 16 + file.getInt(frame + 20));
            file.putInt(frame + 4, (int) crc.getValue());
            rig.replaceSegment(last, newer);
            assertThatThrownBy(() -> rig.open(new Collected()))
                    .isInstanceOf(UnreadableRecordException.class)
                    .hasMessageContaining(change[0] == 16 ? "record format 2" : "record type " + typeOfLater)
                    .hasMessageContaining("use the version that wrote it or a newer one");
            rig.kill();
            assertThat(rig.segmentContent(last)).isEqualTo(newer);
        }
        rig.replaceSegment(last, content);
        assertThat(replay(rig).records()).hasSize(5);
    }

    @Test
    void damageInAnOlderSegmentIsRefusedEvenAfterALossOfThePageCache() throws Exception {
        LogRig rig = rig();
        open(rig).append(EPOCH, Samples.submissions(1, 5, 100, 1));
        rig.kill();
        open(rig).append(new Epoch(2), Samples.submissions(6, 5, 100, 1));
        rig.loseTrustInPageCache();
        long first = rig.segments().get(0);
        byte[] content = rig.segmentContent(first);
        content[endOf(content) - 20] ^= 1;
        rig.replaceSegment(first, content);
        assertDamaged(rig, first);
    }

    @Test
    void anOlderSegmentThatIsMissingIsDamage() throws Exception {
        LogRig rig = rig();
        open(rig).append(EPOCH, Samples.submissions(1, 5, 100, 1));
        rig.kill();
        open(rig).append(new Epoch(2), Samples.submissions(6, 5, 100, 1));
        rig.kill();
        open(rig).append(new Epoch(3), Samples.submissions(16, 5, 100, 1));
        rig.kill();
        rig.replaceSegment(rig.segments().get(1), new byte[0]);
        assertThatThrownBy(() -> rig.open(new Collected())).isInstanceOf(LogDamagedException.class);
    }

    @Test
    void aLostPageCacheUnderOsTakesTheLogBackToItsPrefix() throws Exception {
        for (SyncPolicy sync : List.of(SyncPolicy.OS, SyncPolicy.INTERVAL)) {
            LogRig rig = rig(sync);
            RecoveredLog first = rig.open(new Collected());
            first.sequences().reserve(1000);
            first.log().append(EPOCH, Samples.submissions(1, 5, 100, 1));
            first.log().acknowledge(first.log().end().lsn());
            rig.loseTrustInPageCache();
            punchHole(rig, 3);
            Collected replayed = new Collected();
            RecoveredLog recovered = rig.open(replayed);
            assertThat(replayed.records()).as("sync=%s", sync).hasSize(2);
            assertThat(recovered.setAside()).isPresent();
            assertThat(recovered.lost()).contains(new SequenceRange(3, 1000));
            recovered.log().append(new Epoch(2), List.of(new LogRecord.SequencesLost(new SequenceRange(3, 1000), 1)));
            rig.kill();
            Collected again = new Collected();
            RecoveredLog third = rig.open(again);
            assertThat(again.records()).as("what was given up stays so").hasSize(3);
            assertThat(third.lost()).isEmpty();
        }
    }

    @Test
    void aProcessThatDiesDuringTheRecoveryFromALossHidesNothingFromTheNext() throws Exception {
        LogRig rig = rig();
        RecoveredLog first = rig.open(new Collected());
        first.sequences().reserve(1000);
        first.log().append(EPOCH, Samples.submissions(1, 5, 100, 1));
        first.log().acknowledge(first.log().end().lsn());
        rig.loseTrustInPageCache();
        punchHole(rig, 3);
        rig.open(new Collected());
        rig.kill();
        RecoveredLog third = rig.open(new Collected());
        assertThat(third.log().end().lsn()).isEqualTo(new Lsn(2));
        assertThat(third.lost()).contains(new SequenceRange(3, 1000));
    }

    @Test
    void underAlwaysAnAcknowledgedRecordThatIsDamagedIsRefusedWhateverThePageCache() throws Exception {
        LogRig rig = rig(SyncPolicy.ALWAYS);
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 5, 100, 1));
        log.force();
        log.acknowledge(log.end().lsn());
        rig.loseTrustInPageCache();
        punchHole(rig, 3);
        assertDamaged(rig, lastSegment(rig));
    }

    @Test
    void underAlwaysForcedRecordsAreKnownFromTheLogEvenIfTheMarkIsOld() throws Exception {
        LogRig rig = rig(SyncPolicy.ALWAYS);
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 5, 100, 1));
        log.force();
        log.append(EPOCH, Samples.submissions(6, 5, 100, 1));
        rig.loseTrustInPageCache();
        punchHole(rig, 3);
        assertDamaged(rig, lastSegment(rig));
    }

    @Test
    void underAlwaysAHoleInWhatWasUnderWayEndsTheLog() throws Exception {
        LogRig rig = rig(SyncPolicy.ALWAYS);
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 2, 100, 1));
        log.force();
        log.acknowledge(log.end().lsn());
        log.append(EPOCH, Samples.submissions(3, 5, 100, 1));
        rig.loseTrustInPageCache();
        // the fourth frame is the third record: before it stands what was known to be forced
        punchHole(rig, 4);
        assertThat(replay(rig).records()).hasSize(2);
    }

    @Test
    void aHoleIsDamageAsLongAsThePageCacheIsTheSame() throws Exception {
        LogRig rig = rig();
        open(rig).append(EPOCH, Samples.submissions(1, 5, 100, 1));
        rig.kill();
        punchHole(rig, 3);
        assertDamaged(rig, lastSegment(rig));
    }

    @Test
    void damageOfABodyThatIsReadLaterIsNeverServed() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, List.of(Samples.submitted(1, 50_000)));
        rig.kill();
        Collected replayed = new Collected();
        PartitionLog reopened = rig.open(replayed).log();
        Body.Stored stored =
                (Body.Stored) ((LogRecord.Submitted) replayed.records().get(0)).payload();
        assertThat(reopened.read(stored)).hasSize(50_000);
        Body.Stored another = new Body.Stored(stored.lsn(), stored.length(), stored.crc() + 1);
        assertThatThrownBy(() -> reopened.read(another)).isInstanceOf(LogDamagedException.class);
        Body.Stored longer = new Body.Stored(stored.lsn(), stored.length() + 1, stored.crc());
        assertThatThrownBy(() -> reopened.read(longer)).isInstanceOf(LogDamagedException.class);
    }

    // checkpoints

    @Test
    void aCheckpointAndWhatFollowsItGiveTheStateAgain() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 10, 100, 1));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        List<LogRecord.Replicated> after = log.append(EPOCH, Samples.submissions(11, 5, 100, 1));
        LogEnd end = log.end();
        rig.kill();
        Collected replayed = new Collected();
        RecoveredLog recovered = rig.open(replayed);
        assertThat(Samples.describe(replayed.items())).isEqualTo(Samples.describe(Samples.everyItem()));
        assertSame(replayed.records(), after);
        assertThat(recovered.log().end()).isEqualTo(end);
        assertThat(recovered.nextSequence()).isGreaterThanOrEqualTo(77);
    }

    @Test
    void aTaskWhoseBytesStayInTheLogKeepsTheRequestThatStoredIt() throws Exception {
        LogRig rig = rig();
        RequestId request = new RequestId(new UUID(1, 2), 4, 3);
        Body payload = new Body.Inline(Samples.bytes(100_000, 1));
        LogRecord.Submitted task = new LogRecord.Submitted(1, "a", 2, Samples.spec(), payload, request);
        LogRecord.Submitted kept =
                (LogRecord.Submitted) open(rig).append(EPOCH, List.of(task)).get(0);
        assertThat(kept.payload()).isInstanceOf(Body.Stored.class);
        assertThat(kept.request()).isEqualTo(request);
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertSame(replayed.records(), List.of(kept));
    }

    @Test
    void aCheckpointOfAnEarlierPositionKeepsWhatCameSince() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 10, 100, 1));
        LogEnd at = log.end();
        List<LogRecord.Replicated> since = log.append(EPOCH, Samples.submissions(11, 200, 5000, 3));
        log.checkpoint(at, Stream.of(new SnapshotItem.OfPartition(EPOCH, 1, 11)));
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(replayed.items()).hasSize(1);
        assertSame(replayed.records(), since);
    }

    @Test
    void aCheckpointDeletesTheSegmentsThatItReplaces() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 40; i++) {
                log.append(EPOCH, Samples.submissions(1 + 10L * i, 10, 4000, i));
            }
            assertThat(rig.segments().size()).isGreaterThan(2);
            log.checkpoint(log.end(), Stream.of(new SnapshotItem.OfPartition(EPOCH, 1, 1 + round)));
            assertThat(rig.segments().size())
                    .as("the one being written, and one ahead")
                    .isLessThanOrEqualTo(2);
            assertThat(rig.checkpoints()).hasSize(1);
        }
        LogEnd end = log.end();
        rig.kill();
        Collected replayed = new Collected();
        assertThat(rig.open(replayed).log().end()).isEqualTo(end);
        assertThat(replayed.items()).containsExactly(new SnapshotItem.OfPartition(EPOCH, 1, 3));
        assertThat(replayed.records()).isEmpty();
    }

    @Test
    void bodiesOfLiveEntriesMoveIntoTheCheckpointAndOthersAreGone() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        List<LogRecord.Replicated> kept = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            kept.addAll(log.append(EPOCH, List.of(Samples.submitted(1 + i, 40_000))));
        }
        Body.Stored payload = (Body.Stored) ((LogRecord.Submitted) kept.get(3)).payload();
        Body.Stored result = (Body.Stored) ((LogRecord.Submitted) kept.get(4)).payload();
        Body.Stored dropped = (Body.Stored) ((LogRecord.Submitted) kept.get(5)).payload();
        SnapshotItem.OfTask task = new SnapshotItem.OfTask(
                4,
                "a",
                1,
                Samples.spec(),
                payload,
                SnapshotItem.State.FAILED,
                1,
                false,
                0,
                false,
                1,
                2,
                null,
                "java",
                null,
                result);
        log.checkpoint(log.end(), Stream.of(new SnapshotItem.OfPartition(EPOCH, 1, 100), task));
        assertThat(log.read(payload)).isEqualTo(Samples.bytes(40_000, 4));
        assertThat(log.read(result)).isEqualTo(Samples.bytes(40_000, 5));
        assertThatThrownBy(() -> log.read(dropped)).isInstanceOf(BodyGoneException.class);
        // and from checkpoint to checkpoint, and over a restart
        log.checkpoint(log.end(), Stream.of(new SnapshotItem.OfPartition(EPOCH, 1, 100), task));
        assertThat(log.read(result)).isEqualTo(Samples.bytes(40_000, 5));
        rig.kill();
        Collected replayed = new Collected();
        PartitionLog reopened = rig.open(replayed).log();
        assertThat(Samples.describe(replayed.items().subList(1, 2))).isEqualTo(Samples.describe(List.of(task)));
        assertThat(reopened.read(payload)).isEqualTo(Samples.bytes(40_000, 4));
        assertThat(reopened.read(result)).isEqualTo(Samples.bytes(40_000, 5));
    }

    @Test
    void aCheckpointThatFailsHalfWayChangesNothing() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        List<LogRecord.Replicated> kept = log.append(EPOCH, Samples.submissions(1, 10, 100, 1));
        Stream<SnapshotItem> broken = Stream.of(1, 2, 3).map(i -> {
            if (i == 3) {
                throw new IllegalStateException("the ring cannot be read");
            }
            return new SnapshotItem.OfPartition(EPOCH, 1, i);
        });
        assertThatThrownBy(() -> log.checkpoint(log.end(), broken)).hasMessage("the ring cannot be read");
        assertThat(rig.checkpoints()).isEmpty();
        log.append(EPOCH, List.of(new LogRecord.Cancelled(1, 1)));
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(replayed.items()).isEmpty();
        assertSame(replayed.records().subList(0, 10), kept);
    }

    @Test
    void theStreamOfItemsIsClosed() throws Exception {
        PartitionLog log = open(rig());
        log.append(EPOCH, Samples.submissions(1, 1, 100, 1));
        boolean[] closed = new boolean[1];
        log.checkpoint(
                log.end(),
                Stream.<SnapshotItem>of(new SnapshotItem.OfPartition(EPOCH, 1, 2))
                        .onClose(() -> closed[0] = true));
        assertThat(closed[0]).isTrue();
    }

    @Test
    void aDamagedCheckpointIsRefused() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 10, 100, 1));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        rig.kill();
        long number = rig.checkpoints().get(0);
        byte[] content = rig.checkpointContent(number);
        byte[] damaged = content.clone();
        damaged[damaged.length / 2] ^= 4;
        rig.replaceCheckpoint(number, damaged);
        assertThatThrownBy(() -> rig.open(new Collected())).isInstanceOf(LogDamagedException.class);
        rig.replaceCheckpoint(number, Arrays.copyOf(content, content.length / 2));
        assertThatThrownBy(() -> rig.open(new Collected())).isInstanceOf(LogDamagedException.class);
    }

    @Test
    void aCheckpointOfAnotherVersionIsRefusedAndNothingIsChanged() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        log.append(EPOCH, Samples.submissions(1, 10, 100, 1));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        rig.kill();
        long number = rig.checkpoints().get(0);
        byte[] newer = rig.checkpointContent(number);
        newer[4 + 16] = 2; // the version of the first frame
        ByteBuffer file = ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        crc.update(newer, 4 + 16, 48 - 16 + file.getInt(4 + 20));
        file.putInt(4 + 4, (int) crc.getValue());
        rig.replaceCheckpoint(number, newer);
        assertThatThrownBy(() -> rig.open(new Collected()))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("record format 2")
                .hasMessageContaining("use the version that wrote it or a newer one");
        rig.kill();
        assertThat(rig.checkpointContent(number)).isEqualTo(newer);
        assertThat(rig.segments()).isNotEmpty();
    }

    @Test
    void aCheckpointIsDueWhenTheLogHasOutgrownTwoSegmentsAndTheLiveData() throws Exception {
        LogRig rig = rig();
        PartitionLog log = open(rig);
        assertThat(log.checkpointDue(0)).isFalse();
        for (int i = 0; i < 6; i++) {
            log.append(EPOCH, List.of(Samples.submitted(1 + i, 80_000)));
        }
        assertThat(log.checkpointDue(0)).isFalse();
        for (int i = 0; i < 3; i++) {
            log.append(EPOCH, List.of(Samples.submitted(20 + i, 80_000)));
        }
        assertThat(log.checkpointDue(0)).isTrue();
        assertThat(log.checkpointDue(100 * SEGMENT_BYTES)).isFalse();
        rig.kill();
        PartitionLog reopened = open(rig);
        assertThat(reopened.checkpointDue(0)).isTrue();
        reopened.append(EPOCH, List.of(new LogRecord.Cancelled(1, 1)));
        reopened.checkpoint(reopened.end(), Stream.of(new SnapshotItem.OfPartition(EPOCH, 1, 2)));
        assertThat(reopened.checkpointDue(0)).isFalse();
    }

    @Test
    void manyRestartsMakeACheckpointDue() throws Exception {
        LogRig rig = rig();
        for (int i = 1; i <= 9; i++) {
            PartitionLog log = open(rig);
            assertThat(log.checkpointDue(0)).as("start %d", i).isFalse();
            log.append(new Epoch(i), List.of(Samples.epochStarted(i)));
            rig.kill();
        }
        PartitionLog log = open(rig);
        assertThat(log.checkpointDue(0)).isTrue();
        log.append(new Epoch(10), List.of(Samples.epochStarted(10)));
        log.checkpoint(log.end(), Stream.of(new SnapshotItem.OfPartition(EPOCH, 1, 2)));
        assertThat(log.checkpointDue(0)).isFalse();
        rig.kill();
        assertThat(open(rig).checkpointDue(0)).isFalse();
    }

    @Test
    void thereIsRoomOnAnEmptyMedium() throws Exception {
        assertThat(open(rig()).hasRoomFor(1024)).isTrue();
    }

    // tools

    protected static PartitionLog open(LogRig rig) {
        return rig.open(new Collected()).log();
    }

    protected static Collected replay(LogRig rig) {
        Collected collected = new Collected();
        rig.open(collected);
        return collected;
    }

    protected static void assertSame(
            List<? extends LogRecord.Replicated> actual, List<? extends LogRecord.Replicated> expected) {
        List<String> one = Samples.describe(actual);
        List<String> other = Samples.describe(expected);
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            assertThat(one.get(i)).as("record %d of %d", i, one.size()).isEqualTo(other.get(i));
        }
        assertThat(one).hasSameSizeAs(other);
    }

    protected static LogDamage assertDamaged(LogRig rig, long segment) {
        return assertDamaged(rig, segment, "");
    }

    protected static LogDamage assertDamaged(LogRig rig, long segment, String what) {
        LogDamagedException[] thrown = new LogDamagedException[1];
        try {
            rig.open(new Collected());
        } catch (LogDamagedException e) {
            thrown[0] = e;
        }
        assertThat(thrown[0]).as("damage found: %s", what).isNotNull();
        assertThat(thrown[0]).hasMessageContaining("partition=" + PARTITION).hasMessageContaining("offset=");
        LogDamage damage = thrown[0].damage();
        assertThat(damage.file().toString()).contains("segment-").contains(Long.toString(segment));
        return damage;
    }

    protected static long lastSegment(LogRig rig) {
        List<Long> segments = rig.segments();
        // one may have been made ahead; it holds no record
        for (int i = segments.size() - 1; i > 0; i--) {
            if (indexOf(rig.segmentContent(segments.get(i)), 0) >= 0) {
                return segments.get(i);
            }
        }
        return segments.get(0);
    }

    /** Overwrites the record with this number, from 1, in the last segment by zeros, as a lost page would. */
    protected static void punchHole(LogRig rig, int record) {
        long last = lastSegment(rig);
        byte[] content = rig.segmentContent(last);
        int start = startOfRecord(content, record);
        int end = indexOf(content, start + 8) - 4;
        Arrays.fill(content, start, end, (byte) 0);
        rig.replaceSegment(last, content);
    }

    /** Offset of the document of the record with this number, from 1; the first frame of a segment is its own. */
    protected static int startOfRecord(byte[] content, int record) {
        int at = indexOf(content, 0);
        for (int i = 0; i < record; i++) {
            at = indexOf(content, at + 4);
        }
        return at - 4;
    }

    /** Where the last byte that is not zero ends. */
    protected static int endOf(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static int indexOf(byte[] content, int from) {
        for (int i = Math.max(0, from); i + 4 <= content.length; i++) {
            if (content[i] == 'H' && content[i + 1] == 'F' && content[i + 2] == 'L' && content[i + 3] == 'R') {
                return i;
            }
        }
        return -1;
    }
}
