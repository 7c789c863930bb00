package dev.holdfast.testkit;

import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.directory.ClusterFile;
import dev.holdfast.storage.directory.ClusterMark;
import dev.holdfast.storage.directory.EpochFile;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.testkit.CrashPoint.Phase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A copy of a {@link LogFixture}'s log to which something is done that ends at a {@link CrashPoint}; then it is opened, and must hold
 * what it held before or what it was to hold, nothing else, and take more. One thread.
 */
final class CrashedLog {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String OTHER_BOOT = "boot 2";
    private static final String SEGMENT_FILE = "19700102F.cq4";
    private static final Pattern LOST =
            Pattern.compile("SequencesLost\\[range=SequenceRange\\[first=(\\d+), endExclusive=(\\d+)");

    private static final Set<CrashPoint> BEHIND_ALL =
            Set.of(CrashPoint.CUT, CrashPoint.INSTALLED, CrashPoint.EPOCH_STORED, CrashPoint.MEMBERSHIP_STORED);

    private static final byte[] MAGIC = "HFLR".getBytes(StandardCharsets.US_ASCII);
    private static final long OLD_EPOCH = 5;
    private static final long NEW_EPOCH = 7;

    private final LogFixture fixture;
    private final Path folder;
    private final Path directory;
    private final Path partition;
    private final Phase phase;
    private final SplittableRandom random;
    private final List<String> violations = new ArrayList<>();
    private LogFixture.State expected;
    /** What has to be moved out of the way and kept; of a tail, the file up to its end. */
    private byte[] setAside = new byte[0];

    private long cutAt;

    /** Whether what was done was done when the process ended. */
    private boolean done;

    /** A point to end at, at which visit. */
    record Crash(CrashPoint point, int visit) {

        Phase phase() {
            return point.phases().iterator().next();
        }

        /** Every visit of every point in the phases that are no node's. */
        static List<Crash> all() {
            return Stream.of(CrashPoint.values())
                    .filter(point -> point.phases().stream().noneMatch(Phase::isOfNode))
                    .flatMap(point -> Stream.iterate(1, visit -> visit <= point.usualVisits(), visit -> visit + 1)
                            .map(visit -> new Crash(point, visit)))
                    .toList();
        }
    }

    /** @param folder does not exist yet */
    CrashedLog(LogFixture fixture, Path folder, Phase phase, long seed) throws IOException {
        this.fixture = fixture;
        this.folder = Files.createDirectories(folder);
        this.directory = folder.resolve("data");
        this.partition = directory.resolve("partition-0000");
        this.phase = phase;
        this.random = new SplittableRandom(seed);
        this.expected = fixture.whole();
        LogFixture.copy(fixture.directory(), directory);
        prepare();
    }

    private void prepare() throws IOException {
        switch (phase) {
            case CUT_SHORT -> {
                Path segment = Files.createDirectory(
                        partition.resolve(String.format(Locale.ROOT, "segment-%06d", highestNumber() + 1)));
                setAside = new byte[random.nextInt(200, 70_000)];
                random.nextBytes(setAside);
                setAside[3] = (byte) 0x80; // a document that was not ended
                Files.write(segment.resolve(SEGMENT_FILE), setAside);
            }
            case LOST_TAIL -> {
                loseTail();
                expected = LogFixture.read(directory, folder.resolve("recovered"), fixture.sync(), OTHER_BOOT);
                int records = expected.records().size();
                expect(records < fixture.whole().records().size(), "nothing is lost: " + expected);
                long last = records == 0 ? 0 : expected.records().lastKey();
                expect(expected.equals(fixture.whole().upTo(last)), "no beginning of the log: " + expected);
            }
            case TRUNCATION -> {
                List<Long> places = List.copyOf(fixture.whole().records().keySet());
                cutAt = places.get(random.nextInt(places.size() - 1));
            }
            case EPOCH -> EpochFile.in(partition, LogFixture.PARTITION).store(new Epoch(OLD_EPOCH));
            case MEMBERSHIP ->
                ClusterFile.in(directory)
                        .store(new ClusterMark(new UUID(1, 2), 1, ByteBuffer.wrap(new byte[100]), 3, 3, true));
            case INSTALL, NEW, START, LOAD, CLOSE -> {}
        }
    }

    /** The last pages of the newest segment that holds something were never written. */
    private void loseTail() throws IOException {
        List<Path> all = segments();
        int newest = all.size() - 1;
        byte[] content = Files.readAllBytes(all.get(newest).resolve(SEGMENT_FILE));
        while (indexOf(content, MAGIC) < 0) { // one that was made ahead
            newest--;
            content = Files.readAllBytes(all.get(newest).resolve(SEGMENT_FILE));
        }
        int begin = indexOf(content, MAGIC);
        int from;
        do { // within a payload: a record is torn
            from = random.nextInt(begin + 1_000, content.length - 500);
        } while (hasZero(content, from - 8, from + 8));
        Arrays.fill(content, from, content.length, (byte) 0);
        Files.write(all.get(newest).resolve(SEGMENT_FILE), content);
        int last = content.length;
        while (content[last - 1] == 0) {
            last--;
        }
        setAside = Arrays.copyOf(content, last);
    }

    private static boolean hasZero(byte[] content, int from, int to) {
        for (int at = from; at < to; at++) {
            if (content[at] == 0) {
                return true;
            }
        }
        return false;
    }

    private static int indexOf(byte[] content, byte[] what) {
        for (int at = 0; at + what.length <= content.length; at++) {
            if (Arrays.equals(content, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }

    /** Oldest first. */
    private List<Path> segments() throws IOException {
        try (Stream<Path> all = Files.list(partition)) {
            return all.filter(path -> String.valueOf(path.getFileName()).matches("segment-\\d+"))
                    .sorted()
                    .toList();
        }
    }

    private long highestNumber() throws IOException {
        List<Path> all = segments();
        String name = String.valueOf(all.get(all.size() - 1).getFileName());
        return Long.parseLong(name.substring("segment-".length()));
    }

    /** @return whether it came to the point, and ended there */
    boolean crash(Path classes, Crash at) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of(directory.toString(), fixture.sync().name(), boot()));
        arguments.add(phase.name());
        arguments.addAll(
                switch (phase) {
                    case TRUNCATION -> List.of(Long.toString(cutAt));
                    case INSTALL -> installation();
                    case EPOCH -> List.of(Long.toString(NEW_EPOCH));
                    default -> List.<String>of();
                });
        try (ChildJvm child = ChildJvm.of(LogCrashWorkload.class)
                .classPathFirst(classes)
                .shortLived()
                .flags("-Xmx256m")
                .flags("-Dcrash.point=" + at.point().number(), "-Dcrash.phase=" + phase, "-Dcrash.visit=" + at.visit())
                .arguments(arguments.toArray(String[]::new))
                .errorsTo(folder.resolve("errors.txt"))
                .start()) {
            int exit = child.await(LIMIT);
            if (exit != CrashHalts.EXIT_CODE && exit != 0) {
                violations.add("it ended with " + exit + ": " + Files.readString(folder.resolve("errors.txt")));
            }
            done |= exit == 0 || BEHIND_ALL.contains(at.point());
            return exit == CrashHalts.EXIT_CODE;
        }
    }

    private List<String> installation() throws IOException {
        Path file = Files.write(folder.resolve("incoming"), fixture.checkpoint());
        return List.of(
                Long.toString(fixture.at().lsn().value()),
                Long.toString(fixture.at().epoch().value()),
                Long.toString(fixture.at().hash()),
                file.toString());
    }

    private String boot() {
        return phase == Phase.LOST_TAIL ? OTHER_BOOT : LogFixture.BOOT;
    }

    /** What is wrong with what is there now. */
    List<String> violations() {
        try {
            switch (phase) {
                case EPOCH -> epoch();
                case MEMBERSHIP -> membership();
                default -> log();
            }
        } catch (IOException | RuntimeException e) {
            violations.add("an exception that nobody expects: " + e + " at " + List.of(e.getStackTrace()));
        }
        return violations;
    }

    private void epoch() throws IOException {
        EpochFile file = EpochFile.in(partition, LogFixture.PARTITION);
        long stored = file.load().value();
        expect(stored == NEW_EPOCH || (stored == OLD_EPOCH && !done), "epoch=" + stored);
        file.store(new Epoch(NEW_EPOCH + 1));
        expect(file.load().value() == NEW_EPOCH + 1, "no other epoch is stored: " + file.load());
        log();
    }

    private void membership() throws IOException {
        ClusterFile file = ClusterFile.in(directory);
        ClusterMark mark = file.load().orElseThrow();
        expect(mark.session() == 3 && (mark.pending() == 4 || (mark.pending() == 3 && !done)), "membership=" + mark);
        file.store(mark.inSession(9));
        expect(file.load().orElseThrow().session() == 9, "no other membership is stored: " + file.load());
    }

    private void log() throws IOException {
        LogFixture.State afterwards = switch (phase) {
            case TRUNCATION -> fixture.whole().upTo(cutAt);
            case INSTALL -> fixture.installed();
            default -> expected;
        };
        long next;
        try (NodeStorage storage = LogFixture.storage(directory, fixture.sync(), boot())) {
            LogFixture.Read read = new LogFixture.Read();
            RecoveredLog recovered = storage.openPartition(LogFixture.PARTITION, read);
            LogFixture.State found = read.state(recovered.log()).ofTasks();
            expect(
                    found.equals(afterwards) || (found.equals(expected) && !done),
                    "neither before nor after, done=" + done + ": " + found);
            LogCrashWorkload.goOnWith(recovered);
            if (phase == Phase.TRUNCATION) { // the replica is told again
                recovered.replicated().truncate(new Lsn(cutAt));
            } else if (phase == Phase.INSTALL) {
                LogCrashWorkload.install(recovered.replicated(), fixture.at(), fixture.checkpoint());
            }
            next = recovered.nextSequence();
            recovered.sequences().reserve(next + 1);
            append(recovered.log(), next);
            storage.markClean();
        }
        try (NodeStorage storage = LogFixture.storage(directory, fixture.sync(), boot())) {
            LogFixture.Read read = new LogFixture.Read();
            RecoveredLog recovered = storage.openPartition(LogFixture.PARTITION, read);
            LogFixture.State all = read.state(recovered.log());
            long last = all.records().lastKey();
            expect(
                    all.ofTasks().upTo(last - 1).equals(afterwards),
                    "after another life: " + all + ", not " + afterwards);
            expect(
                    String.valueOf(all.records().get(last)).startsWith("Submitted[sequence=" + next + ","),
                    "what was appended is gone");
            expect(recovered.nextSequence() == next + 1, "issuing goes on at " + recovered.nextSequence());
            saysWhatIsLost(all);
        }
        isKept();
    }

    private static void append(PartitionLog log, long sequence) {
        LogRecord.Submitted more = LogFixture.submitted(sequence, 100);
        log.append(new Epoch(log.end().epoch().value() + 1), List.of(more));
        log.force();
        log.acknowledge(log.end().lsn());
    }

    /** Every sequence that is gone, in the log. */
    private void saysWhatIsLost(LogFixture.State all) {
        if (phase != Phase.LOST_TAIL) {
            return;
        }
        List<MatchResult> ranges = all.records().values().stream()
                .flatMap(told -> LOST.matcher(told).results())
                .toList();
        int there = expected.items().size() - 1 + expected.records().size();
        for (long sequence = there + 1L; sequence <= LogFixture.RECORDS; sequence++) {
            long gone = sequence;
            expect(
                    ranges.stream()
                            .anyMatch(range ->
                                    Long.parseLong(range.group(1)) <= gone && gone < Long.parseLong(range.group(2))),
                    "gone and not LOST: " + gone);
        }
    }

    /** What could not be read is moved and not deleted. */
    private void isKept() throws IOException {
        if (phase != Phase.CUT_SHORT && phase != Phase.LOST_TAIL) {
            return;
        }
        Path aside = partition.resolve("set-aside");
        try (Stream<Path> all = Files.walk(aside)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            int whole = 0;
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                int from = phase == Phase.CUT_SHORT ? 0 : Integer.parseInt(name.replaceAll(".*-from-(\\d+).*", "$1"));
                byte[] tail = Arrays.copyOfRange(setAside, from, setAside.length);
                whole += Arrays.equals(Files.readAllBytes(file), tail) ? 1 : 0;
            }
            // a copy that was cut short may be there besides
            expect(whole == 1 || (whole > 1 && phase == Phase.LOST_TAIL), "not kept whole: " + files);
        }
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            violations.add(otherwise);
        }
    }
}
