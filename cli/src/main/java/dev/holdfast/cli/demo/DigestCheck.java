package dev.holdfast.cli.demo;

import dev.holdfast.cli.demo.DemoPlan.DemoFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Holds what the parent saw against the plan, and every result against the independent computation. */
final class DigestCheck {

    private static final int NAMED = 5;

    private final DemoPlan plan;
    private final Sightings seen;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> digests = new LinkedHashMap<>();
    private int served;
    private int reexecuted;
    private int lost;
    private int duplicates;
    private int wrong;
    private int failed;
    private int changed;

    private DigestCheck(DemoPlan plan, Sightings seen) {
        this.plan = plan;
        this.seen = seen;
    }

    static DemoReport of(DemoPlan plan, Sightings seen) {
        return new DigestCheck(plan, seen).check();
    }

    private DemoReport check() {
        List<Optional<IndependentDigest>> computed = IntStream.range(
                        0, plan.files().size())
                .parallel()
                .mapToObj(file -> compute(plan.files().get(file)))
                .toList();
        for (int file = 0; file < computed.size(); file++) {
            checkTask(file);
            checkResult(file, computed.get(file).orElse(null));
        }
        long surplus = seen.tasks() - plan.files().size();
        if (surplus > 0) {
            duplicates += (int) surplus;
            problems.add("Tasks too many: files=" + plan.files().size() + ", tasks=" + seen.tasks());
        }
        long bytes = plan.files().stream().mapToLong(DemoFile::size).sum();
        return new DemoReport(
                plan.files().size(),
                bytes,
                served,
                reexecuted,
                lost,
                duplicates,
                wrong,
                failed,
                changed,
                seen.killed(),
                List.copyOf(problems),
                digests);
    }

    private void checkTask(int file) {
        if (seen.isTwice(file)) {
            duplicates++;
            problem(duplicates, "Stored or executed twice", file, "");
        }
        seen.digest(file).ifPresent(result -> {
            if (seen.isOfEarlierLife(file, result)) {
                served++;
            } else {
                reexecuted++;
            }
        });
    }

    private void checkResult(int file, @Nullable IndependentDigest computed) {
        DemoFile described = plan.files().get(file);
        FileDigest result = seen.digest(file).orElse(null);
        if (result != null && computed != null && computed.agreesWith(result)) {
            digests.put(described.path(), result.sha256());
        } else if (result == null && (seen.failure(file).isEmpty() || seen.wasSeenBefore(file))) {
            lost++;
            problem(
                    lost,
                    "Lost",
                    file,
                    seen.failure(file).map(why -> ": " + why).orElse(""));
        } else if (hasChanged(described)) {
            changed++;
            problem(changed, "Changed meanwhile, cannot be checked", file, "");
        } else if (result == null) {
            failed++;
            problem(failed, "Failed", file, ": " + seen.failure(file).orElse(""));
        } else {
            wrong++;
            problem(wrong, "Wrong", file, ": stored=" + result + ", computed=" + computed);
        }
    }

    private void problem(int number, String what, int file, String why) {
        if (number <= NAMED) {
            problems.add(what + ": file=" + plan.files().get(file).path() + ", taskId=" + seen.taskId(file) + why);
        }
    }

    private Optional<IndependentDigest> compute(DemoFile file) {
        try {
            return Optional.of(IndependentDigest.of(path(file)));
        } catch (IOException unreadableNow) {
            return Optional.empty();
        }
    }

    private boolean hasChanged(DemoFile file) {
        try {
            BasicFileAttributes now =
                    Files.readAttributes(path(file), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return !now.isRegularFile()
                    || now.size() != file.size()
                    || !now.lastModifiedTime().toString().equals(file.modified());
        } catch (IOException gone) {
            return true;
        }
    }

    private Path path(DemoFile file) {
        return Path.of(plan.folder()).resolve(file.path());
    }
}
