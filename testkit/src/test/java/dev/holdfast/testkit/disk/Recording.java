package dev.holdfast.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;

/**
 * A node's life on a recorded disk: what it said, each with the position in the log, and the log.
 *
 * @param said in order
 * @param log of the recorder
 * @param before the image as it was before
 * @param first position where the node's life began
 * @param last position where it ended
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

    /** Lets a node live on a disk that is recorded. */
    static Recording of(Path folder, SyncPolicy sync, int mebibytes, int operations, long seed) throws Exception {
        Files.createDirectories(folder);
        Path image = Ext4Image.format(folder.resolve("recorded.img"), mebibytes);
        Path before = Files.copy(image, folder.resolve("before.img"));
        Path log = folder.resolve("writes.log");
        Path fuse = Files.createDirectories(folder.resolve("recorder"));
        Queue<String> said = new ConcurrentLinkedQueue<>();
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
                    live(folder, sync, disk.path(), log, seed, operations, said);
                    last = Files.size(log);
                }
            } finally {
                Shell.run("umount", "--lazy", fuse.toString());
            }
            assertThat(recorder.await(LIMIT)).as("the recorder ends").isZero();
        }
        List<Event> events = said.stream().map(Event::parse).toList();
        return new Recording(sync, events, log, before, first, last);
    }

    /** The log, from its beginning. */
    BlockLog blocks() throws IOException {
        return BlockLog.read(log, before);
    }

    private static void live(
            Path folder, SyncPolicy sync, Path disk, Path log, long seed, int operations, Queue<String> said)
            throws IOException {
        try (ChildJvm node = child(RecordedNode.class, folder)
                .arguments(
                        disk.resolve("data").toString(),
                        sync.name(),
                        log.toString(),
                        Long.toString(seed),
                        Integer.toString(operations))
                .lines(said::add)
                .start()) {
            assertThat(node.await(LIMIT)).as("the node lives to its end").isZero();
        }
    }

    private static ChildJvm.Builder child(Class<?> main, Path folder) throws IOException {
        return ChildJvm.of(main).shortLived().flags("-Xmx128m").errorsTo(folder.resolve("errors.txt"));
    }
}
