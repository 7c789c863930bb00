package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.ChildJvm;
import dev.holdfast.testkit.disk.RecordedNode.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;

/**
 * Two lives of a node on a recorded disk: what it said, each with the position in the log, and the log.
 *
 * @param said in order
 * @param log of the recorder
 * @param before the image as it was before
 * @param first position where the node's lives began
 * @param last position where they ended
 */
record Recording(SyncPolicy sync, List<Event> said, Path log, Path before, long first, long last) {

    private static final Duration LIMIT = Duration.ofSeconds(150);

    /** What {@link RecordedNode} said. */
    record Event(String what, long id, String value, long position) {
        static Event parse(String line) {
            String[] words = line.split(" ", -1);
            return new Event(words[0], Long.parseLong(words[1]), words[2], Long.parseLong(words[3]));
        }
    }

    /**
     * What is recorded.
     *
     * @param mebibytes of the disk
     * @param firstEnds how the first life ends; the second one is the last
     * @param operations of both
     */
    record Plan(SyncPolicy sync, int mebibytes, End firstEnds, int operations) {}

    /** Lets a node live on a disk that is recorded, twice, the second time with a checkpoint in the place of segments. */
    static Recording of(Path folder, Plan plan, SplittableRandom random) throws Exception {
        Files.createDirectories(folder);
        Path image = Ext4Image.format(folder.resolve("recorded.img"), plan.mebibytes());
        Path before = Files.copy(image, folder.resolve("before.img"));
        Path log = folder.resolve("writes.log");
        Path fuse = Files.createDirectories(folder.resolve("recorder"));
        List<Event> said = new ArrayList<>();
        long first;
        long last;
        try (ChildJvm recorder = child(BlockRecorder.class, folder)
                .arguments(image.toString(), fuse.toString(), log.toString())
                .start()) {
            try {
                Path file = fuse.resolve(BlockRecorder.FILE);
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(file));
                try (Ext4Image disk = Ext4Image.of(file, folder.resolve("disk"))) {
                    disk.mount();
                    first = Files.size(log);
                    for (End end : new End[] {plan.firstEnds(), End.LAST}) {
                        said.addAll(live(folder, plan, disk.path(), log, end, random.nextLong(), known(said)));
                    }
                    last = Files.size(log);
                }
            } finally {
                Shell.run("umount", "--lazy", fuse.toString());
            }
            assertThat(recorder.await(LIMIT)).as("the recorder ends").isZero();
        }
        Recording recording = new Recording(plan.sync(), said, log, before, first, last);
        assertThat(List.of(recording.rolls(), recording.checkpoints(), recording.deleted()))
                .as("rolls, checkpoints, deleted segments; see %s", folder.resolve("errors.txt"))
                .allSatisfy(count -> assertThat(count).isPositive());
        return recording;
    }

    /** The log, from its beginning. */
    BlockLog blocks() throws IOException {
        return BlockLog.read(log, before);
    }

    /** The log as that of a disk that ignores flushes, see {@link BlockLog#ofDiskThatLies}. */
    BlockLog blocksOfDiskThatLies(int unkept) throws IOException {
        return BlockLog.ofDiskThatLies(log, before, unkept);
    }

    /** Where a file of the log had just been made, renamed or deleted. */
    List<Long> changesOfFiles() {
        return said.stream()
                .filter(event -> event.what().equals("FILE"))
                .map(Event::position)
                .toList();
    }

    /** Segments that were ended for another, at least. */
    int rolls() {
        return counted(0);
    }

    /** Checkpoints that were published. */
    int checkpoints() {
        return counted(1);
    }

    /** Segments that were deleted because a checkpoint is in their place. */
    int deleted() {
        return counted(2);
    }

    /** Whether a segment had been deleted for a checkpoint by then. */
    boolean hasDeletedBefore(long position) {
        return said.stream().anyMatch(event -> event.what().equals("DELETED") && event.position() <= position);
    }

    private int counted(int which) {
        return said.stream()
                .filter(event -> event.what().equals("END"))
                .mapToInt(event -> Integer.parseInt(event.value().split(",", -1)[which]))
                .sum();
    }

    /** The ids that the next life has to serve: nobody has begun to dispose of them. */
    private static Set<String> known(List<Event> said) {
        Set<String> known = new LinkedHashSet<>();
        for (Event event : said) {
            switch (event.what()) {
                case "STORED" -> known.add(Long.toString(event.id()));
                case "DISPOSING" -> known.remove(Long.toString(event.id()));
                default -> {}
            }
        }
        return known;
    }

    private static List<Event> live(Path folder, Plan plan, Path disk, Path log, End end, long seed, Set<String> known)
            throws IOException {
        Queue<String> said = new ConcurrentLinkedQueue<>();
        try (ChildJvm node = child(RecordedNode.class, folder)
                .arguments(
                        disk.resolve("data").toString(),
                        plan.sync().name(),
                        log.toString(),
                        Long.toString(seed),
                        Integer.toString(plan.operations() / 2),
                        end.name(),
                        Files.write(folder.resolve("known.txt"), known).toString())
                .lines(said::add)
                .start()) {
            assertThat(node.await(LIMIT))
                    .as("the node lives to its end=%s; see %s", end, folder.resolve("errors.txt"))
                    .isZero();
        }
        return said.stream().map(Event::parse).toList();
    }

    private static ChildJvm.Builder child(Class<?> main, Path folder) throws IOException {
        return ChildJvm.of(main).shortLived().flags("-Xmx128m").errorsTo(folder.resolve("errors.txt"));
    }
}
