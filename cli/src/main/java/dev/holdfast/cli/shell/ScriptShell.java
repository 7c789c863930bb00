package dev.holdfast.cli.shell;

import dev.holdfast.cli.console.ExitCodes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;

/** Commands from a pipe or a file, one on a line: the first failure ends it, unless it is to go on. */
final class ScriptShell {

    private final Session session;
    private final PrintWriter err;
    private final boolean keepGoing;

    ScriptShell(Session session, PrintWriter err, boolean keepGoing) {
        this.session = session;
        this.err = err;
        this.keepGoing = keepGoing;
    }

    /** Exit code of the first command that failed. */
    int run(BufferedReader commands) throws IOException {
        int first = ExitCodes.OK;
        int number = 0;
        String line = commands.readLine();
        while (line != null && !session.hasEnded()) {
            number++;
            int exitCode = session.run(line);
            if (exitCode != ExitCodes.OK) {
                err.println("holdfast: line " + number + " failed: exit code " + exitCode + ": " + line.strip());
                err.flush();
                first = first == ExitCodes.OK ? exitCode : first;
                if (!keepGoing) {
                    return first;
                }
            }
            line = session.hasEnded() ? null : commands.readLine();
        }
        return first;
    }
}
