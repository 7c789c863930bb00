package dev.holdfast.cli.shell;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/** What the shell needs of the console around it. */
public interface CommandRunner {

    /** A command line for these words: only the commands that they name need to be whole. */
    CommandLine commandLine(PrintWriter out, PrintWriter err, List<String> words);

    /** All commands with all options. */
    CommandLine everything();

    /** Ids of tasks and names of executors in the directory, for completion; never fails. */
    Names names(String data);

    /** @param taskIds the newest first */
    record Names(List<String> taskIds, List<String> executors) {

        public static final Names NONE = new Names(List.of(), List.of());
    }
}
