package dev.holdfast.cli;

import dev.holdfast.storage.log.TaskId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Task ids on the command line, or on the standard input. */
final class TaskIds {

    private static final String STANDARD_INPUT = "-";
    private static final int MOST = 10_000_000;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec mixee;

    @Parameters(
            paramLabel = "ID",
            arity = "0..*",
            description =
                    "Task ids, as `tasks list -o ids` prints them; - reads them from the standard input, one a line.")
    private List<String> words = new ArrayList<>();

    boolean areGiven() {
        return !words.isEmpty();
    }

    /** Each once, in order. The standard input is read to its end before this returns: who writes it may hold a lock. */
    List<TaskId> read() throws IOException {
        Set<TaskId> ids = new LinkedHashSet<>();
        if (!words.contains(STANDARD_INPUT)) {
            words.forEach(word -> ids.add(parse(word, "ID=" + word)));
        } else if (words.size() > 1) {
            throw new ParameterException(mixee.commandLine(), "Ids and `-` go one without the other");
        } else {
            readLines(ids);
        }
        return List.copyOf(ids);
    }

    private void readLines(Set<TaskId> ids) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            if (!line.isBlank()) {
                ids.add(parse(line.strip(), "line=" + number + ", text=" + line));
            }
            if (ids.size() > MOST) {
                throw new ParameterException(mixee.commandLine(), "Too many ids at once: allowed are " + MOST);
            }
        }
    }

    private TaskId parse(String word, String where) {
        try {
            TaskId taskId = new TaskId(Long.parseLong(word));
            return TaskId.of(taskId.partition(), taskId.sequence());
        } catch (IllegalArgumentException notAnId) {
            throw new ParameterException(
                    mixee.commandLine(),
                    "Not a task id, nothing was done: " + where
                            + "; ids are positive numbers, `tasks list -o ids` prints them");
        }
    }
}
