package dev.holdfast.testkit.damage;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The process that a damaged file might crash: does many trials, and says before each which one it is. Arguments: folder,
 * fixtures (names, or {@code all}), {@code every} or how many to draw, seed, the number of the first trial, every how manieth is
 * done with a whole node too; of {@code every}, which of how many shares.
 */
final class DamageChild {

    /** A line is written whole before anything that follows. */
    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private final Path folder;
    private final int wholeNodeEvery;
    private final Map<Trial.Outcome, Integer> outcomes = new EnumMap<>(Trial.Outcome.class);
    private int trials;
    private int wholeNodes;

    private DamageChild(Path folder, int wholeNodeEvery) {
        this.folder = folder;
        this.wholeNodeEvery = wholeNodeEvery;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        FileDamages.delete(folder);
        Files.createDirectories(folder);
        List<Fixtures.Shape> shapes = args[1].equals("all")
                ? List.of(Fixtures.Shape.values())
                : Arrays.stream(args[1].split(",")).map(Fixtures.Shape::valueOf).toList();
        Fixtures fixtures = new Fixtures(folder);
        DamageChild child = new DamageChild(folder, Integer.parseInt(args[5]));
        int first = Integer.parseInt(args[4]);
        if (args[2].equals("every")) {
            for (Fixtures.Shape shape : shapes) {
                child.every(fixtures.make(shape), first, Integer.parseInt(args[6]), Integer.parseInt(args[7]));
            }
        } else {
            List<Fixture> made = new ArrayList<>();
            for (Fixtures.Shape shape : shapes) {
                made.add(fixtures.make(shape));
            }
            child.drawn(made, Integer.parseInt(args[2]), Long.parseLong(args[3]), first);
        }
        say("FIGURES trials=" + child.trials + ", whole nodes=" + child.wholeNodes + ", outcomes=" + child.outcomes);
        say("FINISHED");
    }

    private static void say(String line) {
        try {
            OUT.write((line.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void drawn(List<Fixture> fixtures, int count, long seed, int first) throws Exception {
        List<List<Family>> families = fixtures.stream().map(FileDamages::all).toList();
        for (int number = first; number < count; number++) {
            SplittableRandom random = new SplittableRandom(seed + number);
            int fixture = random.nextInt(fixtures.size());
            Family family = draw(families.get(fixture), random);
            trial(number, fixtures.get(fixture), family.of().apply(random.nextInt(family.size())));
        }
    }

    private static Family draw(List<Family> families, SplittableRandom random) {
        List<Family> some =
                families.stream().filter(family -> family.size() > 0).toList();
        int left = random.nextInt(some.stream().mapToInt(Family::weight).sum());
        for (Family family : some) {
            left -= family.weight();
            if (left < 0) {
                return family;
            }
        }
        throw new IllegalStateException("Weights do not add up");
    }

    private void every(Fixture fixture, int first, int share, int shares) throws Exception {
        int number = 0;
        for (Family family : FileDamages.all(fixture)) {
            for (int i = 0; i < family.size(); i += family.step()) {
                if (number >= first && number % shares == share) {
                    trial(number, fixture, family.of().apply(i));
                }
                number++;
            }
        }
    }

    private void trial(int number, Fixture fixture, Damage damage) throws IOException, InterruptedException {
        say("TRIAL " + number + " " + fixture + ", " + damage.what());
        Trial trial = new Trial(fixture, damage, folder.resolve("trial-" + number));
        try {
            outcomes.merge(trial.run(), 1, Integer::sum);
        } catch (IOException | RuntimeException | AssertionError | InternalError e) {
            trial.violations().add("an exception that nobody expects: " + e + " at " + List.of(e.getStackTrace()));
        }
        trial.violations().forEach(violation -> say("VIOLATION " + number + " " + violation));
        trial.clean();
        trials++;
        if (trials % wholeNodeEvery == 0) {
            wholeNode(number, fixture, damage);
        }
    }

    private void wholeNode(int number, Fixture fixture, Damage damage) throws IOException, InterruptedException {
        Path directory = folder.resolve("node-" + number);
        NodeTrial trial = new NodeTrial(fixture, damage, directory);
        try {
            trial.run();
        } catch (IOException | RuntimeException | AssertionError | InternalError e) {
            trial.violations().add("an exception that nobody expects: " + e + " at " + List.of(e.getStackTrace()));
        }
        trial.violations().forEach(violation -> say("VIOLATION " + number + " whole node: " + violation));
        FileDamages.delete(directory);
        wholeNodes++;
    }
}
