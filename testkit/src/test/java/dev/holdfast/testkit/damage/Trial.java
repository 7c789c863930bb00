package dev.holdfast.testkit.damage;

import dev.holdfast.storage.directory.DamagedFileException;
import dev.holdfast.storage.directory.DirectoryRefusedException;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.verify.Finding;
import dev.holdfast.storage.verify.Severity;
import dev.holdfast.storage.verify.Verifier;
import dev.holdfast.storage.verify.VerifyReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One damage to a fresh copy of a directory, looked at as `holdfast storage verify` does and then opened as a start does: each
 * partition refuses, naming the place, or holds exactly what it held; or, where the page cache was lost and the policy lets it,
 * what it held up to some place, and says that the rest is lost.
 */
final class Trial {

    /** What became of it. */
    enum Outcome {
        /** Everything is served. */
        SERVED,
        /** The damaged partition refuses. */
        REFUSED,
        /** The node does not start. */
        NODE_REFUSED,
        /** The end of the newest segment is gone, and that is told. */
        LOST
    }

    private final Fixture fixture;
    private final Damage damage;
    private final Path directory;
    private final List<String> violations = new ArrayList<>();

    /** @param directory does not exist yet */
    Trial(Fixture fixture, Damage damage, Path directory) {
        this.fixture = fixture;
        this.damage = damage;
        this.directory = directory;
    }

    List<String> violations() {
        return violations;
    }

    Outcome run() throws IOException {
        Files.createDirectory(directory);
        fixture.image().writeTo(directory);
        damage.change().on(directory);
        Stamps before = Stamps.setBack(directory);
        VerifyReport report = verify();
        List<String> changed = before.changes(directory, "");
        expect(Set.of("node.lock").containsAll(changed), "verify changed files: " + changed);
        Replay replay;
        try {
            replay = Replay.of(directory, fixture.sync());
        } catch (RuntimeException e) {
            return nodeRefused(e, report);
        }
        judgeOther(replay.partition(1), report);
        return judgeTarget(replay.partition(0), report, before);
    }

    private VerifyReport verify() throws IOException {
        try (StoppedDirectory stopped = StoppedDirectory.open(directory, "storage verify")) {
            return new Verifier(stopped).verify();
        }
    }

    private Outcome nodeRefused(RuntimeException e, VerifyReport report) {
        expect(damage.ofNode(), "the node does not start: " + e);
        expect(
                e instanceof DamagedFileException || e instanceof DirectoryRefusedException,
                "refused by a strange exception: " + e);
        String message = String.valueOf(e.getMessage());
        expect(message.contains("node."), "the message names no file: " + message);
        expect(damageOf(report, -1).findAny().isPresent(), "verify says nothing of it: " + report.findings());
        String file = damage.file();
        if (file != null) {
            expect(message.contains(file), "the message names another file: " + message);
            expect(
                    damageOf(report, -1).anyMatch(finding -> finding.file().equals(directory.resolve(file))),
                    "verify names another file: " + report.findings());
        }
        return Outcome.NODE_REFUSED;
    }

    private void judgeOther(Replay.OfPartition other, VerifyReport report) {
        if (!damage.sparesOther()) {
            return;
        }
        expect(other.refusal() == null, "the other partition refuses: " + other.refusal());
        expect(
                other.refusal() != null || other.told().equals(fixture.other()),
                "the other partition serves something else");
        expect(damageOf(report, 1).findAny().isEmpty(), "verify finds damage in the other one: " + report.findings());
    }

    private Outcome judgeTarget(Replay.OfPartition target, VerifyReport report, Stamps before) throws IOException {
        RecoveredLog recovered = target.recovered();
        if (recovered == null) {
            refused(target, report, before);
            return Outcome.REFUSED;
        }
        expect(damageOf(report, 0).findAny().isEmpty(), "verify finds damage, and it serves: " + report.findings());
        if (target.told().equals(fixture.target())) {
            expect(
                    !damage.sparesOther() || report.isSound(),
                    "all serve, and it is not called sound: " + report.findings());
            return Outcome.SERVED;
        }
        lost(target, recovered, report);
        return Outcome.LOST;
    }

    private void refused(Replay.OfPartition target, VerifyReport report, Stamps before) throws IOException {
        if (!(target.refusal() instanceof LogDamagedException refusal)) {
            violations.add("refused by something else than damage: " + target.refusal());
            return;
        }
        LogDamage named = refusal.damage();
        expect(
                named.file().startsWith(directory.resolve("partition-0000")),
                "refused without a file of the partition: " + named);
        expect(
                damageOf(report, 0)
                        .anyMatch(finding -> finding.file().equals(named.file())
                                ? finding.offset() == named.offset()
                                : named.file().startsWith(finding.file())),
                "verify does not name it: " + named + " in " + report.findings());
        String file = damage.file();
        if (file == null) {
            String name = directory.relativize(named.file()).toString();
            expect(damage.concerns(name), "what is named is none of " + damage.concerned() + ": " + named);
        } else {
            expect(named.file().equals(directory.resolve(file)), "another file is named: " + named);
            expect(named.offset() >= 0, "no offset is named: " + named);
            // a document begins at a multiple of four: what is before it may be missing
            long behind = damage.what().startsWith("bit ") ? damage.offset() : (damage.offset() + 3) & ~3L;
            expect(!damage.isInFrames() || named.offset() <= behind, "a place behind it is named: " + named);
        }
        List<String> changed = new ArrayList<>(before.changes(directory, Fixture.TARGET));
        changed.remove(Fixture.TARGET + "high-water"); // its two copies are made equal
        expect(changed.isEmpty(), "refused, and changed: " + changed);
    }

    private void lost(Replay.OfPartition target, RecoveredLog recovered, VerifyReport report) {
        List<String> told = target.told();
        boolean prefix = told.size() < fixture.target().size()
                && told.equals(fixture.target().subList(0, told.size()));
        expect(prefix, "something else is served: " + firstDifference(told, fixture.target()));
        expect(fixture.mayLoseTail(), "records are missing, and nothing says so: " + told.size());
        expect(
                report.findings().stream()
                        .anyMatch(finding -> finding.severity() == Severity.WARNING
                                && finding.partition() != null
                                && finding.partition().value() == 0),
                "verify says nothing of what is lost: " + report.findings());
        var gone = Replay.submitted(fixture.target());
        gone.removeAll(Replay.submitted(told));
        boolean allTold = gone.stream()
                .allMatch(sequence ->
                        recovered.lost().isPresent() && recovered.lost().get().contains(sequence));
        expect(allTold, "ids are gone and not LOST: " + gone + ", lost=" + recovered.lost());
        expect(
                recovered.nextSequence() > Replay.submitted(fixture.target()).last(),
                "an id may be issued twice: next=" + recovered.nextSequence());
    }

    private static String firstDifference(List<String> told, List<String> expected) {
        for (int i = 0; i < told.size(); i++) {
            if (i >= expected.size() || !told.get(i).equals(expected.get(i))) {
                return i + ": " + told.get(i) + " for " + (i < expected.size() ? expected.get(i) : "nothing");
            }
        }
        return told.size() + " of " + expected.size();
    }

    /** Of a partition, or of the node with -1. */
    private static Stream<Finding> damageOf(VerifyReport report, int partition) {
        return report.findings().stream()
                .filter(finding -> finding.severity() == Severity.DAMAGE)
                .filter(finding ->
                        (finding.partition() == null ? -1 : finding.partition().value()) == partition);
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            violations.add(otherwise);
        }
    }

    /** Removes the copy. */
    void clean() {
        try {
            FileDamages.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
