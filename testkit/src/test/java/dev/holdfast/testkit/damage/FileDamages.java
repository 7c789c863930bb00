package dev.holdfast.testkit.damage;

import dev.holdfast.config.SyncPolicy;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can happen to whole files and directories: they are missing, there are others, there are two. */
final class FileDamages {

    /** No multiple of 8, as {@link Family} wants it. */
    private static final int SOME = 23;

    private static final int MANY = 7;

    /** Of the zeros in Chronicle's own part of a segment, of which there are a million bits. */
    private static final int FEW = 4_001;

    private final Fixture fixture;
    private final Image image;

    FileDamages(Fixture fixture) {
        this.fixture = fixture;
        this.image = fixture.image();
    }

    /** Every file and directory of the node and of the first partition. */
    Family missing(int weight) {
        List<String> names = new ArrayList<>(image.files(Fixture.TARGET));
        names.addAll(image.directories(Fixture.TARGET));
        names.addAll(image.files("node."));
        List<Damage> all = new ArrayList<>();
        for (String name : names) {
            all.add(whole(
                    "missing: " + name,
                    withNeighbours(name),
                    true,
                    name.startsWith("node."),
                    directory -> delete(directory.resolve(name))));
        }
        return ContentDamages.of("missing", weight, all);
    }

    /** A segment that is missing, or a checkpoint, shows where the log should go on: in the ones beside it. */
    private List<String> withNeighbours(String name) {
        List<String> concerned = new ArrayList<>(List.of(name));
        List<String> segments = image.directories(Fixture.TARGET + "segment-");
        for (int i = 0; i < segments.size(); i++) {
            boolean beside = name.startsWith(segments.get(i))
                    || (i > 0 && name.startsWith(segments.get(i - 1)))
                    || (i + 1 < segments.size() && name.startsWith(segments.get(i + 1)));
            if (beside || (i == 0 && name.startsWith(Fixture.TARGET + "checkpoint-"))) {
                concerned.add(segments.get(i));
            }
        }
        return concerned;
    }

    /** Things that somebody, or another version, has left there. */
    Family stray(int weight) {
        List<Damage> all = new ArrayList<>();
        for (String name : new String[] {
            "segment-000099",
            "segment-99",
            "segment-old",
            "checkpoint-000099",
            "checkpoint-000099.tmp",
            "checkpoint-incoming.tmp",
            "set-aside",
            "lost+found",
            "partition-0000"
        }) {
            all.add(stray("empty directory", Fixture.TARGET + name, path -> Files.createDirectory(path)));
            all.add(stray("text file", Fixture.TARGET + name, path -> Files.writeString(path, "what?")));
        }
        for (String file : List.of(
                "segment-000099/19700102F.cq4",
                "checkpoint-000099/items",
                "limits.tmp",
                "high-water.tmp",
                "checkpoint-000099.tmp/items",
                "notes.txt",
                "epoch.tmp")) {
            all.add(stray("zeros", Fixture.TARGET + file, path -> Files.write(path, new byte[70_000])));
            all.add(stray("garbage", Fixture.TARGET + file, path -> Files.write(path, garbage(70_000))));
            all.add(stray("an empty file", Fixture.TARGET + file, path -> Files.write(path, new byte[0])));
        }
        for (String segment : fixture.segments()) {
            String parent = segment.substring(0, segment.lastIndexOf('/'));
            all.add(stray("garbage", parent + "/19700103F.cq4", path -> Files.write(path, garbage(70_000))));
            all.add(stray("text file", parent + "/notes.txt", path -> Files.writeString(path, "what?")));
        }
        for (String file : image.files(Fixture.TARGET)) {
            all.add(whole("a directory in place of " + file, withNeighbours(file), true, false, directory -> {
                Files.delete(directory.resolve(file));
                Files.createDirectory(directory.resolve(file));
            }));
        }
        for (String name :
                List.of("partition-0002", "partition-9999", "partition-xyz", "quarantine", "control", "tmp")) {
            all.add(stray("empty directory", name, path -> Files.createDirectory(path)));
        }
        for (String name : List.of("node.properties.tmp", "node.limits.tmp", "core", "partition-0002")) {
            all.add(stray("garbage", name, path -> Files.write(path, garbage(500))));
        }
        return ContentDamages.of("stray", weight, all);
    }

    /** Files that are there twice, or in each other's place. */
    Family duplicated(int weight) {
        List<Damage> all = new ArrayList<>();
        for (String kind : List.of("segment-", "checkpoint-")) {
            List<String> directories = image.directories(Fixture.TARGET + kind);
            for (String one : directories) {
                for (long number : new long[] {0, 1, 5, 17, 99}) {
                    String copy = String.format(Locale.ROOT, "%s%s%06d", Fixture.TARGET, kind, number);
                    if (!directories.contains(copy)) {
                        all.add(copied(one, copy));
                    }
                }
                for (String two : directories) {
                    if (one.compareTo(two) < 0) {
                        all.add(swapped(one, two, true));
                        all.add(copied(one, two));
                        all.add(copied(two, one));
                    }
                }
            }
        }
        for (String segment : fixture.segments()) {
            all.add(copied(segment, segment.replace("19700102F", "19700103F")));
        }
        for (String name : List.of("limits", "high-water")) {
            all.add(copied(Fixture.OTHER + name, Fixture.TARGET + name));
            all.add(swapped(Fixture.OTHER + name, Fixture.TARGET + name, false));
        }
        all.add(copied("node.limits", Fixture.TARGET + "limits"));
        all.add(copied(Fixture.TARGET + "limits", Fixture.TARGET + "high-water"));
        all.add(whole(
                "limits of a partition as the node's",
                List.of("node.limits"),
                true,
                true,
                copying(Fixture.TARGET + "limits", "node.limits")));
        all.add(copied(Fixture.OTHER.substring(0, 14), Fixture.TARGET.substring(0, 14)));
        all.add(swapped(Fixture.OTHER.substring(0, 14), Fixture.TARGET.substring(0, 14), false));
        all.add(copied(Fixture.TARGET.substring(0, 14), "partition-0002"));
        for (String segment : image.directories(Fixture.OTHER + "segment-")) {
            String name = segment.substring(Fixture.OTHER.length());
            all.add(copied(segment, Fixture.TARGET + name));
            all.add(copied(segment, Fixture.TARGET + "segment-000099"));
        }
        return ContentDamages.of("duplicate", weight, all);
    }

    private static Damage copied(String from, String to) {
        return whole(from + " copied to " + to, List.of(from, to), true, false, copying(from, to));
    }

    private static Damage.Change copying(String from, String to) {
        return directory -> {
            delete(directory.resolve(to));
            copy(directory.resolve(from), directory.resolve(to));
        };
    }

    private static Damage swapped(String one, String two, boolean sparesOther) {
        return whole(one + " and " + two + " swapped", List.of(one, two), sparesOther, false, directory -> {
            Path aside = directory.resolve("aside");
            Files.move(directory.resolve(one), aside);
            Files.move(directory.resolve(two), directory.resolve(one));
            Files.move(aside, directory.resolve(two));
        });
    }

    private interface Making {
        Path make(Path path) throws IOException;
    }

    private static Damage stray(String what, String name, Making making) {
        return whole("stray " + what + ": " + name, List.of(name), true, false, directory -> {
            Path path = directory.resolve(name);
            Files.createDirectories(path.getParent());
            if (!Files.exists(path)) {
                making.make(path);
            }
        });
    }

    private static Damage whole(
            String what, List<String> concerned, boolean sparesOther, boolean ofNode, Damage.Change change) {
        return new Damage(what, null, concerned, -1, sparesOther, ofNode, change);
    }

    private static byte[] garbage(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /**
     * All kinds of damage for a fixture. In the long run the small files are damaged in every way for one of them, and the newest
     * segment where it is the only one; elsewhere some are left out. A segment that is the only one is cut to every length everywhere.
     */
    static List<Family> all(Fixture fixture) {
        List<Family> families = new ArrayList<>();
        Image image = fixture.image();
        List<String> segments = fixture.segments();
        boolean one = segments.size() == 1;
        boolean whole = isWhole(fixture);
        for (String segment : segments) {
            ContentDamages damages = ContentDamages.ofSegment(segment, image.file(segment));
            boolean few =
                    !fixture.checkpoints().isEmpty() || (!one && segment.equals(segments.get(segments.size() - 1)));
            int step = few ? SOME : one && !whole ? MANY : 1;
            addAll(families, damages, 24 / segments.size(), step, one ? 1 : step);
            families.add(damages.flipsOfZeros(Math.max(1, 6 / segments.size())).every(FEW));
        }
        for (String checkpoint : fixture.checkpoints()) {
            addAll(families, ContentDamages.ofFile(checkpoint, image.file(checkpoint)), 24, 1);
        }
        int step = whole && fixture.end() == Fixture.End.KILLED ? 1 : SOME;
        for (String limits : List.of(Fixture.TARGET + "limits", "node.limits")) {
            addAll(families, ContentDamages.ofPages(limits, image.file(limits), 512), 3, step);
        }
        String mark = Fixture.TARGET + "high-water";
        addAll(families, ContentDamages.ofPages(mark, image.file(mark), 144), 3, step);
        addAll(families, ContentDamages.ofFile("node.properties", image.file("node.properties")), 3, step);
        FileDamages files = new FileDamages(fixture);
        families.add(files.missing(6));
        families.add(files.stray(6));
        families.add(files.duplicated(6));
        return families;
    }

    /** The two between which what may be missing differs most: nothing, and all from the damage on. */
    private static boolean isWhole(Fixture fixture) {
        return fixture.sync() == SyncPolicy.ALWAYS
                ? fixture.end() == Fixture.End.KILLED
                : fixture.sync() == SyncPolicy.OS && fixture.end() == Fixture.End.POWER_LOST;
    }

    private static void addAll(List<Family> families, ContentDamages damages, int weight, int step) {
        addAll(families, damages, weight, step, step);
    }

    private static void addAll(
            List<Family> families, ContentDamages damages, int weight, int step, int stepOfTruncations) {
        families.add(damages.flips(2 * weight).every(step));
        families.add(damages.truncations(weight).every(stepOfTruncations));
        families.add(damages.zeroes(Math.max(1, weight / 3)));
        families.add(damages.swaps(Math.max(1, weight / 3)));
    }
}
