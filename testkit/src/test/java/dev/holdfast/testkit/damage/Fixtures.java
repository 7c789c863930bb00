package dev.holdfast.testkit.damage;

import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskOptions;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.directory.Limits;
import dev.holdfast.storage.directory.LimitsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Makes the directories that are damaged. */
final class Fixtures {

    static final String EXECUTOR = "work";

    /** More old segments than that, and a start makes a checkpoint. */
    private static final int STARTS_FOR_A_CHECKPOINT = 10;

    private static final String LAST_REPLACED = "segment-000008";

    private final Path folder;

    Fixtures(Path folder) {
        this.folder = folder;
    }

    /** What can be made, by name: policy, shape, end. */
    enum Shape {
        OS_ONE_SEGMENT_KILLED(SyncPolicy.OS, 1, Fixture.End.KILLED),
        OS_ONE_SEGMENT_CLOSED(SyncPolicy.OS, 1, Fixture.End.CLOSED),
        OS_ONE_SEGMENT_POWER_LOST(SyncPolicy.OS, 1, Fixture.End.POWER_LOST),
        ALWAYS_ONE_SEGMENT_KILLED(SyncPolicy.ALWAYS, 1, Fixture.End.KILLED),
        ALWAYS_ONE_SEGMENT_POWER_LOST(SyncPolicy.ALWAYS, 1, Fixture.End.POWER_LOST),
        INTERVAL_SEGMENTS_POWER_LOST(SyncPolicy.INTERVAL, 3, Fixture.End.POWER_LOST),
        ALWAYS_SEGMENTS_CLOSED(SyncPolicy.ALWAYS, 3, Fixture.End.CLOSED),
        OS_CHECKPOINT_KILLED(SyncPolicy.OS, STARTS_FOR_A_CHECKPOINT, Fixture.End.KILLED);

        private final SyncPolicy sync;
        private final int starts;
        private final Fixture.End end;

        Shape(SyncPolicy sync, int starts, Fixture.End end) {
            this.sync = sync;
            this.starts = starts;
            this.end = end;
        }
    }

    static Config config(Path directory, SyncPolicy sync) {
        Config config = new Config().setPartitionCount(2).setMaxPayload(64 * 1024);
        config.getStorageConfig()
                .setDirectory(directory)
                .setSync(sync)
                .setSegmentSize(256 * 1024)
                .setInlineLimit(256)
                .setAllowNetworkFileSystem(true);
        config.addDurableExecutorConfig(new DurableExecutorConfig(EXECUTOR).setPoolSize(2));
        return config;
    }

    Fixture make(Shape shape) throws Exception {
        Path directory = folder.resolve(shape.name());
        List<Fixture.Known> known = new ArrayList<>();
        Image image = null;
        for (int start = 1; start <= shape.starts; start++) {
            boolean last = start == shape.starts;
            CountDownLatch gate = new CountDownLatch(1);
            Work.GATE.set(gate);
            try (HoldfastInstance node = Holdfast.newInstance(config(directory, shape.sync))) {
                Run run = new Run(node, known);
                run.work(start, last);
                if (shape.starts >= STARTS_FOR_A_CHECKPOINT && last) {
                    await().atMost(60, TimeUnit.SECONDS)
                            .until(() -> isSettled(directory.resolve(Fixture.TARGET))
                                    && isSettled(directory.resolve(Fixture.OTHER)));
                    run.submit(0, new Work(900, Work.Kind.LARGE)).get(30, TimeUnit.SECONDS);
                }
                if (last && shape.end != Fixture.End.CLOSED) {
                    var unused = run.submit(0, new Work(901, Work.Kind.HELD));
                    image = Image.of(directory);
                }
                gate.countDown();
            }
        }
        if (image == null) {
            image = Image.of(directory);
        }
        if (shape.end == Fixture.End.POWER_LOST) {
            image = underAnotherBoot(image, folder.resolve(shape.name() + "-other-boot"));
        }
        Path copy = Files.createDirectory(folder.resolve(shape.name() + "-copy"));
        image.writeTo(copy);
        Replay replay = Replay.of(copy, shape.sync);
        return new Fixture(
                shape.name(), shape.sync, shape.end, image, List.copyOf(known), replay.told(0), replay.told(1));
    }

    /** Whether a checkpoint is there, and the last of the segments that it replaces is gone: oldest first, they go. */
    private static boolean isSettled(Path partition) {
        try (Stream<Path> names = Files.list(partition)) {
            return names.anyMatch(path -> path.getFileName().toString().matches("checkpoint-\\d+"))
                    && !Files.exists(partition.resolve(LAST_REPLACED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As if the machine had been started anew: the small files name another page cache. */
    private static Image underAnotherBoot(Image image, Path directory) throws IOException {
        Files.createDirectory(directory);
        image.writeTo(directory);
        rename(directory.resolve("node.limits"), LimitsFile.NODE);
        for (int partition = 0; partition < 2; partition++) {
            rename(directory.resolve("partition-000" + partition).resolve("limits"), partition);
        }
        return Image.of(directory);
    }

    private static void rename(Path file, int owner) throws IOException {
        try (LimitsFile limits = LimitsFile.open(file, owner)) {
            Limits now = limits.current();
            limits.write(new Limits(now.session(), now.clean(), "another boot", now.reservedEndExclusive()));
        }
    }

    /** One life of the node. */
    private static final class Run {

        private final HoldfastInstance node;
        private final DurableExecutorService service;
        private final List<Fixture.Known> known;

        Run(HoldfastInstance node, List<Fixture.Known> known) {
            this.node = node;
            this.service = node.getDurableExecutorService(EXECUTOR);
            this.known = known;
        }

        /** The last life has one of everything, the ones before only what makes a segment. */
        void work(int start, boolean last) throws Exception {
            for (int partition = 0; partition < 2; partition++) {
                int number = 100 * start + 10 * partition;
                submit(partition, new Work(number, Work.Kind.SMALL)).get(30, TimeUnit.SECONDS);
                if (last) {
                    submit(partition, new Work(number + 1, Work.Kind.LARGE)).get(30, TimeUnit.SECONDS);
                    awaitFailure(submit(partition, new Work(number + 2, Work.Kind.FAILING)));
                    dispose(submit(partition, new Work(number + 3, Work.Kind.SMALL)));
                }
            }
        }

        DurableExecutorServiceFuture<String> submit(int partition, Work work) {
            DurableExecutorServiceFuture<String> future =
                    service.submit(work, TaskOptions.create().key(keyOf(node, partition)));
            Fixture.Fate fate = work.kind() == Work.Kind.FAILING
                    ? Fixture.Fate.FAILED
                    : work.kind() == Work.Kind.HELD ? Fixture.Fate.UNFINISHED : Fixture.Fate.COMPLETED;
            known.add(new Fixture.Known(future.getTaskId(), work, fate));
            return future;
        }

        private void awaitFailure(DurableExecutorServiceFuture<String> future) throws Exception {
            try {
                throw new IllegalStateException("Did not fail: " + future.get(30, TimeUnit.SECONDS));
            } catch (ExecutionException expected) {
                // as it is meant
            }
        }

        private void dispose(DurableExecutorServiceFuture<String> future) throws Exception {
            future.get(30, TimeUnit.SECONDS);
            service.disposeResult(future.getTaskId());
            Fixture.Known last = known.remove(known.size() - 1);
            known.add(new Fixture.Known(last.id(), last.work(), Fixture.Fate.DISPOSED));
        }
    }

    /** A key whose tasks go to {@code partition}. */
    static String keyOf(HoldfastInstance node, int partition) {
        for (int i = 0; ; i++) {
            if (node.getCluster().partitionOf(EXECUTOR, "key-" + i).id() == partition) {
                return "key-" + i;
            }
        }
    }
}
