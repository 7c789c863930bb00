package dev.holdfast.testkit.damage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happens to a directory.
 *
 * @param what for messages, with file and place
 * @param file the file whose content changes, by its name in the directory; null where files come, go or change places
 * @param concerned files and directories of which one is to be named by whoever refuses
 * @param offset of the first byte that changes in it, or -1
 * @param sparesOther whether the second partition has to serve all the same
 * @param ofNode whether it is in a file of the whole node: then all of it may refuse
 * @param change does it
 */
record Damage(
        String what,
        @Nullable String file,
        List<String> concerned,
        long offset,
        boolean sparesOther,
        boolean ofNode,
        Change change) {

    /** Said of what is in none of our frames. */
    static final String CHRONICLE = "of Chronicle's own";

    /** Changes files below a directory. */
    @FunctionalInterface
    interface Change {
        void on(Path directory) throws IOException;
    }

    /** Of the content of one file. */
    static Damage in(String file, String how, long offset, Change change) {
        return new Damage(
                how + ", file=" + file + ", offset=" + offset,
                file,
                List.of(file),
                offset,
                !file.startsWith(Fixture.OTHER),
                file.startsWith("node."),
                change);
    }

    /** Whether {@code name} is one of those, is in one, or is the directory of one. */
    boolean concerns(String name) {
        return concerned.stream()
                .anyMatch(each -> name.equals(each) || name.startsWith(each + "/") || each.startsWith(name + "/"));
    }

    /**
     * Whether it is in a frame: there the place that is named can not be behind what changed. Where a document of Chronicle's own
     * has another length, the reader lands somewhere else first.
     */
    boolean isInFrames() {
        boolean ofLog = file != null && (file.endsWith(".cq4") || file.endsWith("items"));
        return ofLog && !what.contains(CHRONICLE);
    }
}
