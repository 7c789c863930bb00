package dev.holdfast.node.recovery;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskState;
import dev.holdfast.config.Config;
import dev.holdfast.node.Figures;
import dev.holdfast.node.recovery.PartitionRepair.Effect;
import dev.holdfast.storage.directory.DirectoryInUseException;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.verify.Repair;
import dev.holdfast.storage.verify.VerifyReport;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Directories of real nodes are damaged and repaired, and everything is asked for that was ever said. */
@Timeout(120)
class PartitionRepairTest {

    private static final PartitionId PARTITION = new PartitionId(0);
    private static final int TASKS = 300;
    private static final int UNFINISHED = 20;
    private static final int DISPOSED = 25;
    private static final int KINDS_OF_DAMAGE = 8;
    private static final int DAMAGES = Integer.getInteger("holdfast.trials", 2 * KINDS_OF_DAMAGE);

    @RegisterExtension
    static final Figures FIGURES = new Figures("repair");

    @TempDir
    Path folder;

    /** What a node said before it was stopped. */
    private record Said(Path directory, Map<Long, String> results, Set<Long> disposed, Set<Long> unfinished) {

        long highest() {
            TreeSet<Long> all = new TreeSet<>(results.keySet());
            all.addAll(unfinished);
            return all.last();
        }
    }

    private record Job(int number, byte[] ballast) implements Callable<String>, Serializable {
        @Override
        public String call() {
            return "done-" + number + "-" + "x".repeat(ballast.length);
        }
    }

    private static Config config(Path directory) {
        Config config = new Config().setPartitionCount(1).setMaxPayload(64 * 1024);
        config.getStorageConfig().setDirectory(directory).setSegmentSize(256 * 1024);
        return config;
    }

    /**
     * In segments of 256 KiB, some 1.5 MB with a checkpoint, or less than the two segments that make one due, by several processes;
     * stopped in order.
     */
    private Said aStoppedNode(String name, boolean withCheckpoint) throws Exception {
        Said said = new Said(folder.resolve(name), new TreeMap<>(), new HashSet<>(), new HashSet<>());
        int lives = 3;
        int each = withCheckpoint ? TASKS : TASKS / 10;
        for (int life = 0; life < lives; life++) {
            try (HoldfastInstance node = Holdfast.newInstance(config(said.directory))) {
                DurableExecutorService jobs = node.getDurableExecutorService("jobs");
                for (int i = 0; i < each; i++) {
                    int number = life * each + i;
                    // some bodies stay in the log, some in memory
                    var future = jobs.<String>submit(new Job(number, new byte[number % 7 == 0 ? 6_000 : 900]));
                    said.results.put(future.getTaskId(), future.get(20, SECONDS));
                }
                List<Long> ids = new ArrayList<>(said.results.keySet());
                for (long id : ids.subList(0, DISPOSED / lives)) {
                    jobs.disposeResult(id);
                    said.results.remove(id);
                    said.disposed.add(id);
                }
            }
        }
        try (HoldfastInstance node = Holdfast.newInstance(config(said.directory).setAutoStart(false))) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            for (int i = 0; i < UNFINISHED; i++) {
                said.unfinished.add(
                        jobs.submit(new Job(100_000 + i, new byte[10])).getTaskId());
            }
        }
        return said;
    }

    @Test
    void aFlippedBitCostsOneRecordAndTheRestIsServed() throws Exception {
        Said said = aStoppedNode("flipped", false);
        Path segment = files(said.directory, "segment-").get(0);
        long before = bytesIn(said.directory);
        flip(segment, 100_000, 1);

        Effect effect = repair(said.directory);
        assertThat(effect.recordsLost())
                .hasSize(1)
                .allSatisfy(hole -> assertThat(hole.last() - hole.first()).isZero());
        assertThat(effect.idsKnownLost().size() + effect.idsHeld().size()).isLessThanOrEqualTo(UNFINISHED + 2);
        assertThat(effect.results()).isGreaterThanOrEqualTo(said.results.size() - 1);
        Map<String, Integer> answers = whatIsSaidNow(said, effect, "a flipped bit");
        assertThat(answers.get("result")).isGreaterThanOrEqualTo(said.results.size() - 1);
        assertThat(said.results.keySet())
                .as("the report does not just name all of them")
                .anySatisfy(id -> assertThat(isNamed(effect, id)).isFalse());
        assertThat(bytesIn(said.directory.resolve("quarantine/partition-0000-1")))
                .as("nothing is deleted")
                .isEqualTo(before);
    }

    /** Its disposal was in the record that is lost. */
    @Test
    void aResultThatComesBackIsNamed() throws Exception {
        Said said = new Said(folder.resolve("back"), new TreeMap<>(), new HashSet<>(), new HashSet<>());
        long before;
        long after;
        try (HoldfastInstance node = Holdfast.newInstance(config(said.directory))) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            for (int i = 0; i < 3; i++) {
                var future = jobs.<String>submit(new Job(i, new byte[500]));
                said.results.put(future.getTaskId(), future.get(20, SECONDS));
            }
            long id = List.copyOf(said.results.keySet()).get(1);
            before = lastWritten(files(said.directory, "segment-").get(0));
            jobs.disposeResult(id);
            after = lastWritten(files(said.directory, "segment-").get(0));
            said.results.remove(id);
            said.disposed.add(id);
            var later = jobs.<String>submit(new Job(9, new byte[500]));
            said.results.put(later.getTaskId(), later.get(20, SECONDS));
        }
        flip(files(said.directory, "segment-").get(0), (before + after) / 2, 1);
        Effect effect = repair(said.directory);
        long back = said.disposed.iterator().next();
        assertThat(isNamed(effect, back)).isTrue();
        assertThat(isNamed(effect, said.highest()))
                .as("stored behind the damage")
                .isFalse();
        whatIsSaidNow(said, effect, "a disposal is lost");
        try (HoldfastInstance node = Holdfast.newInstance(config(said.directory))) {
            assertThat(node.getDurableExecutorService("jobs")
                            .<String>retrieveResult(back)
                            .get(20, SECONDS))
                    .as("what this test is about")
                    .startsWith("done-");
        }
    }

    @Test
    void aTaskThatMayHaveEndedRunsAgainOnlyIfSomebodySaysSo() throws Exception {
        Said said = aStoppedNode("held", false);
        cutAtTheMark(said.directory);
        Effect effect = repair(said.directory);
        assertThat(effect.idsHeld()).isNotEmpty();
        long held = effect.idsHeld().get(0);
        try (HoldfastInstance node = Holdfast.newInstance(config(said.directory))) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            assertThat(jobs.getTask(held)).hasValueSatisfying(task -> {
                assertThat(task.state()).isEqualTo(TaskState.QUARANTINED);
                assertThat(task.failure()).contains("may have ended");
            });
            assertThat(jobs.retry(held)).isTrue();
            assertThat(jobs.<String>retrieveResult(held).get(20, SECONDS)).startsWith("done-100");
        }
    }

    @Test
    void whateverIsDamagedNothingWrongIsServedAndNoIdIsIssuedTwice() throws Exception {
        long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
        SplittableRandom random = new SplittableRandom(seed);
        Said[] nodes = {aStoppedNode("short", false), aStoppedNode("long", true)};
        assertThat(files(nodes[1].directory, "checkpoint-")).isNotEmpty();
        int repaired = 0;
        for (int round = 0; round < DAMAGES; round++) {
            Said said = nodes[round % 2];
            Path copy = folder.resolve("round-" + round);
            copy(said.directory, copy);
            String what =
                    "seed=" + seed + ", round=" + round + ", " + damage(copy, round / 2 % KINDS_OF_DAMAGE, random);
            if (isSound(copy)) {
                continue;
            }
            repaired++;
            FIGURES.trial();
            Effect effect = repair(copy);
            whatIsSaidNow(new Said(copy, said.results, said.disposed, said.unfinished), effect, what);
        }
        assertThat(repaired).as("seed=%s", seed).isGreaterThan(DAMAGES / 2);
    }

    @Test
    void aRepairThatIsCutShortBetweenItsTwoRenamesIsFinished() throws Exception {
        Said said = aStoppedNode("cut", false);
        flip(files(said.directory, "segment-").get(0), 100_000, 1);
        Effect effect = repair(said.directory);
        Path partition = DirectoryLayout.partition(said.directory, PARTITION);
        Files.createDirectories(said.directory.resolve("repairing"));
        Files.move(partition, said.directory.resolve("repairing").resolve(partition.getFileName()));

        assertThat(isSound(said.directory)).isFalse();
        try (Repair repair = Repair.open(said.directory, "test", false)) {
            VerifyReport report = repair.verify();
            assertThat(repair.damaged(report)).isEmpty();
            assertThat(repair.unfinished(report)).containsExactly(PARTITION);
            repair.finish(PARTITION);
            assertThat(repair.verify().isSound()).isTrue();
        }
        assertThat(said.directory.resolve("repairing")).doesNotExist();
        whatIsSaidNow(said, effect, "cut short");
    }

    @Test
    void aLookChangesNothingAndARunningNodeKeepsItOut() throws Exception {
        Said said = aStoppedNode("looked-at", false);
        flip(files(said.directory, "segment-").get(0), 100_000, 1);
        List<String> before = listing(said.directory);
        try (Repair repair = Repair.open(said.directory, "test", true);
                PartitionRepair plan = PartitionRepair.plan(repair, PARTITION)) {
            assertThat(plan.effect().results()).isPositive();
            assertThatThrownBy(plan::carryOut).isInstanceOf(IllegalStateException.class);
        }
        assertThat(listing(said.directory)).isEqualTo(before);
        try (HoldfastInstance node = Holdfast.newInstance(config(said.directory))) {
            assertThat(node.getName()).isNotNull();
            assertThatThrownBy(() -> Repair.open(said.directory, "test", false))
                    .isInstanceOf(DirectoryInUseException.class);
        }
    }

    // ---- damage

    private static String damage(Path directory, int kind, SplittableRandom random) throws IOException {
        List<Path> segments = files(directory, "segment-");
        List<Path> checkpoints = files(directory, "checkpoint-");
        Path partition = DirectoryLayout.partition(directory, PARTITION);
        Path segment = segments.get(random.nextInt(segments.size()));
        switch (kind) {
            case 0 -> flip(segment, random.nextLong(66_000, 200_000), 1 << random.nextInt(8));
            case 1 -> zero(segment, random.nextLong(66_000, 200_000) & ~4095L, 4096);
            case 2 -> Files.delete(segment);
            case 3 -> truncate(segment, random.nextLong(0, 200_000));
            case 4 -> {
                Path file = checkpoints.isEmpty() ? segment : checkpoints.get(0);
                flip(file, random.nextLong(0, Math.min(Files.size(file), 400_000)), 1 << random.nextInt(8));
            }
            case 5 -> {
                zero(partition.resolve("limits"), 0, 8192);
                zero(partition.resolve("high-water"), 0, 4096);
            }
            case 6 -> Files.copy(segments.get(0), segment, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            default -> {
                for (Path each : segments) {
                    flip(each, random.nextLong(0, 200_000), 1 << random.nextInt(8));
                }
            }
        }
        return "damage=" + kind + ", file=" + segment;
    }

    /** The tail is gone, and the high-water mark says so. */
    private static void cutAtTheMark(Path directory) throws IOException {
        List<Path> segments = files(directory, "segment-");
        Path last = segments.get(segments.size() - 1);
        long written = lastWritten(last);
        zero(last, written - 8, 16);
    }

    private static long lastWritten(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static void flip(Path file, long at, int mask) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ mask));
            channel.write(one.flip(), at);
        }
    }

    private static void zero(Path file, long at, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(length), at);
        }
    }

    private static void truncate(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    // ---- repair, and what is said afterwards

    private static boolean isSound(Path directory) throws IOException {
        try (Repair repair = Repair.open(directory, "test", true)) {
            return repair.verify().isSound();
        }
    }

    private static Effect repair(Path directory) throws IOException {
        try (Repair repair = Repair.open(directory, "test", false)) {
            VerifyReport report = repair.verify();
            assertThat(repair.damaged(report)).as("%s", report).containsExactly(PARTITION);
            try (PartitionRepair plan = PartitionRepair.plan(repair, PARTITION)) {
                Path quarantine = plan.carryOut();
                assertThat(quarantine).isDirectory();
                assertThat(repair.verify().isSound()).isTrue();
                return plan.effect();
            }
        }
    }

    /** Starts a node twice, asks for all, and counts the answers. */
    private static Map<String, Integer> whatIsSaidNow(Said said, Effect effect, String what) throws Exception {
        Set<Long> held = new HashSet<>(effect.idsHeld());
        Map<String, Integer> answers = new TreeMap<>();
        long issued = 0;
        for (int life = 0; life < 2; life++) {
            answers.clear();
            try (HoldfastInstance node = Holdfast.newInstance(config(said.directory))) {
                DurableExecutorService jobs = node.getDurableExecutorService("jobs");
                var fresh = jobs.<String>submit(new Job(7, new byte[1]));
                assertThat(fresh.getTaskId()).as(what).isGreaterThan(Math.max(said.highest(), issued));
                issued = fresh.getTaskId();
                assertThat(fresh.get(20, SECONDS)).isEqualTo("done-7-x");
                for (Map.Entry<Long, String> known : said.results.entrySet()) {
                    String answer = answer(jobs, known.getKey(), held);
                    assertThat(answer).as("%s, id=%s", what, known.getKey()).isIn(known.getValue(), "LOST", "held");
                    isAsBeforeOrNamed(effect, known.getKey(), answer.equals(known.getValue()), what);
                    answers.merge(answer.startsWith("done") ? "result" : answer, 1, Integer::sum);
                }
                for (long id : said.disposed) {
                    String answer = answer(jobs, id, held);
                    assertThat(answer).as("%s, disposed id=%s", what, id).matches("DISPOSED|LOST|held|done-.*");
                    isAsBeforeOrNamed(effect, id, answer.equals("DISPOSED"), what);
                }
                for (long id : said.unfinished) {
                    String answer = answer(jobs, id, held);
                    assertThat(answer).as("%s, unfinished id=%s", what, id).matches("LOST|held|done-1000.*");
                    isAsBeforeOrNamed(effect, id, answer.startsWith("done-"), what);
                }
            }
        }
        return answers;
    }

    /** The report says by id what is affected: who does not find an id in it may rely on that. */
    private static void isAsBeforeOrNamed(Effect effect, long id, boolean asBefore, String what) {
        assertThat(asBefore || isNamed(effect, id))
                .as(
                        "%s, another answer than before of an id that the report does not name: id=%s, %s",
                        what, id, effect)
                .isTrue();
    }

    private static boolean isNamed(Effect effect, long id) {
        return effect.idsKnownLost().contains(id)
                || effect.idsHeld().contains(id)
                || Stream.of(effect.idsLost(), effect.idsMaybeRemoved())
                        .flatMap(List::stream)
                        .anyMatch(ids -> ids.first() <= id && id <= ids.last());
    }

    private static String answer(DurableExecutorService jobs, long id, Set<Long> held) throws Exception {
        if (held.contains(id)) {
            assertThat(jobs.getTask(id).map(TaskInfo::state)).contains(TaskState.QUARANTINED);
            return "held";
        }
        try {
            return jobs.<String>retrieveResult(id).get(20, SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StaleTaskIdException stale) {
                return stale.reason().name();
            }
            throw e;
        }
    }

    // ---- files

    /** Of the partition, sorted; the files in the folders whose names begin like that. */
    private static List<Path> files(Path directory, String folders) throws IOException {
        try (Stream<Path> files = Files.walk(DirectoryLayout.partition(directory, PARTITION))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/" + folders))
                    .filter(file -> !file.toString().endsWith(".cq4t"))
                    .sorted()
                    .toList();
        }
    }

    private static long bytesIn(Path path) throws IOException {
        Path partition = path.endsWith("partition-0000-1") ? path : DirectoryLayout.partition(path, PARTITION);
        try (Stream<Path> files = Files.walk(partition)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static List<String> listing(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> {
                        try {
                            return file + " " + (Files.isRegularFile(file) ? Files.size(file) : "") + " "
                                    + (Files.isRegularFile(file) ? Files.getLastModifiedTime(file) : "");
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    Files.copy(file, to.resolve(from.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
