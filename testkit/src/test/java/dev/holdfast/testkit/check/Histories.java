package dev.holdfast.testkit.check;

import dev.holdfast.testkit.History;
import java.util.stream.Stream;

/** Histories in one line, for tests of what is checked in them. */
public final class Histories {

    private Histories() {}

    /** @param lines as a {@link History} takes them, with {@code |} between them; {@code ---} begins the next life */
    public static History history(String lines) {
        History history = new History();
        Stream.of(lines.split("\\|")).forEach(line -> {
            if (line.equals("---")) {
                history.nextLife();
            } else {
                history.add(line);
            }
        });
        return history;
    }
}
