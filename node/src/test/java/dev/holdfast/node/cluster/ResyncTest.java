package dev.holdfast.node.cluster;

import static dev.holdfast.node.cluster.HostCluster.await;
import static dev.holdfast.node.cluster.HostCluster.submit;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.remote.Owner;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.verify.Repair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** I11 to I13, I15: a copy that is damaged or old becomes equal to the others by itself, and nothing that was told is lost. */
class ResyncTest {

    /** Some dozen of them fill a segment. */
    private static final int TASK_BYTES = 20_000;

    @TempDir
    private Path directory;

    private final List<Long> told = new ArrayList<>();
    private @Nullable HostCluster cluster;

    private HostCluster cluster(String... names) {
        HostCluster started = new HostCluster(name -> HostDisk.files(directory.resolve(name)), names);
        cluster = started;
        return started;
    }

    @AfterEach
    void close() {
        HostCluster started = Objects.requireNonNull(cluster);
        started.nodes.forEach(
                node -> assertThat(node.failures).as("%s", node.id).isEmpty());
        started.close();
    }

    // ---- what tests do

    private void submitSome(HostCluster running, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            told.add(((Reply.Stored) running.awaitPrimary().ask(submit(TASK_BYTES))).sequence());
        }
    }

    private static HostCluster.Node backup(HostCluster running) {
        return running.others(running.awaitPrimary()).get(0);
    }

    private static List<Path> segments(HostCluster.Node node) throws IOException {
        try (Stream<Path> files = Files.list(((HostDisk.InFiles) node.disk).partition())) {
            return files.filter(each -> each.getFileName().toString().startsWith("segment-"))
                    .sorted(Comparator.comparing(Path::toString))
                    .map(each -> each.resolve("19700102F.cq4"))
                    .toList();
        }
    }

    /** In the middle of what is written there. */
    private static void flip(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        int end = content.length;
        while (content[end - 1] == 0) {
            end--;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (content[end / 2] ^ 4)}), end / 2);
        }
    }

    private static List<Path> quarantined(HostCluster.Node node) throws IOException {
        Path place = ((HostDisk.InFiles) node.disk).quarantine();
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> copies = Files.list(place)) {
            return copies.toList();
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** All in sync, with the same end and, from where the last one begins, the same bytes. */
    private static void awaitEqual(HostCluster running) {
        await().untilAsserted(() -> {
            List<ReplicatedLog> logs = new ArrayList<>();
            for (HostCluster.Node node : running.nodes) {
                assertThat(running.row().inSync()).contains(node.id);
                logs.add(node.host().log());
                assertThat(node.host().log().isEmptied()).isFalse();
            }
            LogEnd base = logs.stream()
                    .map(log -> log.epochEnds().get(0))
                    .max(Comparator.comparing(LogEnd::lsn))
                    .orElseThrow();
            byte[] expected = bytesAfter(logs.get(0), base);
            assertThat(expected).isNotEmpty();
            for (ReplicatedLog log : logs) {
                assertThat(log.end()).isEqualTo(logs.get(0).end());
                assertThat(bytesAfter(log, base)).isEqualTo(expected);
            }
        });
    }

    private static byte[] bytesAfter(ReplicatedLog log, LogEnd base) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LogEnd at = base.lsn().equals(Lsn.NONE) ? LogEnd.EMPTY : log.endAt(base.lsn());
        for (Optional<ReplicatedRun> run = log.readAfter(at, 1 << 16);
                run.isPresent();
                run = log.readAfter(at, 1 << 16)) {
            bytes.writeBytes(run.get().documents());
            at = run.get().after();
        }
        return bytes.toByteArray();
    }

    /** The copy of {@code node} is as good as any: it leads alone, with everything that was told, and its bytes. */
    private void leadsWithEverything(HostCluster running, HostCluster.Node node) throws Exception {
        awaitEqual(running);
        running.others(node).forEach(HostCluster.Node::kill);
        await().until(() -> running.primary() == node);
        List<TaskEntry> entries = node.leading().entries().toList();
        assertThat(entries.stream().map(TaskEntry::sequence)).containsExactlyElementsOf(told);
        for (TaskEntry entry : entries) {
            assertThat(node.leading().read(Objects.requireNonNull(entry.payload())))
                    .hasSize(TASK_BYTES);
        }
        submitSome(running, 1);
        assertThat(told).doesNotHaveDuplicates();
    }

    // ---- stopped, and not what it was when it starts

    @Test
    void aBitInAnOlderSegmentIsRepairedFromTheOthers() throws Exception {
        HostCluster running = cluster("a", "b", "c");
        submitSome(running, 40);
        HostCluster.Node damaged = backup(running);
        damaged.kill();
        assertThat(segments(damaged)).hasSizeGreaterThan(1);
        Path older = Objects.requireNonNull(segments(damaged).get(0).getParent());
        flip(segments(damaged).get(0));
        submitSome(running, 5);
        damaged.restart();
        await().untilAsserted(() -> assertThat(quarantined(damaged)).hasSize(1));
        leadsWithEverything(running, damaged);
        assertThat(quarantined(damaged).get(0).resolve(older.getFileName())).isDirectory();
    }

    @Test
    void aBitInTheNewestSegmentIsRepairedFromTheOthers() throws Exception {
        HostCluster running = cluster("a", "b", "c");
        submitSome(running, 20);
        HostCluster.Node damaged = backup(running);
        damaged.kill();
        List<Path> segments = segments(damaged);
        flip(segments.get(segments.size() - 1));
        damaged.restart();
        await().untilAsserted(() -> assertThat(quarantined(damaged)).hasSize(1));
        leadsWithEverything(running, damaged);
    }

    @Test
    void aCopyThatARepairSetsAsideWhileItsNodeIsStoppedIsLearntAgain() throws Exception {
        HostCluster running = cluster("a", "b", "c");
        submitSome(running, 20);
        HostCluster.Node damaged = backup(running);
        damaged.kill();
        flip(segments(damaged).get(0));
        Path partition = ((HostDisk.InFiles) damaged.disk).partition();
        try (Repair repair = Repair.open(Objects.requireNonNull(partition.getParent()), "test", false)) {
            assertThat(repair.damaged(repair.verify())).containsExactly(HostCluster.PARTITION);
            assertThat(repair.setAside(HostCluster.PARTITION)).isDirectory();
            assertThat(repair.verify().isSound()).isTrue();
        }
        submitSome(running, 5);
        damaged.restart();
        leadsWithEverything(running, damaged);
        assertThat(quarantined(damaged)).hasSize(1);
    }

    @Test
    void aPrimaryWhoseLogIsDamagedDoesNotLeadWithNothingWhileTheOtherIsAway() throws Exception {
        HostCluster running = cluster("a", "b");
        submitSome(running, 20);
        HostCluster.Node first = running.awaitPrimary();
        HostCluster.Node second = running.others(first).get(0);
        CompletableFuture<Void> killed = CompletableFuture.runAsync(first::kill);
        second.kill(); // at once: who hears that the other is gone takes over
        killed.get(20, TimeUnit.SECONDS);
        assertThat(running.row().inSync()).contains(first.id, second.id);
        flip(segments(first).get(0));
        first.restart();
        assertThat(first.host().log().end()).isEqualTo(LogEnd.EMPTY);
        assertThat(first.seat().problem()).contains("has to learn from the others");
        long epoch = running.row().epoch().value();
        await().during(java.time.Duration.ofSeconds(1)).until(() -> first.partition() == null);
        assertThat(running.row().epoch().value()).isEqualTo(epoch);
        second.restart();
        await().until(() -> running.primary() == second);
        leadsWithEverything(running, first);
        assertThat(first.seat().problem()).isNull();
    }

    @Test
    void aWipedDiskComesBackAsANewNode() throws Exception {
        HostCluster running = cluster("a", "b", "c");
        submitSome(running, 20);
        HostCluster.Node wiped = backup(running);
        wiped.kill();
        delete(directory.resolve(wiped.id.diskId().substring("disk-".length())));
        submitSome(running, 2);
        await().until(() -> !running.row().inSync().contains(wiped.id));
        HostCluster.Node fresh = running.join("d", HostDisk.files(directory.resolve("d")));
        await().until(() -> running.row().inSync().contains(fresh.id));
        running.remove(wiped);
        leadsWithEverything(running, fresh);
    }

    @Test
    void anOlderCopyOfADirectoryCatchesUpBeforeItCounts() throws Exception {
        HostCluster running = cluster("a", "b", "c");
        submitSome(running, 10);
        HostCluster.Node old = backup(running);
        old.kill();
        Path place = directory.resolve(old.id.diskId().substring("disk-".length()));
        copy(place, directory.resolve("backup"));
        old.restart();
        await().until(() -> running.row().inSync().contains(old.id));
        submitSome(running, 10);
        old.kill();
        delete(place);
        copy(directory.resolve("backup"), place);
        old.restartStale();
        await().until(() -> running.row().inSync().contains(old.id));
        leadsWithEverything(running, old);
    }

    // ---- running

    @Test
    void aPrimaryThatCanNotReadABodyLeavesThePartitionToAnother() throws Exception {
        HostCluster running = cluster("a", "b", "c");
        submitSome(running, 20);
        HostCluster.Node damaged = running.awaitPrimary();
        Partition leading = damaged.leading();
        flip(segments(damaged).get(0));
        Body unreadable = leading.entries()
                .map(TaskEntry::payload)
                .filter(body -> !isReadable(leading, body))
                .findFirst()
                .orElseThrow();
        assertThat(damaged.seat().owner())
                .as("who asks again is sent elsewhere")
                .isNull();
        assertThat(leading.isGivenUp()).isTrue();
        await().until(() -> running.primary() != null && running.primary() != damaged);
        assertThat(unreadable.length()).isEqualTo(TASK_BYTES);
        await().untilAsserted(() -> assertThat(quarantined(damaged)).hasSize(1));
        submitSome(running, 5);
        leadsWithEverything(running, damaged);
    }

    private static boolean isReadable(Partition partition, Body body) {
        try {
            return partition.read(body).length == TASK_BYTES;
        } catch (LogDamagedException e) {
            return false;
        } catch (LogFailedException closed) {
            return false; // somebody else came upon it first
        }
    }

    // ---- nobody else has it

    @Test
    void theOnlyCopyIsKeptAndRefusesUntilALossIsAccepted() throws Exception {
        HostCluster running = cluster("a");
        submitSome(running, 20);
        HostCluster.Node only = running.awaitPrimary();
        only.kill();
        Path file = segments(only).get(0);
        flip(file);
        only.restart();
        assertThat(only.hostOrNull()).isNull();
        assertThat(quarantined(only)).isEmpty();
        Owner.Local refusing = Objects.requireNonNull(only.seat().owner());
        assertThat(only.seat().mayAnswer()).isTrue();
        assertThat(refusing.partition().problem())
                .contains("HF-0401")
                .contains(file.toString())
                .contains("offset=");
        assertThat(refusing.partition().post(submit(10), reply -> {})).isFalse();
        assertThatThrownBy(() -> refusing.partition().read(new Body.Inline(new byte[1])))
                .hasMessageContaining("offset=");
        CompletableFuture<Reply> waiting = new CompletableFuture<>();
        refusing.partition().await(HostCluster.EXECUTOR, told.get(0), waiting::complete);
        assertThat(waiting.get(20, SECONDS)).isInstanceOf(Reply.Unanswered.class);
        running.recover(only);
        await().until(() -> running.primary() == only);
        assertThat(quarantined(only)).hasSize(1);
        assertThat(only.leading().entries()).isEmpty();
        AtomicReference<Reply> next = new AtomicReference<>();
        await().untilAsserted(
                        () -> { // refused until the ceiling of ids is raised: all below it may have been given out
                            next.set(only.ask(submit(10)));
                            assertThat(next.get()).isInstanceOf(Reply.Stored.class);
                        });
        assertThat(((Reply.Stored) Objects.requireNonNull(next.get())).sequence())
                .isGreaterThanOrEqualTo(1L << 32);
    }

    // ---- disks that go on so

    @Test
    void aCopyThatIsDamagedAgainAndAgainIsLeftOut() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger setAside = new AtomicInteger();
        HostDisk.InMemory memory = HostDisk.memory(SyncPolicy.OS);
        class Rotten implements HostDisk {
            volatile boolean rots;

            @Override
            public dev.holdfast.replication.runtime.EpochStore epochs() {
                return memory;
            }

            @Override
            public void kill() {
                memory.kill();
            }

            @Override
            public RecoveredLog open(PartitionId id, ReplayHandler handler) {
                if (rots) {
                    opened.incrementAndGet();
                    throw new LogDamagedException(new LogDamage(id, Path.of("rotten"), 7, "a record", "none"));
                }
                return memory.open(id, handler);
            }

            @Override
            public Path setAside(PartitionId id) {
                setAside.incrementAndGet();
                return memory.setAside(id);
            }
        }
        Rotten rotten = new Rotten();
        HostCluster running =
                new HostCluster(name -> name.equals("c") ? rotten : HostDisk.memory(SyncPolicy.OS), "a", "b", "c");
        cluster = running;
        submitSome(running, 3);
        HostCluster.Node out = running.nodes.get(2);
        out.kill();
        rotten.rots = true;
        out.restart();
        await().until(() -> Objects.toString(out.seat().problem()).contains("again and again"));
        assertThat(setAside).hasValue(3);
        assertThat(opened).hasValue(4);
        assertThat(out.hostOrNull()).isNull();
        submitSome(running, 3);
        await().until(() -> !running.row().inSync().contains(out.id));
        rotten.rots = false;
        out.kill();
        out.restart();
        leadsWithEverything(running, out);
    }

    @Test
    void whenADiskFailsTheOthersTakeOver() throws Exception {
        HostCluster running = new HostCluster(name -> HostDisk.memory(SyncPolicy.ALWAYS), "a", "b", "c");
        cluster = running;
        submitSome(running, 5);
        HostCluster.Node failing = running.awaitPrimary();
        ((HostDisk.InMemory) failing.disk).medium.failForcesWith(new IOException("planted"));
        CompletableFuture<Reply> open = failing.post(submit(TASK_BYTES));
        await().until(() -> running.primary() != null && running.primary() != failing);
        assertThat(failing.failures).isNotEmpty();
        assertThat(open.get(20, SECONDS)).isNotInstanceOf(Reply.Stored.class);
        HostCluster.Node next = running.awaitPrimary();
        assertThat(next.leading().entries().map(TaskEntry::sequence)).containsAll(told);
        submitSome(running, 3);
        await().until(() -> !running.row().inSync().contains(failing.id));
        failing.failures.clear();
    }
}
