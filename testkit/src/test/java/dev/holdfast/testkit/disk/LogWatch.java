package dev.holdfast.testkit.disk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What becomes of the segments and checkpoints of a node, by listing them again and again while it lives. It counts what it is
 * sure of, which may be less than what happened. One thread looks, any may ask.
 */
final class LogWatch {

    private static final Pattern FILE = Pattern.compile("(segment|checkpoint)-(\\d+)(\\.tmp)?");

    private final Path data;
    private final Consumer<String> changed;
    private final Set<String> published = new TreeSet<>();

    /** Of each partition the newest segment that there was before. */
    private final Map<String, Long> base = new HashMap<>();

    private final Map<String, Long> oldest = new HashMap<>();
    private final Map<String, Long> newest = new HashMap<>();
    private Set<String> names = new TreeSet<>();
    private boolean looked;
    private volatile int rolls;
    private volatile int checkpoints;
    private volatile int deleted;
    private long replaced;
    private volatile boolean writing;

    /** @param changed told of each name that is new, or gone */
    LogWatch(Path data, Consumer<String> changed) {
        this.data = data;
        this.changed = changed;
    }

    /** Segments that were ended for another one, at least: one that was made ahead may not have been begun. */
    int rolls() {
        return rolls;
    }

    /** That were published. */
    int checkpoints() {
        return checkpoints;
    }

    /** Segments that were deleted because a checkpoint is in their place. */
    int deleted() {
        return deleted;
    }

    /** Whether a checkpoint was being written at the last look. */
    boolean isWriting() {
        return writing;
    }

    void look() throws IOException {
        Set<String> now = new TreeSet<>();
        boolean unpublished = false;
        if (Files.isDirectory(data)) {
            try (DirectoryStream<Path> partitions = Files.newDirectoryStream(data, "partition-*")) {
                for (Path partition : partitions) {
                    unpublished |= look(partition, now);
                }
            }
        }
        writing = unpublished;
        checkpoints = published.size();
        deleted = (int) replaced;
        rolls = newest.entrySet().stream()
                .mapToInt(each -> (int) Math.max(0, each.getValue() - base.getOrDefault(each.getKey(), 0L) - 2))
                .sum();
        tell(now);
        looked = true;
    }

    /** Whether a checkpoint is being written. */
    private boolean look(Path partition, Set<String> now) throws IOException {
        String name = String.valueOf(partition.getFileName());
        NavigableSet<Long> segments = new TreeSet<>();
        TreeMap<Long, String> done = new TreeMap<>();
        boolean unpublished = false;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(partition)) {
            for (Path file : files) {
                Matcher matcher = FILE.matcher(String.valueOf(file.getFileName()));
                if (!matcher.matches()) {
                    continue;
                }
                now.add(name + "/" + matcher.group());
                long number = Long.parseLong(matcher.group(2));
                if (matcher.group(3) != null) {
                    unpublished = true;
                } else if (matcher.group(1).equals("segment")) {
                    segments.add(number);
                } else {
                    done.put(number, name + "/" + number);
                }
            }
        }
        if (looked) {
            published.addAll(done.values());
        }
        note(name, segments, !done.isEmpty());
        return unpublished;
    }

    private void note(String partition, NavigableSet<Long> segments, boolean hasCheckpoint) {
        if (segments.isEmpty()) {
            return;
        }
        base.putIfAbsent(partition, looked ? segments.first() - 1 : segments.last());
        newest.merge(partition, segments.last(), Math::max);
        Long before = oldest.put(partition, segments.first());
        if (hasCheckpoint && before != null && segments.first() > before) {
            replaced += segments.first() - before;
        }
    }

    private void tell(Set<String> now) {
        Set<String> before = names;
        names = now;
        now.stream().filter(name -> !before.contains(name)).forEach(changed);
        before.stream().filter(name -> !now.contains(name)).forEach(changed);
    }
}
