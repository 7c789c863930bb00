package dev.holdfast.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.demo.ChildEvent.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's verdict over what a broken executor would do. */
class DigestCheckTest {

    @TempDir
    Path folder;

    @TempDir
    Path other;

    private DemoPlan plan;
    private Sightings seen;
    private FileDigest[] right;

    @BeforeEach
    void threeTasksOfWhichOneWasSeenFinishedBeforeTheKill() throws Exception {
        for (String name : new String[] {"a", "b", "c"}) {
            Files.writeString(folder.resolve(name), "content of " + name + "\n");
        }
        plan = new DemoPlan(folder.toString(), 1, 1, false, FolderListing.of(folder, Set.of()));
        seen = Sightings.open(other.resolve("seen"), 3);
        right = new FileDigest[] {digest("a", "first"), digest("b", "second"), digest("c", "second")};
        seen.record(ChildEvent.of(Kind.READY, "first", 100));
        for (int file = 0; file < 3; file++) {
            seen.record(ChildEvent.ofTask(Kind.STORED, file, file + 1));
        }
        seen.record(ChildEvent.result(Kind.FINISHED, 0, 1, right[0]));
        seen.record(ChildEvent.of(Kind.KILLED, 100));
        seen.record(ChildEvent.of(Kind.READY, "second", 101));
    }

    @AfterEach
    void close() throws Exception {
        seen.close();
    }

    @Test
    void everythingIsAsItShouldBe() throws Exception {
        second(right[0], right[1], right[2]);
        DemoReport report = DigestCheck.of(plan, seen);
        assertThat(report.isGood()).as(report.facts()).isTrue();
        assertThat(report.served()).isEqualTo(1);
        assertThat(report.reexecuted()).isEqualTo(2);
        assertThat(report.digests()).hasSize(3);
    }

    @Test
    void aResultThatWasSeenAndMadeAgainIsADuplicate() throws Exception {
        second(digest("a", "second"), right[1], right[2]);
        DemoReport report = DigestCheck.of(plan, seen);
        assertThat(report.duplicates()).isEqualTo(1);
        assertThat(report.isGood()).isFalse();
    }

    @Test
    void aTaskThatWasStoredTwiceIsADuplicate() throws Exception {
        second(right[0], right[1], right[2]);
        seen.record(ChildEvent.ofTask(Kind.STORED, 1, 77));
        assertThat(DigestCheck.of(plan, seen).duplicates()).isEqualTo(1);
    }

    @Test
    void moreTasksThanFilesAreDuplicates() throws Exception {
        second(right[0], right[1], right[2]);
        seen.record(ChildEvent.of(Kind.TASKS, 5));
        assertThat(DigestCheck.of(plan, seen).duplicates()).isEqualTo(2);
    }

    @Test
    void aTaskWithoutAResultIsLost() throws Exception {
        second(right[0], right[1], null);
        DemoReport report = DigestCheck.of(plan, seen);
        assertThat(report.lost()).isEqualTo(1);
        assertThat(report.isGood()).isFalse();
    }

    @Test
    void aResultThatWasSeenAndIsAFailureNowIsLost() throws Exception {
        second(null, right[1], right[2]);
        seen.record(ChildEvent.failed(0, 1, "StaleTaskIdException"));
        assertThat(DigestCheck.of(plan, seen).lost()).isEqualTo(1);
    }

    @Test
    void anotherDigestIsWrongUnlessTheFileChanged() throws Exception {
        FileDigest wrong = new FileDigest(1, 1, "f".repeat(64), "second", "x");
        second(right[0], wrong, right[2]);
        assertThat(DigestCheck.of(plan, seen).wrong()).isEqualTo(1);

        Files.writeString(folder.resolve("b"), "longer than it was\n");
        DemoReport report = DigestCheck.of(plan, seen);
        assertThat(report.wrong()).isZero();
        assertThat(report.changed()).isEqualTo(1);
        assertThat(report.isGood()).isTrue();
        assertThat(report.digests()).doesNotContainKey("b");
    }

    @Test
    void aFileThatVanishedIsChangedAndNotLost() throws Exception {
        Files.delete(folder.resolve("c"));
        second(right[0], right[1], null);
        seen.record(ChildEvent.failed(2, 3, "NoSuchFileException"));
        DemoReport report = DigestCheck.of(plan, seen);
        assertThat(report.changed()).isEqualTo(1);
        assertThat(report.lost()).isZero();
        assertThat(report.failed()).isZero();
    }

    @Test
    void aFailureOfAnUnchangedFileIsAFailure() throws Exception {
        second(right[0], right[1], null);
        seen.record(ChildEvent.failed(2, 3, "IOException"));
        assertThat(DigestCheck.of(plan, seen).failed()).isEqualTo(1);
        assertThat(DigestCheck.of(plan, seen).isGood()).isFalse();
    }

    @Test
    void nothingServedOrNothingExecutedIsNotGood() throws Exception {
        second(right[0], digest("b", "first"), digest("c", "first"));
        DemoReport report = DigestCheck.of(plan, seen);
        assertThat(report.reexecuted()).isZero();
        assertThat(report.isGood()).isFalse();
        assertThat(report.shortcomings()).contains("Nothing was executed after the kill");
    }

    @Test
    void whatWasSeenSurvivesTheParent() throws Exception {
        seen.close();
        Files.writeString(
                other.resolve("seen"), "@holdfast-demo {\"kind\":\"FINI", java.nio.file.StandardOpenOption.APPEND);
        seen = Sightings.open(other.resolve("seen"), 3);
        seen.record(ChildEvent.of(Kind.READY, "third", 102));
        second(digest("a", "third"), right[1], right[2]);
        assertThat(DigestCheck.of(plan, seen).duplicates()).isEqualTo(1);
        assertThat(seen.killed()).isTrue();
    }

    private void second(@Nullable FileDigest... digests) throws IOException {
        for (int file = 0; file < digests.length; file++) {
            FileDigest digest = digests[file];
            if (digest != null) {
                seen.record(ChildEvent.result(Kind.FINISHED, file, file + 1, digest));
            }
        }
    }

    private FileDigest digest(String name, String process) throws IOException {
        IndependentDigest digest = IndependentDigest.of(folder.resolve(name));
        return new FileDigest(digest.size(), digest.lines(), digest.sha256(), process, process + name);
    }
}
